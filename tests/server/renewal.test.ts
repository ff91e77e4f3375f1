/** After an update of the office: feeds that an older version told are told anew, while phones push and pull. */
import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import { checkOffice } from '../../src/lib/server/check/check-office';
import type { DoorStateTable } from '../../src/lib/server/database/tables';
import { shapeOfBodies } from '../../src/lib/server/feeds/bodies/shape';
import { askRenewal } from '../../src/lib/server/feeds/renew';
import { type Office, openOffice } from '../../src/lib/server/office';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { retireSubmissions } from '../../src/lib/server/sync/retire';
import { canonicalJson } from '../../src/lib/sync/digest';
import { itemSchemas } from '../../src/lib/sync/items';
import { openWorkedOffice } from './damage-for-tests';
import { DeskForTests } from './desk-for-tests';
import { at, type TestOffice } from './office-for-tests';
import { visitBody } from './phone-for-tests';

let here: TestOffice;
beforeEach(async () => {
  here = await openWorkedOffice();
});
afterEach(() => here.close());

type Told = { feed_id: string; type: string; item_id: string; version: number; body: string; gone: number };

const items = async ({ database }: Office): Promise<Map<string, Told>> => {
  const rows = await database.read((db) => db.selectFrom('feed_item').selectAll().execute());
  return new Map(rows.map((row) => [`${row.feed_id} ${row.type} ${row.item_id}`, row]));
};

/** As an older version had told them: each in other words, but for one door. */
async function toldByAnOlderVersion({ database }: Office, untouched: string): Promise<void> {
  await database.write(async (tx) => {
    await sql`UPDATE feed_item SET body = '{"was":1,' || substr(body, 2) WHERE gone = 0 AND item_id <> ${untouched}`.execute(
      tx,
    );
    await tx.updateTable('community').set({ told_shape: 0 }).execute();
  });
}

const renewals = ({ database }: Office) =>
  database.read((db) => db.selectFrom('afterwork').selectAll().where('kind', '=', 'renew').execute());

const start = async (office: Office) => {
  await askRenewal(office);
  while (await runAfterwork(office)) await new Promise((resolve) => setImmediate(resolve));
};

test('phones are told every item anew, and what says nothing new keeps its version', async () => {
  const { office, accounts } = here;
  const same = at(here.doors, 3).id;
  const before = await items(office);
  await toldByAnOlderVersion(office, same);
  const phone = here.phone(accounts.worker);
  await phone.pull();
  expect([...phone.items.values()].some((body) => 'was' in body)).toBe(true);

  await start(office);

  await phone.pull();
  expect([...phone.items.values()].filter((body) => 'was' in body)).toEqual([]);

  const after = await items(office);
  expect(new Map([...after].map(([key, { body, gone }]) => [key, { body, gone }]))).toEqual(
    new Map([...before].map(([key, { body, gone }]) => [key, { body, gone }])),
  );
  for (const [key, { version, gone, item_id }] of after) {
    const was = before.get(key)?.version ?? 0;
    if (item_id === same || gone === 1) expect(version, key).toBe(was);
    else expect(version, key).toBeGreaterThan(was);
  }
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

test('what an older version made of records is worked out anew', async () => {
  const { office, communityId } = here;
  const held = () =>
    office.database.read(async (db) => ({
      states: await db.selectFrom('door_state').selectAll().orderBy('round_id').orderBy('dwelling_id').execute(),
      plans: await db.selectFrom('care_plan').select(['resident_id', 'next_on']).execute(),
    }));
  const before = await held();
  await office.database.write(async (tx) => {
    await tx.updateTable('door_state').set({ outcome: 'refused', next_visit: '2031-01-01', coverage: '{}' }).execute();
    await tx.updateTable('care_plan').set({ next_on: '2031-01-01' }).execute();
    await tx.updateTable('community').set({ told_shape: 0 }).execute();
  });
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [communityId] });
  await start(office);
  expect(await held()).toEqual(before);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

test.each([
  ['counted otherwise', { outcome: 'refused' as const, coverage: '{}' }],
  ['left out of the round', null],
])('a door that is only proposed, which an older version had %s, is counted anew', async (_, older) => {
  const { office, grids } = here;
  const target = { type: 'dwelling', id: office.world.uuid() };
  const place = { compound: '东街', building: '1', unit: '3', floor: 5, room: '501' };
  const phone = here.phone(here.accounts.worker);
  const body = { outcome: 'no-one-home', dwelling: { gridId: grids[0], ...place } };
  expect(await phone.push(await phone.revision({ target, body }))).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(office);
  const counted = () =>
    office.database.read((db) =>
      db.selectFrom('door_state').selectAll().where('dwelling_id', '=', target.id).executeTakeFirst(),
    );
  const before = await counted();
  expect(before).toMatchObject({ submission_id: expect.any(String) });
  await office.database.write(async (tx) => {
    if (older) await tx.updateTable('door_state').set(older).where('dwelling_id', '=', target.id).execute();
    else await tx.deleteFrom('door_state').where('dwelling_id', '=', target.id).execute();
  });
  const subject = `dwelling ${target.id}`;
  expect(await checkOffice(office)).toMatchObject({ findings: [{ check: 'doors', subject }] });
  await office.database.write((tx) => tx.updateTable('community').set({ told_shape: 0 }).execute());
  await start(office);
  expect(await counted()).toEqual(before);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

test('a door proposed where the compound is written otherwise, which version 3 counted in no building, is counted in that one', async () => {
  const { office } = here;
  const { id, record } = await proposesWithSuffix(here);
  expect(await here.phone(here.accounts.worker).push(record)).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(office);
  const counted = () =>
    office.database.read((db) => db.selectFrom('door_state').selectAll().where('dwelling_id', '=', id).execute());
  const before = await counted();
  expect(before).toMatchObject([{ building_id: here.buildings[0] }]);
  await office.database.write(async (tx) => {
    await tx.updateTable('door_state').set({ building_id: '' }).where('dwelling_id', '=', id).execute();
    await tx.updateTable('community').set({ told_shape: 3 }).execute();
  });
  await start(office);
  expect(await counted()).toEqual(before);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

test('until then the check says that feeds are being renewed, and nothing else of them; what is damaged beside is found', async () => {
  const { office, communityId } = here;
  await toldByAnOlderVersion(office, '');
  await office.database.write((tx) => sql`DELETE FROM feed_item WHERE type = 'code-list'`.execute(tx));
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [communityId] });
  const door = at(here.doors, 3).id;
  await office.database.write((tx) => sql`DELETE FROM feed_item WHERE item_id = ${door}`.execute(tx));
  const { findings } = await checkOffice(office);
  expect(findings.map(({ subject, what }) => `${subject} ${what}`)).toContain(
    `dwelling ${door} is not told in the feed of its grid alone`,
  );
});

test('what was cut short goes on at the next start, and phones push and pull meanwhile', async () => {
  const { office, communityId, accounts } = here;
  await toldByAnOlderVersion(office, '');
  await askRenewal(office);
  const killed = new Error('killed');
  const phone = here.phone(accounts.worker);
  const pushed = await phone.knocksInVain(at(here.doors, 1));
  let pieces = 0;
  const dies = runAfterwork(office, async () => {
    pieces += 1;
    if (pieces === 3) expect(await phone.push(pushed)).toMatchObject([{ status: 'stored' }]);
    if (pieces === 4) throw killed;
  });
  await expect(dies).rejects.toBe(killed);
  const begun = await renewals(office);
  expect(begun).toHaveLength(1);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [communityId] });

  await askRenewal(office);
  expect(await renewals(office)).toEqual(begun);
  await start(office);
  expect(await renewals(office)).toEqual([]);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
  await phone.pull();
  expect([...phone.items.values()].filter((body) => 'was' in body)).toEqual([]);
});

test('what a version in between began is begun anew', async () => {
  const { office, communityId } = here;
  await toldByAnOlderVersion(office, '');
  const row = { community_id: communityId, submission_id: '0/4/', kind: 'renew', at: '2026-01-01T00:00:00.000Z' };
  await office.database.write((tx) => tx.insertInto('afterwork').values(row).execute());
  await start(office);
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});

test('of several processes one does it', async () => {
  const { office } = here;
  const other = await openOffice(office.configuration, office.world);
  try {
    await toldByAnOlderVersion(office, '');
    let pieces = 0;
    const turn = () => Promise.resolve(void (pieces += 1));
    await Promise.all([office, other].map(askRenewal));
    expect(await renewals(office)).toHaveLength(1);
    await Promise.all([office, other].map((one) => runAfterwork(one, turn)));
    await start(office);
    const once = pieces;
    expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });

    await toldByAnOlderVersion(office, '');
    pieces = 0;
    await askRenewal(office);
    await runAfterwork(office, turn);
    expect(once).toBe(pieces);
  } finally {
    await other.database.close();
  }
});

test('[RES-1] a backup that an older version told is told anew after it was put back', async () => {
  const { office, communityId } = here;
  const folder = mkdtempSync(join(tmpdir(), 'qiaomen-renewal-'));
  try {
    await toldByAnOlderVersion(office, '');
    const file = join(folder, 'older.backup');
    await writeBackup(office, 'test', file);
    await start(office);
    await restoreLines(office.database, office.world, linesOfFile(file), { replace: true });
    expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [communityId] });
    await start(office);
    expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('[DEV-4] a record that left its author’s feed does not come back', async () => {
  const { office } = here;
  here.forward(100 * 24 * 3600 * 1000);
  expect(await retireSubmissions(office)).toBeGreaterThan(0);
  const told = async () =>
    [...(await items(office)).values()].filter(({ type, gone }) => type === 'submission' && gone === 0);
  const before = (await told()).map(({ item_id }) => item_id).sort();
  await toldByAnOlderVersion(office, '');
  await start(office);
  expect((await told()).map(({ item_id }) => item_id).sort()).toEqual(before);
});

/** What a red one of the two tests below asks for. */
const raise =
  'Phones are told something else now, or rounds count doors otherwise, and offices that are updated do what is old anew only under a higher number: raise `shapeOfBodies` ' +
  '(feeds/bodies/shape.ts), then note it here with the new digests (where only a newer Zod writes schemas otherwise: the digest alone).';

const digestOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);

test('items of another shape than those of this number have another number', () => {
  const shapes = Object.entries(itemSchemas).map(([type, schema]) => [
    type,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  ]);
  expect({ shapeOfBodies, digest: digestOf(shapes) }, raise).toEqual({ shapeOfBodies: 4, digest: 'TkKLEjscX4mx' });
});

test('items and rounds that say of the same office something else than those of this number have another number', async () => {
  const same = await openSameOffice();
  try {
    const told = await items(same.office);
    const said = [...told.values()].filter(({ gone }) => gone === 0).map(({ type, body }) => ({ type, body }));
    const digests = Object.entries(Object.groupBy(said, ({ type }) => type)).map(([type, all = []]) => [
      type,
      digestOf(all.map(({ body }) => canonicalJson(alike(JSON.parse(body)))).sort()),
    ]);
    const states = await same.office.database.read((db) => db.selectFrom('door_state').selectAll().execute());
    const rounds = digestOf(states.map((state) => canonicalJson(alike(opened(state)))).sort());
    expect({ shapeOfBodies, rounds, ...Object.fromEntries(digests) }, raise).toEqual({
      shapeOfBodies: 4,
      rounds: 'YZMupYU5o7Sr',
      building: 'Zh5csUb653W5',
      'code-list': 'VsNC-ribyJtY',
      community: 'kf6gB2-2abz6',
      dwelling: '90LDUudAgHj0',
      form: 'JC1qlLUc0xaC',
      grid: 'qIE5rKu71D7n',
      profile: '3bMykNP60YcC',
      recipient: 'OgXCpBXP6ojz',
      submission: 'quQLv-YrunKl',
    });
  } finally {
    await same.close();
  }
});

/** Its coverage and its tries as they are, not as texts: the times in them are new each time. */
function opened({ coverage, attempts, listed, ...state }: Selectable<DoorStateTable>): unknown {
  return { ...state, held: [coverage, attempts, listed].map((text): unknown => JSON.parse(text)) };
}

/** Of a door that the register lacks, in a building of it, the compound written the other way. */
async function proposesWithSuffix({ office, phone, accounts, grids }: TestOffice) {
  const id = office.world.uuid();
  const place = { gridId: grids[0], compound: '东街小区', building: '1', unit: '3', floor: 9, room: '901' };
  const body = { outcome: 'no-one-home', dwelling: place };
  return { id, record: await phone(accounts.worker).revision({ target: { type: 'dwelling', id }, body }) };
}

/** The same whenever it is opened, but for ids, keys and the time of day; visits in and out of order, a number in a note, a door that is proposed. */
async function openSameOffice(): Promise<TestOffice> {
  const same = await openWorkedOffice({ on: '2026-06-01' });
  const { office, accounts } = same;
  const cared = at(same.doors, 0).households[0]?.residents[0];
  const target = { type: 'resident', id: cared?.id };
  const volunteer = same.phone(accounts.volunteer);
  const visits = [
    { visitedAt: '2026-05-28T10:00:00+08:00', nextVisit: '2026-06-20' },
    { visitedAt: '2026-05-30T10:00:00+08:00', outcome: 'not-met' },
    { visitedAt: '2026-05-29T10:00:00+08:00', nextVisit: '2026-06-25' },
  ];
  for (const visit of visits) {
    const body = { ...visitBody(`${cared?.idNumber}说好`), ...visit };
    const record = await volunteer.revision({ kind: 'care-visit', target, body });
    await volunteer.push(record);
    await new DeskForTests(same).approve(record.id);
  }
  await same.phone(accounts.worker).push((await proposesWithSuffix(same)).record);
  const note = { entity: 'dwelling', id: at(same.doors, 3).id, field: 'note', reason: '核对' } as const;
  await correctValue(office, accounts.coordinator, { ...note, value: `房东 ${cared?.idNumber}` });
  await runAfterwork(office);
  return same;
}

/** Lists that say something by their order; all others stand by ids, which are new each time. */
const ordered = new Set(['attempts', 'comments', 'contacts', 'corrections', 'path', 'visits']);

/** Without what is new each time: ids, digests, keys, times of the day, the order of lists that have none. `under`: the name of what holds it. */
function alike(value: unknown, under = ''): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/T\d\d:\d\d:\d\d(\.\d+)?/g, 'T<time>')
      .replaceAll(/[\w+/=-]{40,}/g, '<digest>');
  if (Array.isArray(value)) {
    const all = value.map((held: unknown) => alike(held));
    return ordered.has(under) ? all : all.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [alike(key), key === 'rescueKey' ? '<key>' : alike(held, key)]),
  );
}
