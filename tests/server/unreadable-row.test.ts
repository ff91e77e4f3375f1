/** One row that cannot be read holds up no long work: a round that begins, an update, what is done daily. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { DatabaseUnavailableError } from '../../src/lib/server/database/database';
import { askRenewal } from '../../src/lib/server/feeds/renew';
import { eachReadable } from '../../src/lib/server/readable';
import { metricsText } from '../../src/lib/server/metrics/metrics';
import { doorList } from '../../src/lib/server/desk/register-list';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { approveBulk, markOpened, startBulk } from '../../src/lib/server/review/bulk';
import { queue } from '../../src/lib/server/review/queue';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { closeRound, listRounds, startRound } from '../../src/lib/server/rounds/rounds';
import { keepHouse } from '../../src/lib/server/sync/housekeeping';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { openWorkedOffice } from './damage-for-tests';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { visitBody } from './phone-for-tests';

let here: TestOffice | undefined;
let logged: string[] = [];

beforeEach(() => {
  logged = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    logged.push(String(line));
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await here?.close();
  here = undefined;
});

/** Cuts what the register has of a resident; the answer puts it back. */
async function cut({ office }: TestOffice, id: string): Promise<() => Promise<unknown>> {
  const { body } = await office.database.read((db) =>
    db.selectFrom('resident').select('body').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  await office.database.write((tx) => sql`UPDATE resident SET body = substr(body, 1, 20) WHERE id = ${id}`.execute(tx));
  return () => office.database.write((tx) => tx.updateTable('resident').set({ body }).where('id', '=', id).execute());
}

const leftOut = () => logged.filter((line) => line.includes('"left-out"')).map((line): unknown => JSON.parse(line));

test('a round begins with every door that can be read, and check finds the others once they can', async () => {
  here = await openTestOffice({ doorsEach: 6 });
  const { office, accounts, grids, communityId } = here;
  const damaged = at(here.doors, 0);
  const mend = await cut(here, damaged.households[0]?.residents[0]?.id ?? '');

  const round = { name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds: [...grids] };
  expect(await startRound(office, accounts.coordinator, round)).toEqual({ id: expect.any(String) as string });

  expect(await office.database.read((db) => listRounds(db, communityId))).toMatchObject([{ starting: false }]);
  const [all, counted] = await office.database.read((db) =>
    Promise.all([
      db.selectFrom('dwelling').select('id').where('id', '<>', damaged.id).orderBy('id').execute(),
      db.selectFrom('door_state').select('dwelling_id as id').orderBy('id').execute(),
    ]),
  );
  expect(all).toHaveLength(11);
  expect(counted).toEqual(all);
  expect(leftOut()).toMatchObject([{ work: 'round', type: 'dwelling', id: damaged.id }]);

  expect((await checkOffice(office)).renewing).toEqual([]);
  await mend();
  expect((await checkOffice(office)).findings).toContainEqual(
    expect.objectContaining({ check: 'doors', subject: `dwelling ${damaged.id}` }),
  );
});

test('a database that is busy leaves nothing out of long work', async () => {
  const busy = new DatabaseUnavailableError('SQLITE_BUSY');
  const left: string[] = [];
  await expect(
    eachReadable(
      ['a', 'b'],
      () => Promise.reject(busy),
      (id) => void left.push(id),
    ),
  ).rejects.toBe(busy);
  expect(left).toEqual([]);
});

test('a grid is told of its round though one of its buildings cannot be read', async () => {
  here = await openTestOffice();
  const { office, accounts, grids } = here;
  await office.database.write((tx) => sql`UPDATE building SET plan = '[{'`.execute(tx));
  await startRound(office, accounts.coordinator, {
    ...{ name: '冬季核实', kind: 'full', closesOn: '2099-12-31' },
    gridIds: [...grids],
  });
  const told = await office.database.read((db) =>
    db.selectFrom('feed_item').select('body').where('type', '=', 'grid').execute(),
  );
  expect(told.map(({ body }) => body.includes('冬季核实'))).toEqual(grids.map(() => true));
});

test('an update tells anew all that can be read, and check looks at the whole office again', async () => {
  here = await openWorkedOffice();
  const { office } = here;
  const damaged = at(here.doors, 0);
  await cut(here, damaged.households[0]?.residents[1]?.id ?? '');
  await office.database.write(async (tx) => {
    await sql`UPDATE feed_item SET body = '{"was":1,' || substr(body, 2) WHERE gone = 0`.execute(tx);
    await tx.updateTable('community').set({ told_shape: 0 }).execute();
  });
  const old = () =>
    office.database.read(async (db) => {
      const rows = await db.selectFrom('feed_item').select(['type', 'item_id', 'body']).where('gone', '=', 0).execute();
      return rows.filter(({ body }) => body.startsWith('{"was"')).map(({ type, item_id }) => `${type} ${item_id}`);
    });
  expect(await old()).not.toEqual([]);

  await askRenewal(office);
  await runAfterwork(office);

  expect(await old()).toEqual([`dwelling ${damaged.id}`]);
  expect(leftOut()).toContainEqual(expect.objectContaining({ work: 'renew', type: 'dwelling', id: damaged.id }));
  const { renewing, findings } = await checkOffice(office);
  expect(renewing).toEqual([]);
  const beside = at(here.doors, 3).id;
  await office.database.write((tx) =>
    sql`UPDATE feed_item SET body = '{"lost":true}' WHERE item_id = ${beside}`.execute(tx),
  );
  const subjects = (list: readonly { subject: string }[]) => list.filter(({ subject }) => subject.includes(beside));
  expect(subjects(findings)).toEqual([]);
  expect(subjects((await checkOffice(office)).findings)).not.toEqual([]);
});

test('what is done daily is done though one person cannot be read', async () => {
  here = await openWorkedOffice();
  const { office } = here;
  const damaged = at(here.doors, 0).households[0]?.residents[1]?.id ?? '';
  await cut(here, damaged);
  await office.database.write(async (tx) => {
    await tx.updateTable('resident').set({ number_hash: null }).execute();
    await tx.updateTable('community').set({ told_shape: 0 }).execute();
  });
  const tuned = vi.spyOn(office.database, 'tune');

  const end = keepHouse(office);
  await vi.waitFor(() => expect(tuned).toHaveBeenCalled(), { timeout: 20_000 });
  end();
  await afterworkDone(office);

  const open = await office.database.read((db) =>
    db.selectFrom('resident').select('id').where('number_hash', 'is', null).execute(),
  );
  expect(open).toEqual([{ id: damaged }]);
  expect((await checkOffice(office)).renewing).toEqual([]);
});

test('what is told of one door is damaged: phones get all else and their receipts, and it is told anew', async () => {
  here = await openTestOffice();
  const { office, accounts } = here;
  const damaged = at(here.doors, 0).id;
  await office.database.write((tx) =>
    sql`UPDATE feed_item SET body = substr(body, 1, length(body) - 1) WHERE item_id = ${damaged}`.execute(tx),
  );
  const phone = here.phone(accounts.worker);
  expect(await phone.push(await phone.knocksInVain(at(here.doors, 1)))).toMatchObject([{ status: 'stored' }]);
  await phone.pull(2);
  const told = () => [...phone.items.keys()].filter((key) => key.includes(' dwelling ')).length;
  expect(told()).toBe(here.doors.length - 1);
  expect(leftOut()).toContainEqual({ event: 'left-out', work: 'sync', type: 'dwelling', id: damaged });
  expect((await metricsText(office)).text).toMatch(/qiaomen_alarms_total\{reason="unreadable item"\} [1-9]/);
  const subject = `grid/${here.grids[0]} dwelling ${damaged}`;
  const { findings } = await checkOffice(office);
  expect(findings).toContainEqual(expect.objectContaining({ subject, what: 'its body cannot be read' }));

  // As docs/operations.md has it.
  await office.database.write((tx) => tx.updateTable('community').set({ told_shape: 0 }).execute());
  await askRenewal(office);
  await runAfterwork(office);
  await phone.pull();
  expect(told()).toBe(here.doors.length);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

const cuts: [string, string][] = [
  ['a door', `UPDATE dwelling SET body = substr(body, 1, length(body) - 1) WHERE id = 'DOOR'`],
  ['somebody at it', `UPDATE resident SET body = substr(body, 1, length(body) - 1) WHERE dwelling_id = 'DOOR'`],
  ['a record', `UPDATE revision SET text = substr(text, 1, length(text) - 1) WHERE submission_id = 'RECORD'`],
];

test.each(cuts)('the desk goes on with all else where %s cannot be read', async (_, statement) => {
  here = await openTestOffice();
  const { office, accounts, communityId } = here;
  const phone = here.phone(accounts.worker);
  const records = await Promise.all(here.doors.map((door) => phone.verifies(door)));
  await phone.push(...records);
  await runAfterwork(office);
  const [door, record] = [at(here.doors, 0).id, at(records, 0).id];
  await office.database.write((tx) =>
    sql.raw(statement.replaceAll('DOOR', door).replaceAll('RECORD', record)).execute(tx),
  );
  const others = records.slice(1).map(({ id }) => id);

  const { rows } = await office.database.read((db) => queue(db, communityId, {}));
  expect(rows.map(({ id }) => id).sort()).toEqual(records.map(({ id }) => id).sort());
  const page = await reviewPage(office, accounts.coordinator, {}, 'zh-CN');
  expect(page.lines).toHaveLength(records.length);
  expect(others).toContain(page.shown?.id);
  const listed = (await doorList(office, accounts.coordinator, {}, 'zh-CN')).doors.map(({ id }) => id);
  for (const other of here.doors.slice(1)) expect(listed).toContain(other.id);
  expect(await doorList(office, accounts.coordinator, { text: '8979' }, 'zh-CN')).toHaveProperty('total');

  const { members } = await startBulk(office, accounts.coordinator, {});
  expect(members.map(({ id }) => id).sort()).toEqual(others.sort());
  expect(leftOut()).toContainEqual(expect.objectContaining({ work: 'bulk', type: 'submission', id: record }));
});

test('a bulk passes what can be read, though one of it cannot be any more', async () => {
  here = await openTestOffice();
  const { office, accounts } = here;
  const phone = here.phone(accounts.worker);
  const records = await Promise.all(here.doors.map((door) => phone.verifies(door)));
  await phone.push(...records);
  await runAfterwork(office);
  const bulk = await startBulk(office, accounts.coordinator, {});
  for (const id of bulk.sample) await markOpened(office, accounts.coordinator, bulk.id, id);
  const damaged = at(bulk.members, 1).id;
  await office.database.write((tx) =>
    sql`UPDATE revision SET text = substr(text, 1, length(text) - 1) WHERE submission_id = ${damaged}`.execute(tx),
  );
  const answer = await approveBulk(office, accounts.coordinator, bulk.id);
  expect(answer).toMatchObject({ leftOut: [{ id: damaged, why: 'unreadable' }] });
  const approved = 'approved' in answer ? answer.approved : [];
  expect(approved).toEqual(bulk.members.flatMap(({ id }) => (id === damaged ? [] : [id])));
});

test('the review queue shows a visit of somebody who cannot be read, and all that waits beside it', async () => {
  here = await openTestOffice();
  const { office, accounts, communityId } = here;
  const head = at(at(at(here.doors, 0).households, 0).residents, 0).id;
  const [volunteer, phone] = [here.phone(accounts.volunteer), here.phone(accounts.worker)];
  const visit = await volunteer.revision({
    kind: 'care-visit',
    form: { id: 'care-visit', version: 1 },
    target: { type: 'resident', id: head },
    body: visitBody(),
  });
  const other = await phone.verifies(at(here.doors, 1));
  expect([...(await volunteer.push(visit)), ...(await phone.push(other))]).toMatchObject([
    { status: 'stored' },
    { status: 'stored' },
  ]);
  await cut(here, head);
  const { rows } = await office.database.read((db) => queue(db, communityId, {}));
  const listed = new Map(rows.map(({ id, person }) => [id, person]));
  expect(listed).toEqual(new Map([visit, other].map(({ id }) => [id, null])));
});

test('an approval goes through, and doors count, though a round of earlier cannot be read', async () => {
  here = await openTestOffice();
  const { office, accounts, grids } = here;
  const start = async (name: string) => {
    const round = { name, kind: 'full' as const, closesOn: '2099-12-31', gridIds: [...grids] };
    const answer = await startRound(office, accounts.coordinator, round);
    return 'id' in answer ? answer.id : '';
  };
  const earlier = await start('春季核实');
  await closeRound(office, accounts.coordinator, earlier);
  const now = await start('冬季核实');
  const counted = () =>
    office.database.read((db) =>
      db
        .selectFrom('door_state')
        .select(['round_id', 'dwelling_id', 'outcome'])
        .orderBy('round_id')
        .orderBy('dwelling_id')
        .execute(),
    );
  const before = await counted();
  const { grid_ids } = await office.database.read((db) =>
    db.selectFrom('round').select('grid_ids').where('id', '=', earlier).executeTakeFirstOrThrow(),
  );
  const set = (text: string) =>
    office.database.write((tx) => tx.updateTable('round').set({ grid_ids: text }).where('id', '=', earlier).execute());
  await set(grid_ids.slice(0, -1));

  const phone = here.phone(accounts.worker);
  const door = at(here.doors, 0);
  const record = await phone.verifies(door);
  expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(office);
  expect(await new DeskForTests(here).approve(record.id)).toHaveProperty('done');
  await runAfterwork(office);
  expect(await counted()).toEqual(
    before.map((row) => (row.round_id === now && row.dwelling_id === door.id ? { ...row, outcome: 'verified' } : row)),
  );
  expect((await checkOffice(office)).findings).toContainEqual(
    expect.objectContaining({ check: 'stored', subject: `round ${earlier}`, what: 'its grid_ids cannot be read' }),
  );
  await set(grid_ids);
  expect((await checkOffice(office)).findings).toEqual([]);
});
