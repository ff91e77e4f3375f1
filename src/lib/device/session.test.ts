import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { finishSignOut, lastAccount, signOut, useWorld } from './session';
import { signIn, unsentElsewhere, unsentWork } from './sign-in';
import { FakeOffice } from './testing/fake-office';
import { id, knock, noOneHome } from './testing/fixtures';
import { openTestPhone } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';

const asked: { address: string; body: unknown }[] = [];
let reply: (address: string) => Response | null = () => null;

beforeEach(async () => {
  asked.length = 0;
  reply = (address) => (address.endsWith('sign-in/username') ? signedIn('u1') : Response.json({ success: true }));
  await useWorld(
    makeTestWorld(1, (address, init) => {
      asked.push({ address, body: JSON.parse(String(init.body)) });
      const response = reply(address);
      return response ? Promise.resolve(response) : Promise.reject(new TypeError('offline'));
    }),
  );
});

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
    ['trouble', () => new Response('<html>', { status: 200 })],
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
    reply = () => Response.json({ success: true });
    await signOut();
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
    await signOut();
    expect(await lastAccount()).toBeNull();
    asked.length = 0;
    reply = () => Response.json({ success: true });
    await finishSignOut();
    await finishSignOut();
    expect(asked).toEqual([{ address: '/api/auth/sign-out', body: {} }]);
  });

  it('ends no session of who signed in since', async () => {
    await signIn('grid1', 'x');
    reply = () => null;
    await signOut();
    reply = () => signedIn('u3');
    await signIn('grid3', 'x');
    asked.length = 0;
    await finishSignOut();
    expect(asked).toEqual([]);
  });
});
