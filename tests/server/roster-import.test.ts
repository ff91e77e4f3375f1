import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCommunity } from '../../src/lib/server/accounts/communities';
import { readConfiguration } from '../../src/lib/server/configuration';
import type { Office } from '../../src/lib/server/office';
import { residentOf } from '../../src/lib/server/register/columns';
import { eraseResident } from '../../src/lib/server/register/erase';
import { insertHouseholds, updateDwelling, updateHousehold, updateResident } from '../../src/lib/server/register/rows';
import type { Origin } from '../../src/lib/server/register/provenance';
import { planImport, type ImportPlan } from '../../src/lib/server/roster/plan';
import { runImport } from '../../src/lib/server/roster/run';
import { openTestDatabase } from '../support/test-database';
import { makeWorld } from '../../src/lib/server/world';
import { readBytes, readTabs, type TableRow } from '../support/make-roster';

const fixtures = path.resolve('tests/fixtures/rosters');
const open: Office[] = [];

afterEach(async () => {
  for (const office of open.splice(0)) await office.database.close();
});

async function makeOffice(): Promise<{ office: Office; community: string }> {
  const world = makeWorld();
  const office = { world, database: await openTestDatabase(world), configuration: readConfiguration({}) };
  open.push(office);
  return { office, community: (await createCommunity(office, '东街社区')).id };
}

type Town = Awaited<ReturnType<typeof makeOffice>>;

async function planOf(
  { office, community }: Town,
  understanding: Awaited<ReturnType<typeof readBytes>>,
): Promise<ImportPlan> {
  return office.database.read((db) => planImport(db, community, understanding));
}

async function imported(town: Town, understanding: Awaited<ReturnType<typeof readBytes>>, confirmed?: Set<string>) {
  const plan = await planOf(town, understanding);
  await runImport(town.office, town.community, plan, { by: 'importer', confirmed });
  return plan;
}

/** `meanwhile` happens when the import has read the register and written nothing yet. */
async function importedWhile(
  town: Town,
  understanding: Awaited<ReturnType<typeof readBytes>>,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const { database } = town.office;
  let isOver = false;
  const write: typeof database.write = async (run) => {
    if (!isOver) {
      isOver = true;
      await meanwhile();
    }
    return database.write(run);
  };
  const beside = Object.create(database, { write: { value: write } }) as typeof database;
  const plan = await planOf(town, understanding);
  await runImport({ ...town.office, database: beside }, town.community, plan, { by: 'importer' });
}

async function sample(name: string) {
  return readBytes(await readFile(path.join(fixtures, name)), name);
}

async function counts({ office }: Town) {
  return office.database.read(async (db) => {
    const tables = ['grid', 'building', 'dwelling', 'household', 'resident', 'register_change', 'feed_item'] as const;
    const entries = [];
    for (const table of tables) {
      const { count } = await db
        .selectFrom(table)
        .select((by) => by.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      entries.push([table, count] as const);
    }
    return Object.fromEntries(entries);
  });
}

async function residentNamed({ office }: Town, name: string) {
  const row = await office.database.read((db) =>
    db.selectFrom('resident').selectAll().where('name', '=', name).executeTakeFirstOrThrow(),
  );
  return residentOf(row);
}

const said = (plan: ImportPlan) =>
  plan.changes.map(({ kind, name, field, before, after, held }) => ({ kind, name, field, before, after, held }));
const nothing = { grids: 0, buildings: 0, dwellings: 0, households: 0, residents: 0 };
const submission: Origin = {
  from: 'submission',
  since: '2026-11-01T00:00:00.000Z',
  by: 'worker',
  confirmedAt: '2026-11-01T00:00:00.000Z',
  confirmedBy: 'worker',
  how: { mode: 'in-person', informant: null },
};

const header = ['网格', '小区', '楼栋', '单元', '房号', '姓名', '身份证号', '关系', '电话', '关爱类别'];
const long = [
  '第一网格',
  '金山花园',
  '1号楼',
  '1单元',
  '101',
  '龙杰',
  '620799195403273977',
  '户主',
  '13900007273',
  '独居老人',
];
const wen = [
  '第一网格',
  '金山花园',
  '1号楼',
  '1单元',
  '101',
  '文佳佳',
  '620799196511204666',
  '配偶',
  '15800007741',
  null,
];
const peng = [
  '第一网格',
  '金山花园',
  '1号楼',
  '1单元',
  '102',
  '彭林文',
  '620799197310144112',
  '户主',
  '18100007981',
  null,
];
const table = (...rows: TableRow[]) => readTabs({ 名册: [header, ...rows] });
const changed = (row: TableRow, change: Record<number, string | null>): TableRow =>
  row.map((value, index) => (index in change ? (change[index] ?? null) : value));

describe('a roster comes into the register', () => {
  it.each([
    ['roster-plain.xlsx', { grids: 7, buildings: 11, dwellings: 420, households: 381, residents: 1023 }],
    ['roster-ledger.xlsx', { grids: 7, buildings: 7, dwellings: 243, households: 220, residents: 597 }],
    ['roster-gbk.csv', { grids: 7, buildings: 7, dwellings: 246, households: 246, residents: 675 }],
  ])('%s: the register holds what was planned, and the same file again changes nothing', async (name, added) => {
    const town = await makeOffice();
    const understanding = await sample(name);
    expect((await imported(town, understanding)).added).toEqual(added);
    const after = await counts(town);
    expect(after).toMatchObject({
      grid: added.grids,
      dwelling: added.dwellings,
      household: added.households,
      resident: added.residents,
    });
    expect(after['feed_item']).toBeGreaterThanOrEqual(added.dwellings + added.grids + added.buildings);

    const again = await planOf(town, understanding);
    expect(again).toMatchObject({ added: nothing, changes: [], unchanged: added.dwellings });
    await runImport(town.office, town.community, again, { by: 'importer' });
    expect(await counts(town)).toEqual(after);
  });

  it('guesses plans from the doors, and tells phones of grids, buildings and doors', async () => {
    const town = await makeOffice();
    await imported(town, await sample('roster-plain.xlsx'));
    const { plans, items } = await town.office.database.read(async (db) => ({
      plans: await db.selectFrom('building').select(['compound', 'building', 'plan']).execute(),
      items: await db.selectFrom('feed_item').select(['type', 'body']).where('feed_id', 'like', 'grid/%').execute(),
    }));
    const first = plans.find(({ compound, building }) => compound === '金山花园' && building === '1');
    expect(JSON.parse(first?.plan ?? '[]')).toContainEqual({ unit: '1', floors: [1, 6], doors: 2 });
    expect(new Set(items.map(({ type }) => type))).toEqual(new Set(['grid', 'building', 'dwelling']));
    expect(items.some(({ body }) => /\d{17}[\dX]/.test(body))).toBe(false);
  });

  it('takes care groups as suggestions that wait for consent', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen));
    const { fields, suggestedCareGroups } = await residentNamed(town, '龙杰');
    expect([fields.careGroups, suggestedCareGroups]).toEqual([[], ['living-alone-elderly']]);
  });

  it('ends where it would have when it was killed half-way and run again', async () => {
    const [whole, broken] = [await makeOffice(), await makeOffice()];
    const understanding = await sample('roster-plain.xlsx');
    await imported(whole, understanding);
    const killed = runImport(
      broken.office,
      broken.community,
      await planOf(broken, understanding),
      { by: 'importer' },
      () => {
        throw new Error('killed');
      },
    );
    await expect(killed).rejects.toThrow('killed');
    const half = await counts(broken);
    expect(half['dwelling']).toBeGreaterThan(0);
    expect(half['dwelling']).toBeLessThan(420);
    await imported(broken, understanding);
    expect(await counts(broken)).toEqual(await counts(whole));
    expect(await planOf(broken, understanding)).toMatchObject({ added: nothing, changes: [] });
  });

  it('meets the doors that another import made meanwhile', async () => {
    const town = await makeOffice();
    const [first, second] = [
      await planOf(town, await table(long, wen)),
      await planOf(town, await table(long, wen, peng)),
    ];
    await runImport(town.office, town.community, first, { by: 'one' });
    await runImport(town.office, town.community, second, { by: 'two' });
    expect(await counts(town)).toMatchObject({ grid: 1, building: 1, dwelling: 2, household: 2, resident: 3 });
  });
});

describe('a newer roster', () => {
  it('shows what is new and what would change, and makes it', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen));
    const newer = await table(changed(long, { 8: '13900001111' }), wen, peng);
    const plan = await imported(town, newer);
    expect(plan.added).toEqual({ grids: 0, buildings: 0, dwellings: 1, households: 1, residents: 1 });
    expect(said(plan)).toEqual([
      { kind: 'changed', name: '龙杰', field: 'phone', before: '13900007273', after: '13900001111', held: false },
    ]);
    expect((await residentNamed(town, '龙杰')).fields.phone).toBe('13900001111');
    expect(await planOf(town, newer)).toMatchObject({ added: nothing, changes: [] });
  });

  it('an empty cell takes nothing away', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen));
    expect((await planOf(town, await table(changed(long, { 8: null, 9: null }), wen))).changes).toEqual([]);
  });

  it('asks before what was verified since, and says nothing of what it said before', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen));
    const { id } = await residentNamed(town, '龙杰');
    await town.office.database.write((tx) =>
      updateResident(tx, town.community, id, { fields: { phone: '13911112222' } }, submission),
    );
    expect((await planOf(town, await table(long, wen))).changes).toEqual([]);

    const newer = await table(changed(long, { 8: '13933334444' }), wen);
    const plan = await imported(town, newer);
    expect(said(plan)).toEqual([
      { kind: 'changed', name: '龙杰', field: 'phone', before: '13911112222', after: '13933334444', held: true },
    ]);
    expect((await residentNamed(town, '龙杰')).fields.phone).toBe('13911112222');
    await imported(town, newer, new Set(plan.changes.map(({ key }) => key)));
    expect((await residentNamed(town, '龙杰')).fields.phone).toBe('13933334444');
  });

  it('asks before somebody who was verified to head a household of their own goes back into another', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, changed(wen, { 7: null })));
    const { id, dwellingId, householdId } = await residentNamed(town, '文佳佳');
    const own = town.office.world.uuid();
    await town.office.database.write(async (tx) => {
      const household = { id: own, dwellingId, kind: 'family', tenure: null, headId: id, phone: '' } as const;
      await insertHouseholds(tx, town.community, [household], submission);
      const verified = { place: { householdId: own }, fields: { relation: '02' }, confirm: 'all' } as const;
      await updateResident(tx, town.community, id, verified, submission);
    });
    const plan = await imported(town, await table(long, wen));
    expect(said(plan)).toEqual([
      { kind: 'changed', name: '文佳佳', field: 'relation', before: '02', after: '10', held: true },
      { kind: 'moved', name: '文佳佳', field: 'householdId', before: own, after: householdId, held: true },
    ]);
    expect(await residentNamed(town, '文佳佳')).toMatchObject({ householdId: own, fields: { relation: '02' } });
  });

  it('strikes nobody off who is not listed any more, unless a person says so', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen));
    const without = await table(long);
    const plan = await imported(town, without);
    expect(said(plan)).toEqual([
      { kind: 'left', name: '文佳佳', field: 'presence', before: 'here', after: 'moved-away', held: true },
    ]);
    expect((await residentNamed(town, '文佳佳')).fields.presence).toBe('here');
    await imported(town, without, new Set(plan.changes.map(({ key }) => key)));
    expect((await residentNamed(town, '文佳佳')).fields.presence).toBe('moved-away');
  });

  it('moves somebody by their number to the door where the newer file has them', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const plan = await imported(town, await table(long, wen, changed(peng, { 4: '201', 8: '18100001111' })));
    expect(said(plan)).toMatchObject([{ kind: 'moved', name: '彭林文', held: false }]);
    expect(await counts(town)).toMatchObject({ dwelling: 3, resident: 3 });
    const { dwellingId, fields } = await residentNamed(town, '彭林文');
    const home = await town.office.database.read((db) =>
      db.selectFrom('dwelling').select('room').where('id', '=', dwellingId).executeTakeFirstOrThrow(),
    );
    expect([home.room, fields.phone]).toEqual(['201', '18100001111']);
    const open = await town.office.database.read((db) =>
      db.selectFrom('household').select('id').where('ended_at', 'is', null).execute(),
    );
    expect(open).toHaveLength(2);
  });

  it('asks about a number that the register has under another name, and leaves both people', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const before = await residentNamed(town, '彭林文');
    const other = changed(peng, { 4: '201', 5: '李四光', 8: '18100001111' });
    const plan = await imported(town, await table(long, wen, other));
    expect(plan.understanding.roster.questions).toMatchObject([
      { sheet: '名册', row: 4, column: '身份证号', value: '620799197310144112', code: 'id_of_another' },
    ]);
    expect(said(plan)).toEqual([]);
    expect(plan.added).toMatchObject({ dwellings: 1, residents: 1 });
    expect(await residentNamed(town, '彭林文')).toEqual(before);
    expect((await residentNamed(town, '李四光')).fields).toMatchObject({ idNumber: '', phone: '18100001111' });

    const again = await imported(town, await table(long, wen, other));
    expect(again).toMatchObject({ added: nothing, changes: [] });
    expect(again.understanding.roster.questions).toMatchObject([{ code: 'id_of_another' }]);
    expect((await residentNamed(town, '李四光')).fields.idNumber).toBe('');
  });

  it('asks about it at one door, too, where both are listed', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const plan = await imported(
      town,
      await table(long, wen, changed(peng, { 6: null }), changed(peng, { 5: '李四光', 7: '配偶' })),
    );
    expect(plan.understanding.roster.questions).toMatchObject([{ row: 5, code: 'id_of_another' }]);
    expect(said(plan)).toEqual([]);
    expect((await residentNamed(town, '彭林文')).fields.idNumber).toBe('620799197310144112');
    expect((await residentNamed(town, '李四光')).fields.idNumber).toBe('');
  });

  it('asks before somebody at the same door gets another name and what comes with it', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const newer = await table(long, wen, changed(peng, { 5: '彭琳文', 8: '18100001111' }));
    const plan = await imported(town, newer);
    expect(plan.understanding.roster.questions).toEqual([]);
    expect(said(plan)).toMatchObject([
      { field: 'name', before: '彭林文', after: '彭琳文', held: true },
      { field: 'phone', after: '18100001111', held: true },
    ]);
    expect((await residentNamed(town, '彭林文')).fields.phone).toBe('18100007981');
    await imported(town, newer, new Set(plan.changes.map(({ key }) => key)));
    expect((await residentNamed(town, '彭琳文')).fields.phone).toBe('18100001111');
  });

  it('knows somebody again whose name and number were corrected at the door', async () => {
    const town = await makeOffice();
    const rows = [changed(long, { 6: null }), wen];
    await imported(town, await table(...rows));
    const { id } = await residentNamed(town, '龙杰');
    await town.office.database.write((tx) =>
      updateResident(
        tx,
        town.community,
        id,
        { fields: { name: '龙捷', idNumber: '620799195403273977', birthDate: '1954-03-27' } },
        submission,
      ),
    );
    expect(await planOf(town, await table(...rows))).toMatchObject({ added: nothing, changes: [] });
  });

  it('makes nobody twice who moved to another door since', async () => {
    const town = await makeOffice();
    const rows = [changed(long, { 6: null }), wen, peng];
    await imported(town, await table(...rows));
    const [{ id }, { householdId, dwellingId }] = [
      await residentNamed(town, '龙杰'),
      await residentNamed(town, '彭林文'),
    ];
    await town.office.database.write((tx) =>
      updateResident(tx, town.community, id, { place: { householdId, dwellingId }, confirm: 'all' }, submission),
    );
    expect(await planOf(town, await table(...rows))).toMatchObject({ added: nothing, changes: [] });
  });

  it('asks nothing of the number of somebody whose name was corrected and who moved since', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const [{ id }, { householdId, dwellingId }] = [
      await residentNamed(town, '龙杰'),
      await residentNamed(town, '彭林文'),
    ];
    await town.office.database.write((tx) =>
      updateResident(
        tx,
        town.community,
        id,
        { place: { householdId, dwellingId }, fields: { name: '龙捷' }, confirm: 'all' },
        submission,
      ),
    );
    const plan = await planOf(town, await table(long, wen, peng));
    expect(plan).toMatchObject({ added: nothing, changes: [] });
    expect(plan.understanding.roster.questions).toEqual([]);
  });

  it('moves nobody unasked who was verified while it was imported', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const newer = await table(long, wen, changed(peng, { 4: '201', 8: '18100001111' }));
    const { id } = await residentNamed(town, '彭林文');
    const verified = { fields: { phone: '18100002222' }, confirm: 'all' } as const;
    await importedWhile(town, newer, async () => {
      await town.office.database.write((tx) => updateResident(tx, town.community, id, verified, submission));
    });
    const after = await residentNamed(town, '彭林文');
    expect(after.fields.phone).toBe('18100002222');
    expect(said(await planOf(town, newer))).toMatchObject([{ kind: 'moved', name: '彭林文', held: true }]);
  });

  it('goes on where somebody was erased while it was imported, who comes as somebody new', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const newer = await table(long, wen, changed(peng, { 4: '201' }));
    const { id } = await residentNamed(town, '彭林文');
    await importedWhile(town, newer, async () => {
      await eraseResident(town.office, town.community, id);
    });
    expect((await residentNamed(town, '彭林文')).id).not.toBe(id);
  });

  it('calls nobody back whose whole household moved away since', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const { id, householdId } = await residentNamed(town, '彭林文');
    await town.office.database.write(async (tx) => {
      await updateResident(tx, town.community, id, { fields: { presence: 'moved-away' } }, submission);
      await updateHousehold(tx, town.community, householdId, { place: { endedAt: submission.since } }, submission);
    });
    const before = await counts(town);
    expect(await imported(town, await table(long, wen, peng))).toMatchObject({ added: nothing, changes: [] });
    expect(await counts(town)).toEqual(before);
  });

  it('leaves a door that people found to be none', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const { dwellingId } = await residentNamed(town, '彭林文');
    await town.office.database.write((tx) =>
      updateDwelling(tx, town.community, dwellingId, { place: { retiredAt: submission.since } }, submission),
    );
    expect(await imported(town, await table(long, wen, peng))).toMatchObject({ added: nothing, changes: [] });
    expect(await counts(town)).toMatchObject({ dwelling: 2 });
  });

  it('asks before a door that was verified since goes to another grid', async () => {
    const town = await makeOffice();
    await imported(town, await table(long, wen, peng));
    const { dwellingId } = await residentNamed(town, '彭林文');
    await town.office.database.write((tx) =>
      updateDwelling(tx, town.community, dwellingId, { confirm: 'all' }, submission),
    );
    const newer = await table(long, wen, changed(peng, { 0: '第二网格' }));
    const plan = await imported(town, newer);
    expect(said(plan)).toMatchObject([{ kind: 'grid', field: 'gridId', after: '第二网格', held: true }]);
    expect(await counts(town)).toMatchObject({ grid: 1, building: 1 });
    await imported(town, newer, new Set(plan.changes.map(({ key }) => key)));
    expect(await counts(town)).toMatchObject({ grid: 2, building: 2, dwelling: 2 });
    expect((await planOf(town, newer)).changes).toEqual([]);
  });
});
