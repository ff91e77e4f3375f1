import 'fake-indexeddb/auto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { AccountBook } from './account-book';
import { Dexie } from './dexie';
import { enterAgain, finishSignOut, hearOfSessions, lastAccount, signOut, useWorld } from './session';
import { markOwed, settleOwed } from './owed-mark';
import { signIn, unsentElsewhere, unsentWork } from './sign-in';
import { FakeOffice } from './testing/fake-office';
import { id, knock, noOneHome } from './testing/fixtures';
import { openTestPhone } from './testing/open-test-phone';
import { makeTestWorld, type TestWorld } from './testing/test-world';
import { openWord } from './word';

const asked: { address: string; body: unknown }[] = [];
let reply: (address: string) => Response | null = () => null;

beforeEach(async () => {
  asked.length = 0;
  reply = (address) => (address.endsWith('sign-in/username') ? signedIn('u1') : Response.json({ signedOut: true }));
  await useWorld(
    makeTestWorld(1, (address, init) => {
      asked.push({ address, body: JSON.parse(String(init.body)) });
      const response = reply(address);
      return response ? Promise.resolve(response) : Promise.reject(new TypeError('offline'));
    }),
  );
});

afterAll(() => useWorld(makeTestWorld()));

const signedIn = (user: string) => Response.json({ token: 't', user: { id: user, name: '张三', username: 'grid1' } });

describe('signing in', () => {
  it('asks the office once; afterwards the app opens for the account without it', async () => {
    expect(await signIn('grid1', 'secret')).toEqual({ accountId: 'u1' });
    expect(asked).toEqual([{ address: '/api/auth/sign-in/username', body: { username: 'grid1', password: 'secret' } }]);
    reply = () => null;
    expect(await lastAccount()).toEqual({ id: 'u1', username: 'grid1', name: '张三' });
  });

  const answers: [string, () => Response | null][] = [
    ['wrong', () => new Response('{}', { status: 401 })],
    ['offline', () => null],
    ['offline', () => new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })], // a portal
    ['trouble', () => new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } })],
    ['trouble', () => new Response('{}', { status: 500 })],
    ['trouble', () => Response.json({ user: { id: '../../etc' } })],
  ];
  it.each(answers)('says %s', async (error, answer) => {
    reply = answer;
    expect(await signIn('grid1', 'x')).toEqual({ error });
  });
});

describe('signing out', () => {
  it('shows nothing to the next person, keeps unsent work, and says that it waits', async () => {
    const office = new FakeOffice();
    office.allow('u2', []);
    reply = () => signedIn('u2');
    await signIn('grid2', 'x');
    const phone = await openTestPhone(office, 'u2');
    office.fault = () => ({ kind: 'no-connection' });
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.keepDraft(knock(id(901), id(12), noOneHome));
    await phone.close();
    expect(await unsentWork('u2')).toEqual({ accountId: 'u2', count: 1, drafts: 1 });
    reply = () => Response.json({ signedOut: true });
    await signOut('u2');
    expect(await lastAccount()).toBeNull();
    expect(await unsentElsewhere()).toEqual([{ accountId: 'u2', count: 1, drafts: 1 }]);
    const names = JSON.stringify(await indexedDB.databases());
    expect(names).not.toContain('grid2');
    reply = () => signedIn('u2');
    await signIn('grid2', 'x');
    const again = await openTestPhone(office, 'u2');
    expect(again.syncState().waiting).toBe(1);
    expect(await again.drafts()).toHaveLength(1);
    await again.close();
  });

  it('tells the office later when there is no connection', async () => {
    await signIn('grid1', 'x');
    reply = () => null;
    await signOut('u1');
    expect(await lastAccount()).toBeNull();
    asked.length = 0;
    reply = () => Response.json({ signedOut: true });
    await finishSignOut();
    await finishSignOut();
    expect(asked).toEqual([{ address: '/api/auth/sign-out', body: {} }]);
  });

  describe('whose store is cleared before the office hears of it', () => {
    const cleared = async (world: TestWorld) => {
      await useWorld(makeTestWorld());
      await Dexie.delete('qiaomen-device');
      await useWorld(world);
      asked.length = 0;
    };
    const answering = () =>
      makeTestWorld(5, (address, init) => {
        asked.push({ address, body: JSON.parse(String(init.body)) });
        const response = reply(address);
        return response ? Promise.resolve(response) : Promise.reject(new TypeError('offline'));
      });

    it('[DEV-13] is told of by what outlived the store, until the office says that the session is over', async () => {
      const world = answering();
      await useWorld(world);
      await signIn('grid1', 'x');
      reply = () => null;
      markOwed();
      await signOut('u1');
      await cleared(world);
      await settleOwed();
      reply = () => new Response('<html>', { status: 200 });
      await settleOwed();
      reply = () => Response.json({ signedOut: true });
      await settleOwed();
      await settleOwed();
      expect(asked).toEqual(Array(3).fill({ address: '/api/auth/sign-out', body: {} }));
      expect(await lastAccount()).toBeNull();
    });

    it('ends no session of who signed in since, nor one that the office has ended', async () => {
      const world = answering();
      await useWorld(world);
      await signIn('grid1', 'x');
      markOwed();
      await signOut('u1');
      await signIn('grid1', 'x');
      await cleared(world);
      await settleOwed();
      expect(asked).toEqual([]);
      await signIn('grid1', 'x');
      reply = () => Response.json({ signedOut: true });
      markOwed();
      await signOut('u1');
      await finishSignOut();
      await settleOwed();
      await cleared(world);
      await settleOwed();
      expect(asked).toEqual([]);
    });
  });

  it('ends no session of who signed in at the desk since: the office has settled what was owed', async () => {
    const world = makeTestWorld(6, (address, init) => {
      asked.push({ address, body: JSON.parse(String(init.body)) });
      return Promise.reject(new TypeError('offline'));
    });
    await signIn('grid1', 'x');
    await useWorld(world);
    markOwed();
    await signOut('u1');
    await finishSignOut();
    expect(asked.at(-1)?.address).toBe('/api/auth/sign-out');
    asked.length = 0;
    world.cookie('qiaomen-owed').write('none'); // as the office's answer does
    await finishSignOut();
    await settleOwed();
    expect(asked).toEqual([]);
    expect(await lastAccount()).toBeNull();
    await useWorld(makeTestWorld());
    await Dexie.delete('qiaomen-device');
    await useWorld(world);
    await settleOwed();
    expect(asked).toEqual([]);
  });

  it('ends no session of who signed in since', async () => {
    await signIn('grid1', 'x');
    reply = () => null;
    await signOut('u1');
    reply = () => signedIn('u3');
    await signIn('grid3', 'x');
    asked.length = 0;
    await finishSignOut();
    expect(asked).toEqual([]);
  });

  it('is owed until the office itself says that the session is over', async () => {
    await signIn('grid1', 'x');
    await signOut('u1');
    const portals = [
      () => new Response('<html>', { status: 200 }),
      () => Response.json({}),
      () => new Response('{}', { status: 401 }),
      () => null,
    ];
    for (const portal of portals) {
      reply = portal;
      await finishSignOut();
    }
    asked.length = 0;
    reply = () => Response.json({ signedOut: true });
    await finishSignOut();
    await finishSignOut();
    expect(asked).toHaveLength(1);
  });

  it('an answer that comes late ends what it was asked for, and not a later sign-out', async () => {
    const book = new AccountBook(makeTestWorld(7));
    await signIn('grid1', 'x');
    await signOut('u1');
    const first = await book.owedSignOut();
    await signIn('grid1', 'x');
    expect(await book.owedSignOut()).toBeNull();
    await signOut('u1');
    await book.signOutDone(first ?? '');
    expect(await book.owedSignOut()).not.toBeNull();
    await book.close();
  });

  it('takes nothing from who signs in while the office is being told', async () => {
    const aborted = Promise.withResolvers<string>();
    const asking = Promise.withResolvers<undefined>();
    await useWorld(
      makeTestWorld(3, (address, { signal }) => {
        if (!address.endsWith('sign-out')) return Promise.resolve(signedIn('u4'));
        asking.resolve(undefined);
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => {
            aborted.resolve(address);
            reject(new Error('aborted'));
          });
        });
      }),
    );
    await signIn('grid4', 'x');
    await signOut('u4');
    const telling = finishSignOut();
    await asking.promise;
    expect(await signIn('grid4', 'x')).toEqual({ accountId: 'u4' });
    expect(await aborted.promise).toBe('/api/auth/sign-out');
    await telling;
  });

  it('[DEV-13] no cookie opens the app again for who signed out, and nothing forgets that the office is to be told', async () => {
    await signIn('grid1', 'x');
    reply = () => null;
    await signOut('u1');
    expect(await enterAgain('u1')).toBe(false);
    expect(await enterAgain('somebody')).toBe(false);
    expect(await lastAccount()).toBeNull();
    asked.length = 0;
    await finishSignOut();
    expect(asked).toEqual([{ address: '/api/auth/sign-out', body: {} }]);
  });

  it('opens again without a password only where the whole store was cleared', async () => {
    await signIn('grid1', 'x');
    await useWorld(makeTestWorld(4));
    await Dexie.delete('qiaomen-device');
    expect(await enterAgain('u1')).toBe(true);
    expect(await lastAccount()).toMatchObject({ id: 'u1' });
    expect(await enterAgain('u2')).toBe(false);
  });

  it('a window that had not heard of it signs nobody else out', async () => {
    await signIn('grid1', 'x');
    reply = () => signedIn('u3');
    await signIn('grid3', 'x');
    await signOut('u1');
    expect(await lastAccount()).toMatchObject({ id: 'u3' });
    asked.length = 0;
    await finishSignOut();
    expect(asked).toEqual([]);
  });
});

describe('other windows of this browser', () => {
  it('[DEV-13] hear that somebody signed in or out, when it stands in the book', async () => {
    const other = openWord();
    const heard = async (act: () => Promise<unknown>) => {
      const word = Promise.withResolvers<undefined>();
      other.listen(() => word.resolve(undefined));
      await act();
      await word.promise;
      return lastAccount();
    };
    expect(await heard(() => signIn('grid1', 'x'))).toMatchObject({ id: 'u1' });
    expect(await heard(() => signOut('u1'))).toBeNull();
    const told = Promise.withResolvers<undefined>();
    hearOfSessions(() => told.resolve(undefined));
    other.tell();
    await told.promise;
    other.close();
  });
});
