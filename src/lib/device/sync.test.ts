import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import type { SyncRequest } from '../sync/protocol';
import { Connection } from './connection';
import { filterOf } from './door-work';
import { PhoneDatabase } from './database';
import { openItemRow } from './item-row';
import { PAGES } from './question';
import { dwelling, GRID_FEED, household, id, knock, noOneHome, resident } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled } from './testing/test-world';
import { openVault } from './vault';

const offline = { kind: 'no-connection' } as const;
const tooLarge = { kind: 'refused', status: 413, retryAfterMs: null } as const;
const refused = (status: number, retryAfterMs: number | null = null) => ({
  kind: 'refused' as const,
  status,
  retryAfterMs,
});
const carries = (request: SyncRequest, draft: string) => request.push.some((entry) => entry.id === draft);

async function aPhone(app?: string) {
  const account = newAccount();
  const office = officeWithDoors(account);
  const phone = await openTestPhone(office, account, { app });
  return { account, office, phone };
}

/** A phone with `count` saved revisions that have not gone out yet. */
async function withUnsent(count: number) {
  const parts = await aPhone();
  parts.office.fault = () => offline;
  for (let n = 0; n < count; n += 1) await parts.phone.save(knock(id(900 + n), id(11), { ...noOneHome, note: `${n}` }));
  await settled();
  await parts.phone.world.advance(600_000);
  // No run is under way afterwards that a test would join, and then wait for one more.
  await parts.phone.syncNow();
  parts.office.fault = () => null;
  parts.office.requests.length = 0;
  return parts;
}

describe('receipts', () => {
  it('[DEV-3] an entry leaves the outbox only by a receipt with its digest', async () => {
    const { office, phone } = await withUnsent(1);
    office.fault = () => ({
      kind: 'answer',
      answer: {
        protocol: 1,
        account: phone.accountId,
        epoch: 'epoch-1',
        clock: 0,
        receipts: [{ id: id(900), revision: 1, digest: 'of something else', status: 'stored' }],
        wanted: [],
        feeds: [],
        left: [],
      },
    });
    await phone.syncNow();
    expect(phone.register.record(id(900))?.state).toBe('on-this-phone');
    expect(phone.syncState().waiting).toBe(1);
    office.fault = () => null;
    await phone.syncNow();
    expect(phone.register.record(id(900))?.state).toBe('at-the-office');
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    await phone.close();
  });

  it('[DEV-1] receipts are stored though the items of the answer are not, which come again', async () => {
    const { office, phone } = await withUnsent(1);
    office.publish(GRID_FEED, 'dwelling', id(15), dwelling(15, { room: '501', floor: 5 }));
    const broken = PhoneDatabase.prototype.transaction;
    const disk = { full: true };
    PhoneDatabase.prototype.transaction = function (this: PhoneDatabase, ...parts: Parameters<typeof broken>) {
      const tables: unknown[] = parts;
      const storesItems = parts[0] === 'rw' && tables.some((table) => isTable(table, 'items'));
      if (disk.full && storesItems) throw new DOMException('full', 'QuotaExceededError');
      return broken.apply(this, parts);
    } as typeof broken;
    try {
      await phone.syncNow();
      expect(office.stored.size).toBe(1);
      expect(phone.syncState()).toMatchObject({ phase: 'trouble', waiting: 0 });
      expect(phone.register.record(id(900))?.state).toBe('at-the-office');
      disk.full = false;
      await phone.syncNow();
      expect(phone.syncState().phase).toBe('idle');
      expect(phone.register.door(id(15))).not.toBeNull();
    } finally {
      PhoneDatabase.prototype.transaction = broken;
    }
    await phone.close();
  });

  it('[REC-2] pushes again what got no receipt, and the office has it once', async () => {
    const { office, phone } = await withUnsent(3);
    office.fault = (_, number) => (number <= 2 ? 'lose-answer' : null);
    await phone.syncNow();
    await phone.world.advance(600_000);
    expect(office.stored.size).toBe(3);
    expect(office.pushes.get(`${id(900)}/1`)).toBeGreaterThan(1);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    await phone.close();
  });

  it('marks what the office put into quarantine, with its problems', async () => {
    const { account, office, phone } = await aPhone();
    office.fault = (request) =>
      request.push.length === 0
        ? null
        : {
            kind: 'answer',
            answer: {
              protocol: 1,
              account,
              epoch: 'epoch-1',
              clock: 0,
              receipts: request.push.map(({ id, revision, digest }) => ({
                id,
                revision,
                digest,
                status: 'quarantined',
                problems: [{ path: ['note'], code: 'text', message: '' }],
              })),
              wanted: [],
              feeds: [],
              left: [],
            },
          };
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    expect(phone.register.record(id(900))).toMatchObject({ state: 'quarantined', problems: [{ code: 'text' }] });
    expect(phone.register.door(id(11))?.door.state.outcome).toBe('no-one-home');
    await phone.close();
  });
});

describe('what is kept and what goes', () => {
  it('[DEV-4] a sent revision goes only when the feed that held it lets it go', async () => {
    const { account, office, phone } = await withUnsent(1);
    await phone.syncNow();
    office.decide(id(900), 'approved', { decidedAt: '2026-11-23T12:00:00+08:00', by: '李' });
    await phone.syncNow();
    expect(phone.register.record(id(900))).toMatchObject({ state: 'approved', by: '李' });
    office.publish(`account/${account}`, 'submission', id(900), null);
    await phone.syncNow();
    expect(phone.register.record(id(900))).toBeNull();
    await phone.close();
  });

  it('[DEV-4] a sent revision whose submission was never held after the receipt stays', async () => {
    const { account, office, phone } = await withUnsent(1);
    office.fault = (request) =>
      request.push.length > 0
        ? {
            kind: 'answer',
            answer: {
              protocol: 1,
              account,
              epoch: 'epoch-1',
              clock: 0,
              receipts: request.push.map(({ id, revision, digest }) => ({ id, revision, digest, status: 'stored' })),
              wanted: [],
              feeds: [{ id: `account/${account}`, version: 1, more: false, changes: [] }],
              left: [],
            },
          }
        : null;
    await phone.syncNow();
    await phone.syncNow();
    expect(phone.register.record(id(900))?.state).toBe('at-the-office');
    await phone.close();
  });

  it('[DEV-5] a feed that was taken away goes with its cursor; own work on it stays', async () => {
    const { account, office, phone } = await aPhone();
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    office.allow(account, []);
    await phone.syncNow();
    expect(phone.register.buildings()).toEqual([]);
    expect(phone.register.record(id(900))).toMatchObject({ state: 'at-the-office', body: noOneHome });
    await phone.syncNow();
    expect(Object.keys(office.requests.at(-1)?.have ?? {})).toEqual([`account/${account}`]);
    await phone.close();
    office.fault = () => offline;
    const again = await openTestPhone(office, account);
    expect(again.register.buildings()).toEqual([]);
    expect(again.register.search('王', 5)).toEqual([]);
    await again.close();
  });

  it('[DEV-16] a door that two feeds tell is there while one of them has it', async () => {
    const { account, office, phone } = await aPhone();
    const other = `grid/${id(3)}`;
    office.publish(other, 'dwelling', id(11), dwelling(11, { gridId: id(3), room: '301', note: 'moved' }));
    office.allow(account, [GRID_FEED, other]);
    await phone.syncNow();
    expect(phone.register.door(id(11))?.door.note).toBe('moved');
    office.allow(account, [GRID_FEED]);
    await phone.syncNow();
    expect(phone.register.door(id(11))?.door.note).toBe('');
    await phone.close();
  });

  it('[DEV-16] a door that moves to another grid is there in whichever order the two feeds tell it', async () => {
    for (const arrivesFirst of [true, false]) {
      const account = newAccount();
      const office = officeWithDoors(account);
      const other = `grid/${id(3)}`;
      office.allow(account, [GRID_FEED, other]);
      const phone = await openTestPhone(office, account);
      const steps = [
        () => office.publish(other, 'dwelling', id(11), dwelling(11, { gridId: id(3), room: '301', note: 'moved' })),
        () => office.publish(GRID_FEED, 'dwelling', id(11), null),
      ];
      for (const step of arrivesFirst ? steps : steps.reverse()) {
        step();
        await phone.syncNow();
      }
      expect(phone.register.door(id(11))?.door.note).toBe('moved');
      await phone.close();
    }
  });

  it('[FEED-7] an item of an unknown type, and what does not parse, is kept whole and shown nowhere', async () => {
    const { account, office, phone } = await aPhone();
    office.publish(`account/${account}`, 'medal', id(500), { colour: 'green', more: [1] });
    office.publish(GRID_FEED, 'dwelling', id(12), { ...dwelling(12), floor: 'upstairs' });
    await phone.syncNow();
    expect(
      phone.register.board(id(2))?.units.flatMap(({ floors }) => floors.flatMap(({ doors }) => doors)),
    ).toHaveLength(3);
    expect(phone.register.buildings()[0]?.doors).toBe(3);
    expect(phone.register.door(id(12))).toBeNull();
    await phone.close();
    const connection = new Connection(() => new PhoneDatabase(account), makeTestWorld());
    const rows = await connection.run((database) => database.items.toArray());
    const medal = rows.find(({ type }) => type === 'medal');
    expect(medal && (await openItemRow(openVault, medal)).body).toEqual({ colour: 'green', more: [1] });
    const odd = rows.find((row) => row.id === id(12));
    expect(odd && (await openItemRow(openVault, odd)).body).toMatchObject({ floor: 'upstairs' });
    await connection.close();
  });

  it('[FEED-7] a door whose use is new to this version is shown, and kept as it came', async () => {
    const { account, office, phone } = await aPhone();
    const told = { ...dwelling(12), use: 'houseboat' };
    office.publish(GRID_FEED, 'dwelling', id(12), told);
    await phone.syncNow();
    expect(phone.register.door(id(12))?.registered).toEqual(told);
    expect(phone.register.buildings()[0]?.doors).toBe(4);
    await phone.close();
    const connection = new Connection(() => new PhoneDatabase(account), makeTestWorld());
    const row = await connection.run((database) => database.items.get([GRID_FEED, 'dwelling', id(12)]));
    expect(row && (await openItemRow(openVault, row)).body).toEqual(told);
    await connection.close();
  });
});

describe('the picture of a door', () => {
  const correction = (phone: string) => ({
    outcome: 'verified',
    nextVisit: null,
    informant: { residentId: id(101), name: '曾小明', kind: 'member' },
    dwelling: {},
    households: [{ id: id(51), residents: [{ id: id(101), change: 'corrected', phone }] }],
    note: '',
    noticeGiven: true,
  });
  const phoneOf = (view: { door: { households: { residents: { phone: string }[] }[] } } | null) =>
    view?.door.households[0]?.residents[0]?.phone;

  it('[DEV-8] lies over the feed until it is approved or voided; a receipt alone changes no door', async () => {
    const { office, phone } = await aPhone();
    await phone.save(knock(id(900), id(12), correction('13700000001')));
    const seen = () => [phone.register.door(id(12))?.record?.state, phoneOf(phone.register.door(id(12)))];
    expect(phone.register.door(id(12))).toMatchObject({ onlyHere: true, registered: { id: id(12) } });
    await phone.syncNow();
    expect(seen()).toEqual(['at-the-office', '13700000001']);
    expect(phone.register.door(id(12))).toMatchObject({
      onlyHere: false,
      door: { state: { outcome: 'verified', changed: true } },
    });
    office.decide(id(900), 'returned', {
      comments: [{ path: ['note'], text: '请核对', by: '李', at: '2026-11-23T12:00:00+08:00' }],
    });
    await phone.syncNow();
    expect(seen()).toEqual(['returned', '13700000001']);
    expect(phone.register.buildings()[0]).toMatchObject({ returned: 1, verified: 0, toDo: 3 });
    // The board's filters count as home does: what is returned, once.
    const doors = phone.register.board(id(2))?.units.flatMap(({ floors }) => floors.flatMap((floor) => floor.doors));
    expect(doors?.map((view) => filterOf(view, true)).sort()).toEqual(['open', 'open', 'open', 'returned']);
    await phone.save(knock(id(901), id(12), correction('13700000002'), { submissionId: id(900) }));
    expect(seen()[1]).toBe('13700000002');
    await phone.syncNow();
    expect(phone.register.record(id(900))).toMatchObject({ revision: 2, state: 'at-the-office' });
    office.publish(
      GRID_FEED,
      'dwelling',
      id(12),
      dwelling(12, { room: '302', households: [household(51, resident(101, { phone: '13700000003' }))] }),
    );
    office.decide(id(900), 'approved', {
      corrections: [{ path: ['households', 0, 'residents', 0, 'phone'], value: '13700000003' }],
    });
    await phone.syncNow();
    expect(phone.register.record(id(900))).toMatchObject({
      state: 'approved',
      corrections: [{ value: '13700000003' }],
    });
    expect(phoneOf(phone.register.door(id(12)))).toBe('13700000003');
    await phone.close();
  });

  it('[DEV-8] what was voided is not shown on the door', async () => {
    const { office, phone } = await aPhone();
    await phone.save(knock(id(900), id(12), correction('13700000001')));
    await phone.syncNow();
    office.decide(id(900), 'voided');
    await phone.syncNow();
    expect(phoneOf(phone.register.door(id(12)))).toBe('13911112222');
    expect(phone.register.door(id(12))?.door.state.outcome).toBe('not-visited');
    await phone.close();
  });

  it('[DEV-17] a returned record that this phone does not hold opens from the feed', async () => {
    const { account, office, phone } = await aPhone();
    const saved = await phone.save(knock(id(900), id(12), correction('13700000001')));
    await phone.syncNow();
    office.decide(id(900), 'returned', { record: saved });
    await phone.close();
    const database = new PhoneDatabase(account);
    await database.sent.clear(); // as on the account's other phone
    database.close();
    const other = await openTestPhone(office, account);
    expect(other.register.record(id(900))).toMatchObject({ state: 'returned', body: saved.body, discardable: null });
    expect(phoneOf(other.register.door(id(12)))).toBe('13700000001');
    await other.close();
  });

  it('[TIME-1] of two records on one door the one saved later lies on top, whatever the clock said', async () => {
    const { phone } = await aPhone();
    await phone.world.advance(86_400_000);
    await phone.save(
      knock(id(900), id(11), { ...noOneHome, outcome: 'refused', visitedAt: '2026-12-01T10:00:00+08:00' }),
    );
    await phone.save(knock(id(800), id(11), { ...noOneHome, visitedAt: '2026-11-21T10:00:00+08:00' }));
    expect(phone.register.door(id(11))?.door.state.outcome).toBe('no-one-home');
    expect(phone.register.door(id(11))?.door.state.attempts).toHaveLength(2);
    await phone.close();
  });
});

describe('the loop', () => {
  it('[DEV-7] pushes with the first question, and goes on at once while there is more', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    office.pageAtMost = 2;
    const phone = await openTestPhone(office, account);
    expect(office.requests.length).toBeGreaterThan(2);
    expect(phone.register.buildings()[0]?.doors).toBe(4);
    expect(phone.syncState().nextTryAt).toBeNull();
    await phone.close();
  });

  it('[DEV-7] backs off when an answer promises more and moves nothing', async () => {
    const { office, phone } = await aPhone();
    office.requests.length = 0;
    office.fault = (request) => ({
      kind: 'answer',
      answer: {
        protocol: 1,
        account: phone.accountId,
        epoch: 'epoch-1',
        clock: 0,
        receipts: [],
        wanted: [],
        feeds: Object.entries(request.have).map(([feed, version]) => ({ id: feed, version, more: true, changes: [] })),
        left: [],
      },
    });
    await phone.syncNow();
    expect(office.requests).toHaveLength(1);
    expect(phone.syncState().phase).toBe('trouble');
    expect(phone.syncState().nextTryAt).not.toBeNull();
    await phone.close();
  });

  it('shows the first building after a small first page', async () => {
    const { office, phone } = await aPhone();
    expect(office.requests[0]).toMatchObject({ limit: PAGES.first, have: {}, epoch: null });
    await phone.syncNow();
    expect(office.requests.at(-1)?.limit).toBe(PAGES.usual);
    await phone.close();
  });

  it('[DEV-10] halves on 413 and sets aside what fails alone, when the rest goes without it', async () => {
    const { office, phone } = await withUnsent(9);
    office.fault = (request) => (carries(request, id(904)) ? tooLarge : null);
    await phone.syncNow();
    expect(office.stored.size).toBe(8);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 1 });
    expect(phone.register.record(id(904))?.state).toBe('set-aside');
    await phone.close();
  });

  it('[DEV-10] sets nothing aside when the request fails without it too', async () => {
    const { office, phone } = await withUnsent(4);
    office.fault = () => refused(400);
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'trouble', waiting: 4, setAside: 0 });
    expect(phone.syncState().nextTryAt).not.toBeNull();
    office.fault = () => null;
    await phone.syncNow();
    expect(office.stored.size).toBe(4);
    await phone.close();
  });

  it('[DEV-10] every new version of the app tries again what was set aside', async () => {
    const { account, office, phone } = await withUnsent(1);
    office.fault = (request) => (carries(request, id(900)) ? tooLarge : null);
    await phone.syncNow();
    expect(phone.syncState().setAside).toBe(1);
    await phone.close();
    office.fault = () => null;
    const same = await openTestPhone(office, account);
    expect(same.syncState().setAside).toBe(1);
    await same.close();
    const newer = await openTestPhone(office, account, { app: 'app-2' });
    expect(newer.syncState()).toMatchObject({ setAside: 0, waiting: 0 });
    expect(office.stored.size).toBe(1);
    await newer.close();
  });

  it('[DEV-11] what is no answer of the protocol changes nothing, and the next try is jittered', async () => {
    const { office, phone } = await aPhone();
    office.fault = () => offline;
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.save(knock(id(901), id(12), noOneHome));
    await settled();
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      await phone.syncNow();
      const { nextTryAt, phase, waiting } = phone.syncState();
      expect({ phase, waiting }).toEqual({ phase: 'offline', waiting: 2 });
      waits.push(Date.parse(nextTryAt ?? '') - phone.world.now());
    }
    expect(Math.max(...waits.slice(0, 2))).toBeLessThanOrEqual(8000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * 60_000);
    expect(Math.max(...waits)).toBeGreaterThan(10_000);
    office.fault = () => null;
    await phone.world.advance(5 * 60_000);
    await vi.waitFor(() => expect(office.stored.size).toBe(2));
    await phone.close();
  });

  it('[DEV-12] a late answer gives its receipts and nothing else', async () => {
    const { account, office, phone } = await withUnsent(1);
    const connection = new Connection(() => new PhoneDatabase(account), makeTestWorld());
    office.publish(GRID_FEED, 'dwelling', id(11), dwelling(11, { room: '301', note: 'late' }));
    const feed = GRID_FEED;
    office.fault = async (_, number) => {
      // Another tab stored a newer answer while this one was under way.
      if (number === 1) await connection.run((database) => database.cursors.put({ feed, version: 7 }));
      return null;
    };
    await phone.syncNow();
    expect(phone.syncState().waiting).toBe(0);
    expect(phone.register.door(id(11))?.door.note).toBe('');
    expect((await connection.run((database) => database.cursors.get(feed)))?.version).toBe(7);
    await connection.close();
    await phone.close();
  });

  it('[DEV-12] an answer to a question of the epoch before gives its receipts and nothing else', async () => {
    const { account, office, phone } = await withUnsent(1);
    const connection = new Connection(() => new PhoneDatabase(account), makeTestWorld());
    office.publish(GRID_FEED, 'dwelling', id(11), dwelling(11, { room: '301', note: 'late' }));
    office.fault = async (_, number) => {
      if (number > 1) return offline;
      // Another tab met the restored office while this one was under way; its feeds stand where they stood.
      await connection.run((database) => database.meta.put({ key: 'epoch', value: 'epoch-2' }));
      return null;
    };
    await phone.syncNow();
    expect(phone.syncState().waiting).toBe(0);
    expect(phone.register.door(id(11))?.door.note).toBe('');
    expect((await connection.run((database) => database.meta.get('epoch')))?.value).toBe('epoch-2');
    await connection.close();
    await phone.close();
  });

  it('[DEV-13] names the account, and throws away an answer for another one', async () => {
    const { office, phone } = await withUnsent(1);
    const stranger = officeWithDoors('stranger').sendAs('stranger');
    expect(office.requests.every(({ account }) => account === phone.accountId)).toBe(true);
    const answer = await stranger(
      JSON.stringify({
        protocol: 1,
        device: { id: id(1), app: '', clock: 0 },
        epoch: null,
        push: [],
        offer: [],
        have: {},
        limit: 9,
      }),
    );
    office.fault = () => answer;
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'signed-out', waiting: 1 });
    await phone.close();
  });

  it('[DEV-13] of two requests one is answered for another account: what it carried waits', async () => {
    const { office, phone } = await withUnsent(250);
    office.fault = ({ limit, push }) =>
      limit > 1
        ? null
        : {
            kind: 'answer',
            answer: {
              ...{ protocol: 1, account: 'stranger', epoch: 'epoch-1', clock: 0, wanted: [], feeds: [], left: [] },
              receipts: push.map(({ id, revision, digest }) => ({ id, revision, digest, status: 'quarantined' })),
            },
          };
    await phone.syncNow();
    expect(office.stored.size + phone.syncState().waiting).toBe(250);
    office.fault = () => null;
    await phone.syncNow();
    expect(office.stored.size).toBe(250);
    expect(phone.register.records().filter(({ state }) => state === 'at-the-office')).toHaveLength(250);
    await phone.close();
  });

  it('[DEV-14] a try that broke off halves batch and limit, and each success doubles them', async () => {
    const { office, phone } = await withUnsent(8);
    office.requests.length = 0;
    office.fault = (request) => (request.push.length > 2 ? { kind: 'broke-off' } : null);
    for (let tries = 0; tries < 8; tries += 1) await phone.syncNow();
    const sizes = office.requests.map(({ push, limit }) => [push.length, limit]);
    expect(sizes.slice(0, 3)).toEqual([
      [8, PAGES.usual],
      [4, PAGES.usual / 2],
      [2, PAGES.usual / 4],
    ]);
    expect(sizes[3]).toEqual([4, PAGES.usual / 2]);
    expect(office.stored.size).toBe(8);
    await phone.close();
  });

  it('[DEV-14] never asks for less than one revision and fifty changes', async () => {
    const { office, phone } = await withUnsent(8);
    office.requests.length = 0;
    office.fault = () => ({ kind: 'broke-off' });
    for (let tries = 0; tries < 10; tries += 1) await phone.syncNow();
    expect(office.requests.at(-1)?.push).toHaveLength(1);
    expect(office.requests.at(-1)?.limit).toBe(PAGES.least);
    await phone.close();
  });

  it('[DEV-14] on 5xx a revision that failed alone goes to the end of the queue', async () => {
    const { office, phone } = await withUnsent(4);
    office.fault = (request) => (carries(request, id(900)) ? refused(500) : null);
    for (let tries = 0; tries < 6; tries += 1) await phone.syncNow();
    expect(office.stored.size).toBe(3);
    expect(phone.syncState()).toMatchObject({ waiting: 1, setAside: 0 });
    await phone.close();
  });

  it('[DEV-14] what breaks off alone goes to the end of the queue, and the others are sent', async () => {
    const { office, phone } = await withUnsent(4);
    office.fault = (request) => (carries(request, id(900)) ? { kind: 'broke-off' } : null);
    for (let tries = 0; tries < 6; tries += 1) await phone.syncNow();
    expect([...office.stored.keys()].sort()).toEqual([901, 902, 903].map((n) => `${id(n)}/1`));
    expect(phone.syncState()).toMatchObject({ phase: 'offline', waiting: 1, setAside: 0 });
    office.fault = () => null;
    await phone.syncNow();
    expect(office.stored.size).toBe(4);
    await phone.close();
  });

  it('has two requests under way where the office answers well, and asks for all the news with the last', async () => {
    const { office, phone } = await withUnsent(450);
    let most = 0;
    let underWay = 0;
    const shown: { sent: number; sending: number; marked: number }[] = [];
    office.fault = async (_, number) => {
      const { sent, sending } = phone.syncState();
      shown.push({ sent, sending, marked: phone.register.records().filter(({ state }) => state === 'sending').length });
      most = Math.max(most, (underWay += 1));
      await settled();
      // The last overtakes the one before it, and is followed by one that asks for what it could not tell.
      while (number === 4 && office.stored.size < 350) await settled(1);
      underWay -= 1;
      return null;
    };
    await phone.syncNow();
    expect(office.requests.map(({ push, limit }) => [push.length, limit])).toEqual([
      [100, PAGES.usual],
      [100, PAGES.usual],
      [100, 1],
      [100, 1],
      [50, PAGES.usual],
      [0, PAGES.usual],
    ]);
    expect(most).toBe(2);
    expect(shown.slice(0, 5).map(({ sending }) => sending)).toEqual([450, 450, 450, 450, 450]);
    expect(shown.slice(0, 2).map(({ sent }) => sent)).toEqual([0, 100]);
    expect(Math.max(...shown.map(({ marked }) => marked))).toBeGreaterThanOrEqual(200);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    expect(office.stored.size).toBe(450);
    expect([...office.pushes.values()].every((times) => times === 1)).toBe(true);
    expect(phone.register.records().filter(({ state }) => state === 'at-the-office')).toHaveLength(450);
    await phone.close();
  });

  it('asks for news amid a long queue too, each only with the cursors of the one before it, so that no news come twice', async () => {
    const { account, office, phone } = await withUnsent(750);
    let asked = 0;
    office.fault = async ({ push }) => {
      const before = asked;
      asked += push.length;
      // One is stored after the other, so that the last speaks of all.
      while (office.stored.size < before) await settled(1);
      return null;
    };
    await phone.syncNow();
    const { usual } = PAGES;
    expect(office.requests.map(({ limit }) => limit)).toEqual([usual, usual, 1, 1, usual, 1, 1, usual]);
    const cursors = office.requests
      .filter(({ limit }) => limit === usual)
      .map(({ have }) => have[`account/${account}`]);
    expect(cursors).toEqual([0, 100, 200, 500]);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    expect(office.stored.size).toBe(750);
    await phone.close();
  });

  it.each([
    ['busy', refused(503, 60_000), 'busy'],
    ['broken off', { kind: 'broke-off' } as const, 'offline'],
    ['no answer of this office', offline, 'offline'],
  ])(
    '[DEV-14] of two requests one is answered and one %s: receipts are kept, the rest waits',
    async (_, fault, phase) => {
      const { office, phone } = await withUnsent(250);
      office.fault = ({ limit }) => (limit === 1 ? fault : null);
      await phone.syncNow();
      expect(office.stored.size).toBe(150);
      expect(phone.syncState()).toMatchObject({ phase, waiting: 100 });
      office.fault = () => null;
      await phone.world.advance(120_000);
      await phone.syncNow();
      expect(office.stored.size).toBe(250);
      expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
      await phone.close();
    },
  );

  it('[DEV-14] one of many handed over ahead fails: what was under way beside it is settled, nothing follows', async () => {
    const { office, phone } = await withUnsent(450);
    office.fault = (_, number) => (number === 3 ? refused(503, 60_000) : null);
    await phone.syncNow();
    expect(office.requests.map(({ push }) => push.length)).toEqual([100, 100, 100, 100]);
    expect(office.stored.size).toBe(300);
    expect(phone.syncState()).toMatchObject({ phase: 'busy', waiting: 150, sent: 300 });
    await phone.world.advance(120_000);
    await phone.syncNow();
    expect(office.stored.size).toBe(450);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    await phone.close();
  });

  it('[DEV-3] of two requests the one with news fails: the receipts of the other are kept', async () => {
    const { office, phone } = await withUnsent(250);
    office.fault = (request, number) => (number > 1 && request.limit > 1 ? { kind: 'broke-off' } : null);
    await phone.syncNow();
    expect(office.stored.size).toBe(200);
    expect(phone.syncState()).toMatchObject({ phase: 'offline', waiting: 50 });
    await phone.close();
  });

  it('[DEV-10] of two requests one holds a revision that the office cannot take: it alone is set aside', async () => {
    const { office, phone } = await withUnsent(250);
    office.fault = (request) => (carries(request, id(900 + 130)) ? refused(400) : null);
    for (let tries = 0; tries < 3; tries += 1) await phone.syncNow();
    expect(office.stored.size).toBe(249);
    expect(phone.syncState()).toMatchObject({ waiting: 0, setAside: 1 });
    await phone.close();
  });

  it('[DEV-10] the question without what failed alone goes by itself, also where two went before', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const phone = await openTestPhone(office, account, { pushAtMost: 1 });
    office.fault = () => offline;
    for (let n = 0; n < 5; n += 1) await phone.save(knock(id(900 + n), id(11), noOneHome));
    await settled();
    await phone.world.advance(600_000);
    office.fault = (request) => (carries(request, id(902)) ? refused(400) : null);
    office.requests.length = 0;
    await phone.syncNow();
    expect(office.stored.size).toBe(4);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 1 });
    expect(office.requests.length).toBeLessThan(12);
    await phone.close();
  });

  it('fills a request to 512 KiB and 100 revisions', async () => {
    const { office, phone } = await aPhone();
    office.fault = () => offline;
    const long = { ...noOneHome, note: '门'.repeat(50_000) }; // 150 KB
    for (let n = 0; n < 5; n += 1) await phone.save(knock(id(900 + n), id(11), long));
    for (let n = 0; n < 120; n += 1) await phone.save(knock(id(1000 + n), id(12), noOneHome));
    office.fault = () => null;
    office.requests.length = 0;
    await phone.syncNow();
    const pushes = office.requests.map(({ push }) => push.length).filter((length) => length > 0);
    expect(pushes).toEqual([3, 100, 22]);
    expect(Math.max(...office.texts.map((text) => new TextEncoder().encode(text).length))).toBeLessThan(1024 * 1024);
    await phone.close();
  });

  it('waits as long as the office says, even when asked', async () => {
    const { office, phone } = await withUnsent(1);
    office.requests.length = 0;
    office.fault = () => refused(503, 60_000);
    await phone.syncNow();
    expect(phone.syncState().phase).toBe('busy');
    office.fault = () => null;
    await phone.syncNow();
    expect(office.requests).toHaveLength(1);
    await phone.world.advance(59_000);
    expect(office.requests).toHaveLength(1);
    await phone.world.advance(600_000);
    expect(office.stored.size).toBe(1);
    await phone.close();
  });

  it('goes on offline after a 401, and sends when signed in again', async () => {
    const { office, phone } = await withUnsent(1);
    office.fault = () => ({ kind: 'signed-out' });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'signed-out', waiting: 1 });
    await phone.save(knock(id(950), id(12), noOneHome));
    expect(phone.register.door(id(12))?.door.state.outcome).toBe('no-one-home');
    office.fault = () => null;
    await phone.syncNow();
    expect(office.stored.size).toBe(2);
    await phone.close();
  });

  it('keeps everything when its protocol is not served any more', async () => {
    const { office, phone } = await withUnsent(1);
    office.fault = () => ({ kind: 'upgrade' });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'upgrade', waiting: 1 });
    expect(phone.register.buildings()).toHaveLength(1);
    await phone.close();
  });

  it('revoked: the register and what was sent go, drafts and unsent work stay', async () => {
    const { account, office, phone } = await aPhone();
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    office.fault = () => offline;
    await phone.save(knock(id(901), id(12), noOneHome));
    await phone.keepDraft(knock(id(902), id(13), { note: '…' }));
    office.fault = () => ({ kind: 'revoked', epoch: null });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', waiting: 1 });
    expect(phone.register.buildings()).toEqual([]);
    expect(phone.register.record(id(900))).toBeNull();
    expect(phone.register.record(id(901))).toMatchObject({ state: 'on-this-phone' });
    expect(await phone.drafts()).toMatchObject([{ id: id(902) }]);
    await phone.close();
    office.fault = () => null; // allowed again
    const again = await openTestPhone(office, account);
    expect(again.register.buildings()[0]?.doors).toBe(4);
    expect(office.stored.size).toBe(2);
    await again.close();
  });
});

describe('an office that was restored from a backup', () => {
  it('[SCO-5] [RES-2] says that the phone is out of use: what it may lack waits on, what it holds goes', async () => {
    const { account, office, phone } = await withUnsent(2);
    await phone.syncNow();
    office.restoreWithout(({ revision }) => revision.id === id(901));
    office.fault = () => ({ kind: 'revoked', epoch: office.epoch });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', waiting: 2, sent: 0 });
    expect(phone.register.records()).toMatchObject([{ state: 'on-this-phone' }, { state: 'on-this-phone' }]);
    expect(await phone.discard(id(900), 1)).toBeNull(); // it was handed to a request (DEV-15)
    office.fault = () => null; // allowed again
    await phone.syncNow();
    expect([...office.stored.keys()].sort()).toEqual([`${id(900)}/1`, `${id(901)}/1`]);
    expect(phone.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    office.fault = () => ({ kind: 'revoked', epoch: office.epoch });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ waiting: 0, sent: 0 });
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.records()).toEqual([]);
    await again.close();
  });

  it('[RES-2] gets what it lost and keeps what it has', async () => {
    const { office, phone } = await withUnsent(4);
    await phone.syncNow();
    office.restoreWithout(({ revision }) => revision.id === id(901) || revision.id === id(903));
    await phone.syncNow();
    expect([...office.stored.keys()].sort()).toEqual([900, 901, 902, 903].map((n) => `${id(n)}/1`));
    expect(office.pushes.get(`${id(900)}/1`)).toBe(1);
    expect(office.pushes.get(`${id(901)}/1`)).toBe(2);
    office.requests.length = 0;
    await phone.syncNow();
    expect(office.requests.at(-1)?.offer).toEqual([]);
    await phone.close();
  });

  it('[DEV-4] what was sent stays while the account feed is told anew in pages, and not yet to its end', async () => {
    const { account, office, phone } = await withUnsent(4);
    await phone.syncNow();
    office.restoreWithout(() => false);
    office.pageAtMost = 1;
    office.requests.length = 0;
    await phone.syncNow();
    // They are of the new epoch already while pages of the feed are still to come.
    const offered = office.requests.findLastIndex(({ offer }) => offer.length > 0);
    expect(offered).toBeGreaterThan(0);
    expect(office.requests.length - offered).toBeGreaterThan(4);
    const records = [900, 901, 902, 903].map((n) => phone.register.record(id(n)));
    expect(records.map((record) => record?.body)).toEqual(['0', '1', '2', '3'].map((note) => ({ ...noOneHome, note })));
    office.pageAtMost = Infinity;
    office.restoreWithout(({ revision }) => revision.id === id(902));
    await phone.syncNow();
    expect(office.stored.size).toBe(4);
    // Told to its end without it, in the present epoch: then it goes.
    office.publish(`account/${account}`, 'submission', id(900), null);
    await phone.syncNow();
    expect(phone.register.record(id(900))).toBeNull();
    expect(phone.register.record(id(902))?.body).toEqual({ ...noOneHome, note: '2' });
    await phone.close();
  });

  it('[RES-3] every feed is replaced whole', async () => {
    const { office, phone } = await aPhone();
    office.restoreWithout(() => false);
    office.publish(GRID_FEED, 'dwelling', id(11), null); // never was, as far as the backup knows
    await phone.syncNow();
    expect(phone.register.door(id(11))).toBeNull();
    expect(phone.register.buildings()[0]?.doors).toBe(3);
    await phone.close();
  });
});

describe('two tabs', () => {
  it('[DEV-6] one of them syncs at a time, and the other takes over', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const locks = navigator.locks;
    const first = await openTestPhone(office, account, { world: { ...makeTestWorld(1), locks } });
    const second = await openTestPhone(office, account, { world: { ...makeTestWorld(2), locks } });
    let running = 0;
    let most = 0;
    office.fault = () => {
      running += 1;
      most = Math.max(most, running);
      queueMicrotask(() => (running -= 1));
      return null;
    };
    await first.save(knock(id(900), id(11), noOneHome));
    await second.save(knock(id(901), id(12), noOneHome));
    await Promise.all([first.syncNow(), second.syncNow()]);
    expect(most).toBe(1);
    expect([...office.pushes.values()]).toEqual([1, 1]);
    await first.close();
    await second.save(knock(id(902), id(12), noOneHome));
    await second.syncNow();
    expect(office.stored.size).toBe(3);
    await second.close();
  });

  it('[DEV-6] a tab that holds the lock and is silent is taken over from', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const locks = navigator.locks;
    const frozen = Promise.withResolvers<null>();
    const held = locks.request(`qiaomen-sync-${account}`, () => frozen.promise).catch(() => 'taken');
    const world = { ...makeTestWorld(1), locks };
    const opening = openTestPhone(office, account, { world });
    await settled();
    expect(office.requests).toHaveLength(0);
    await world.advance(46_000);
    const phone = await opening;
    expect(phone.register.buildings()).toHaveLength(1);
    frozen.resolve(null);
    expect(await held).toBe('taken');
    await phone.close();
  });
});

function isTable(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && value.name === name;
}
