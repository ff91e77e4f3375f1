/** A newer roster that has doors in another grid: those that nobody verified go there, the others are asked about. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommunity } from '../../src/lib/server/accounts/communities';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { readConfiguration } from '../../src/lib/server/configuration';
import { gapDoors } from '../../src/lib/server/coverage/gap-doors';
import { overview } from '../../src/lib/server/coverage/overview';
import type { Office } from '../../src/lib/server/office';
import { gridOfDoorAt } from '../../src/lib/server/register/stood-at';
import { updateBuilding, updateResident } from '../../src/lib/server/register/rows';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { closeRound, startRound } from '../../src/lib/server/rounds/rounds';
import type { Origin } from '../../src/lib/server/register/provenance';
import { importRosterCommand } from '../../src/lib/server/roster/command';
import { makeWorld } from '../../src/lib/server/world';
import { planImport } from '../../src/lib/server/roster/plan';
import { runImport } from '../../src/lib/server/roster/run';
import { makeWorkbook, readTabs, type TableRow } from '../support/make-roster';
import { openTestDatabase } from '../support/test-database';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

const opened: { office: Office; folder: string }[] = [];

afterEach(async () => {
  for (const { office, folder } of opened.splice(0)) {
    await office.database.close();
    await rm(folder, { recursive: true });
  }
});

async function makeTown() {
  const world = makeWorld();
  const office = { world, database: await openTestDatabase(world), configuration: readConfiguration({}) };
  const folder = await mkdtemp(path.join(tmpdir(), 'qiaomen-grids-'));
  opened.push({ office, folder });
  const communityId = (await createCommunity(office, '东街社区')).id;
  const file = path.join(folder, '名册.xlsx');
  const bring = async (rows: TableRow[], options: { json?: boolean; confirmAll?: boolean } = { json: true }) => {
    await writeFile(file, await makeWorkbook({ 名册: [header, ...rows] }));
    const said: string[] = [];
    const report = await importRosterCommand({ file, communityId, ...options }, office, (text) => said.push(text));
    if ('refused' in report) throw new Error(report.refused);
    return { report, words: said.join('\n') };
  };
  /** Each door as `grid building unit room`, and where the feeds have it. */
  const doors = () =>
    office.database.read(async (db) => {
      const rows = await db
        .selectFrom('dwelling')
        .innerJoin('grid', 'grid.id', 'dwelling.grid_id')
        .innerJoin('building', 'building.id', 'dwelling.building_id')
        .select(['dwelling.id', 'grid.name', 'dwelling.room', 'dwelling.grid_id', 'building.grid_id as frame'])
        .orderBy('dwelling.room')
        .execute();
      const told = await db
        .selectFrom('feed_item')
        .select(['item_id', 'feed_id'])
        .where('type', '=', 'dwelling')
        .where('gone', '=', 0)
        .execute();
      return rows.map(({ id, name, room, grid_id, frame }) => {
        const feeds = told.filter(({ item_id }) => item_id === id).map(({ feed_id }) => feed_id);
        expect([frame, ...feeds]).toEqual([grid_id, `grid/${grid_id}`]);
        return `${name} ${room}`;
      });
    });
  const buildings = () =>
    office.database.read(async (db) => {
      const rows = await db
        .selectFrom('building')
        .innerJoin('grid', 'grid.id', 'building.grid_id')
        .select(['grid.name', 'building.building', 'building.plan'])
        .orderBy('grid.position')
        .execute();
      return rows.map(({ name, building, plan }) => `${name} ${building}号楼 ${plan}`);
    });
  const verify = async (name: string) =>
    office.database.write(async (tx) => {
      const { id } = await tx.selectFrom('resident').select('id').where('name', '=', name).executeTakeFirstOrThrow();
      await updateResident(tx, communityId, id, { confirm: ['phone'] }, verified);
    });
  return { office, communityId, bring, doors, buildings, verify };
}

const verified: Origin = {
  from: 'submission',
  since: '2026-11-01T00:00:00.000Z',
  by: 'worker',
  confirmedAt: '2026-11-01T00:00:00.000Z',
  confirmedBy: 'worker',
  how: { mode: 'in-person', informant: null },
};
const header = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '关系', '电话'];
const row = (grid: string, room: string, name: string, phone = '', unit = '1'): TableRow => [
  ...[grid, '东苑', '1号楼', `${unit}单元`, room, name, '户主', phone],
];
const plan = (...parts: { unit: string; floors: [number, number]; doors: number }[]) => JSON.stringify(parts);

describe('a door that a newer roster has in another grid', () => {
  it('[DEV-16] [SCO-4] goes there with its building, leaves one feed and enters the other, and its history says when', async () => {
    const town = await makeTown();
    await town.bring([row('一网格', '101', '甲一'), row('一网格', '102', '乙一')]);
    const earlier = new Date(town.office.world.now()).toISOString();
    const [before] = await town.office.database.read((db) => db.selectFrom('grid').select('id').execute());

    const newer = [row('二网格', '101', '甲一'), row('二网格', '102', '乙一')];
    const { report } = await town.bring(newer);
    expect(report).toMatchObject({ grids: 1, questions: [] });
    expect(await town.doors()).toEqual(['二网格 101', '二网格 102']);
    expect(await town.buildings()).toEqual([`二网格 1号楼 ${plan({ unit: '1', floors: [1, 1], doors: 2 })}`]);
    await town.office.database.read(async (db) => {
      for (const { id } of await db.selectFrom('dwelling').select('id').execute())
        expect(await gridOfDoorAt(db, town.communityId, id, earlier)).toBe(before?.id);
      expect(await db.selectFrom('resident').select('id').execute()).toHaveLength(2);
    });
    const { words } = await town.bring(newer, {});
    expect(words).toContain('改动 0 处；要有人确认才改的 0 处');
  });

  it('leaves a building that others stay in, whose plan forgets it', async () => {
    const town = await makeTown();
    await town.bring([
      row('一网格', '101', '甲一'),
      row('一网格', '201', '乙一'),
      row('一网格', '101', '丙一', '', '2'),
    ]);
    const { words } = await town.bring(
      [row('一网格', '101', '甲一'), row('二网格', '201', '乙一'), row('二网格', '101', '丙一', '', '2')],
      {},
    );
    expect(words).toContain('0 户，0 人，1 个网格，1 栋楼');
    expect(words).toContain('改动 2 处；要有人确认才改的 0 处');
    expect(await town.doors()).toEqual(['一网格 101', '二网格 101', '二网格 201']);
    expect(await town.buildings()).toEqual([
      `一网格 1号楼 ${plan({ unit: '1', floors: [1, 1], doors: 1 })}`,
      `二网格 1号楼 ${plan({ unit: '1', floors: [2, 2], doors: 1 }, { unit: '2', floors: [1, 1], doors: 1 })}`,
    ]);
  });

  it('is asked about where somebody verified it since, its other news taken, and goes when a person says so', async () => {
    const town = await makeTown();
    await town.bring([row('一网格', '101', '甲一'), row('一网格', '102', '乙一')]);
    await town.verify('甲一');
    const newer = [row('二网格', '101', '甲一'), row('二网格', '102', '乙一', '13900007273')];
    const { report } = await town.bring(newer);
    expect(report.questions).toMatchObject([
      { sheet: '名册', row: 2, column: '网格', value: '二网格', code: 'waits_grid' },
    ]);
    expect(report.questions[0]?.message).toMatch(/^东苑 1号楼 1单元 101入户核实过.*“二网格”.*\/desk\/roster/);
    expect(await town.doors()).toEqual(['一网格 101', '二网格 102']);

    const { words } = await town.bring(newer, {});
    expect(words).toContain('改动 0 处；要有人确认才改的 1 处');
    expect(words).toContain('“名册”第 2 行 网格（二网格）：东苑 1号楼 1单元 101入户核实过');
    expect((await town.bring(newer, { json: true, confirmAll: true })).report.questions).toEqual([]);
    expect(await town.doors()).toEqual(['二网格 101', '二网格 102']);
  });

  it('keeps its place and takes its other news while nobody has answered', async () => {
    const town = await makeTown();
    await town.bring([row('一网格', '101', '甲一')]);
    await town.verify('甲一');
    const { report } = await town.bring([[...row('二网格', '101', '甲一').slice(0, 7), '13900007273']]);
    expect(report.questions.map(({ code }) => code)).toEqual(['waits_grid', 'waits_values']);
    expect(await town.doors()).toEqual(['一网格 101']);
  });

  it('names in words who is not in the file any more, without calling them verified', async () => {
    const town = await makeTown();
    await town.bring([row('一网格', '101', '甲一'), row('一网格', '101', '甲二')]);
    const { report, words } = await town.bring([row('一网格', '101', '甲一')]);
    expect(report.questions.map(({ code, row }) => `${row} ${code}`)).toEqual(['2 waits_left']);
    expect(words).not.toContain('核实');
  });
});

describe('a door that a phone told of', () => {
  let here: TestOffice;
  beforeEach(async () => {
    here = await openTestOffice();
  });
  afterEach(() => here.close());

  /** A roster that has every door of the first grid in the second. */
  async function otherGrid() {
    const columns = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '身份证号'];
    const rows = here.doors.flatMap(({ compound, building, unit, room, households }) =>
      households.flatMap(({ residents }) =>
        residents.map(({ name, idNumber }) => ['第二网格', compound, building, unit, room, name, idNumber]),
      ),
    );
    const understanding = await readTabs({ 名册: [columns, ...rows] });
    const plan = await here.office.database.read((db) => planImport(db, here.communityId, understanding));
    await runImport(here.office, here.communityId, plan, { by: 'importer' });
    const stood = await here.office.database.read((db) =>
      db.selectFrom('dwelling').select(['id', 'grid_id']).where('community_id', '=', here.communityId).execute(),
    );
    const asked = plan.waiting.filter(({ code }) => code === 'waits_grid');
    return {
      grids: here.doors.map(({ id }) =>
        here.grids.findIndex((grid) => stood.find((one) => one.id === id)?.grid_id === grid),
      ),
      asked: asked.length,
    };
  }

  it('is asked about while the record waits, is with its worker again or was approved; an attempt verifies nothing', async () => {
    const [waits, back, vain, idle] = here.doors;
    if (!waits || !back || !vain || !idle) throw new Error('too few doors');
    const phone = here.phone(here.accounts.worker);
    const desk = new DeskForTests(here);
    const [first, second] = [await phone.verifies(waits), await phone.verifies(back)];
    await phone.push(first, second, await phone.knocksInVain(vain));
    await desk.sendBack(second.id);
    expect(await otherGrid()).toEqual({ grids: [0, 0, 1, 1], asked: 2 });
    await desk.approve(first.id);
    await desk.void(second.id);
    expect(await otherGrid()).toEqual({ grids: [0, 1, 1, 1], asked: 1 });
  });

  it('[SCO-4] is taken from the worker who was there before it went, and leaves their phone', async () => {
    const phone = here.phone(here.accounts.worker);
    await phone.pull();
    const door = at(here.doors, 0);
    here.forward(60_000);
    const record = await phone.verifies(door);
    here.forward(60_000);
    expect(await otherGrid()).toEqual({ grids: [1, 1, 1, 1], asked: 0 });
    expect((await phone.push(record)).map(({ status }) => status)).toEqual(['stored']);
    await phone.pull();
    expect(phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id)).toBeUndefined();
    const colleague = here.phone(here.accounts.otherWorker);
    await colleague.pull();
    expect(colleague.item(`grid/${here.grids[1]}`, 'dwelling', door.id)).toBeDefined();
  });

  it('stays in the round that is over where it was counted, and comes into none that was over before', async () => {
    const { office, accounts, communityId, grids, buildings } = here;
    const origin = { since: '2026-11-23T00:00:00Z', from: 'correction', by: '', how: null } as const;
    const plan = [{ unit: '1', floors: [1, 3] as [number, number], doors: 2 }];
    await office.database.write((tx) =>
      updateBuilding(
        tx,
        communityId,
        buildings[0],
        { fields: { plan } },
        { ...origin, confirmedAt: null, confirmedBy: null },
      ),
    );
    const rounds = await Promise.all(
      grids.map(async (grid, index) => {
        const round = { name: `第${index + 1}轮`, kind: 'full' as const, closesOn: '2099-12-31', gridIds: [grid] };
        const answer = await startRound(office, accounts.coordinator, round);
        if (!('id' in answer)) throw new Error(answer.refused);
        return answer.id;
      }),
    );
    await closeRound(office, accounts.coordinator, at(rounds, 1));
    here.forward(60_000);
    const phone = here.phone(accounts.worker);
    await phone.push(await phone.knocksInVain(at(here.doors, 0)), await phone.knocksInVain(at(here.doors, 1)));
    await runAfterwork(office);
    here.forward(60_000);
    await closeRound(office, accounts.coordinator, at(rounds, 0));
    const shown = () =>
      office.database.read(async (db) => [
        ...(await Promise.all(rounds.map((id) => overview(db, communityId, id)))).map(({ total, grids: of }) => ({
          ...{ total: total?.figures, grids: of.map(({ figures, buildings: own }) => [figures, own.length]) },
        })),
        ...(await Promise.all(rounds.map((id) => gapDoors(db, communityId, id, 'doors')))).map(({ rows }) => rows),
      ]);
    const before = await shown();
    expect(before).toMatchObject([
      { total: { doors: { of: 6, done: 2 } } },
      { total: { doors: { of: 4, done: 0 } } },
      ...before.slice(2),
    ]);
    here.forward(60_000);
    expect(await otherGrid()).toEqual({ grids: [1, 1, 1, 1], asked: 0 });
    await runAfterwork(office);
    expect(await shown()).toEqual(before);
    expect((await checkOffice(office)).findings).toEqual([]);
  });
});
