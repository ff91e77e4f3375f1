import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCommunity } from '../../src/lib/server/accounts/communities';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { seal } from '../../src/lib/server/codec';
import { correctValue } from '../../src/lib/server/register/correct';
import { loadRecords } from '../../src/lib/server/register/read';
import { eraseResident } from '../../src/lib/server/register/erase';
import { openOffice, type Office, type SignedIn } from '../../src/lib/server/office';
import { importRosterCommand } from '../../src/lib/server/roster/command';
import { markFailed, rosterJobExit, runRosterJob, runStep } from '../../src/lib/server/roster/job-steps';
import {
  changeMapping,
  confirmJob,
  dropJob,
  job,
  jobs,
  resumeJobs,
  startJob,
  type JobAnswer,
  type JobStep,
} from '../../src/lib/server/roster/jobs';
import type { RosterMapping } from '../../src/lib/server/roster/understand';
import { inLanguage } from '../../src/routes/desk/roster/[id]/question-words';
import { testConfiguration, testOver } from '../support/test-database';
import { makeWorkbook } from '../support/make-roster';
import { at } from './office-for-tests';

let folder: string;
let office: Office;
let account: SignedIn;
let launched: [string, JobStep][];
const launch = (_: Office, __: string, id: string, step: JobStep) => void launched.push([id, step]);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-'));
  office = await openOffice(await testConfiguration(folder));
  const community = await createCommunity(office, '东街社区');
  account = {
    communityId: community.id,
    id: 'coordinator',
    username: 'c',
    name: '协调员',
    role: 'coordinator',
    grids: [],
  };
  launched = [];
});

afterEach(async () => {
  await office.database.close();
  await testOver(folder);
  await rm(folder, { recursive: true });
});

/** Runs what was launched, in this process. */
async function work(): Promise<void> {
  for (const [id, step] of launched.splice(0)) await runStep(office, account.communityId, id, step);
}

async function started(bytes: Uint8Array, name = '名册.xlsx'): Promise<string> {
  const answer = await startJob(office, account, name, bytes, launch);
  if (!('id' in answer)) throw new Error(answer.refused);
  return answer.id;
}

async function confirmJobOf(id: string): Promise<void> {
  await work();
  await confirmed(id, []);
  await work();
}

/** As somebody decides who has the page open: on the reading that stands there, the newest where none is given. */
async function confirmed(id: string, keys: string[] | 'all', seen?: string): Promise<JobAnswer> {
  const reading = seen ?? (await held(id))?.reading ?? '';
  return confirmJob(office, account, id, { reading, confirmed: keys }, launch);
}

async function mapped(id: string, mapping: RosterMapping, seen?: string): Promise<JobAnswer> {
  const reading = seen ?? (await held(id))?.reading ?? '';
  return changeMapping(office, account, id, { reading, choose: () => mapping }, launch);
}

const held = (id: string) => office.database.read((db) => job(db, account.communityId, id));
const people = () =>
  office.database.read(async (db) =>
    (await db.selectFrom('resident').select('name').orderBy('name').execute()).map(({ name }) => name),
  );

const here = async (name: string) => {
  const row = await office.database.read((db) =>
    db.selectFrom('resident').select('id').where('name', '=', name).executeTakeFirstOrThrow(),
  );
  return row.id;
};

const rows = [
  ['网格', '住址', '姓名', '与户主关系', '身份证号', '谁的电话'],
  ['第一网格', '金山花园1-1-101', '龙杰', '户主', '620799195403273977', '13900007273'],
  ['第一网格', '金山花园1-1-101', '文佳佳', '配偶', '620799196511204667', null],
];

describe('a roster at the desk', () => {
  it('is uploaded, understood, confirmed and imported, and then its file is gone', async () => {
    const id = await started(await makeWorkbook({ 名册: rows, 说明: [['说明']] }));
    expect(await held(id)).toMatchObject({ state: 'reading', summary: null });
    await work();
    const read = await held(id);
    expect(read).toMatchObject({
      state: 'read',
      summary: {
        sheets: [
          { name: '名册', left: null, header: [1, 1], rows: 2 },
          { name: '说明', left: 'no-header' },
        ],
        added: { grids: 1, buildings: 1, dwellings: 1, households: 1, residents: 2 },
        questionCount: 1,
      },
    });
    expect(read?.summary?.preview[0]).toMatchObject({
      name: '龙杰',
      door: '金山花园 1号楼 1单元 101',
      idNumberMasked: '**************3977',
    });
    expect(read?.summary?.questions[0]).toMatchObject({ row: 3, code: 'id_checksum', value: '620799196511204667' });
    expect(await people()).toEqual([]);

    expect(await confirmed(id, [])).toBe('done');
    expect(await confirmed(id, [])).toBe('moved');
    expect(await dropJob(office, account, id)).toBe(false);
    await work();
    expect(await held(id)).toMatchObject({ state: 'done', done: 1, total: 1 });
    expect(await people()).toEqual(['文佳佳', '龙杰']);
    const row = await office.database.read((db) =>
      db.selectFrom('roster_import').select('file').executeTakeFirstOrThrow(),
    );
    expect(row.file).toBe('');
  });

  it('asks about a number of somebody else in the register, and says whose it is', async () => {
    await confirmJobOf(await started(await makeWorkbook({ 名册: rows })));
    const newer = [rows[0] ?? [], ['第一网格', '金山花园1-1-201', '李四光', '户主', '620799195403273977', null]];
    const id = await started(await makeWorkbook({ 名册: newer }));
    await work();
    expect((await held(id))?.summary?.questions).toMatchObject([
      {
        sheet: '名册',
        row: 2,
        column: '身份证号',
        value: '620799195403273977',
        code: 'id_of_another',
        message: expect.stringContaining('底册里是龙杰（金山花园 1号楼 1单元 101）的'),
      },
    ]);
    await confirmJobOf(id);
    expect(await people()).toEqual(['文佳佳', '李四光', '龙杰']);
  });

  it('is read anew when somebody changes what a column means', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    await work();
    const column = (await held(id))?.summary?.sheets[0]?.columns.find(({ header }) => header === '谁的电话');
    expect(column).toMatchObject({ meaning: 'phone', index: 5, samples: ['13900007273'] });
    expect(await mapped(id, { 名册: { columns: { 5: 'left' } } })).toBe('done');
    await work();
    expect((await held(id))?.summary?.preview[0]?.phone).toBe('');
    expect((await held(id))?.mapping).toEqual({ 名册: { columns: { 5: 'left' } } });
  });

  it('[TWO-3] imports nothing, and maps nothing, on a reading that a colleague has replaced', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    await work();
    const seen = (await held(id))?.reading ?? '';
    expect(await mapped(id, { 名册: { columns: { 5: 'left' } } })).toBe('done');
    await work();
    const newest = await held(id);
    expect(newest?.reading).not.toBe(seen);

    expect(await confirmed(id, 'all', seen)).toBe('read-anew');
    expect(await mapped(id, { 名册: { columns: { 5: 'phone' } } }, seen)).toBe('read-anew');

    expect(launched).toEqual([]);
    expect(await held(id)).toEqual(newest);
    expect(await confirmed(id, [], newest?.reading)).toBe('done');
    await work();
    expect(await people()).toEqual(['文佳佳', '龙杰']);
  });

  it('says why a file cannot be taken in, and is thrown away', async () => {
    const id = await started(Buffer.from('%PDF-1.7 of something'), 'a.pdf');
    await work();
    expect(await held(id)).toMatchObject({ state: 'refused', refusal: { refused: 'no-spreadsheet' }, summary: null });
    expect(await confirmed(id, [])).toBe('moved');
    expect(await dropJob(office, account, id)).toBe(true);
    expect(await held(id)).toBeNull();
    expect(await startJob(office, account, 'a.xlsx', new Uint8Array(), launch)).toEqual({ refused: 'empty' });
  });

  it('is seen by its own community alone', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    const other = await createCommunity(office, '西街社区');
    const stranger = { ...account, communityId: other.id };
    expect(await office.database.read((db) => job(db, other.id, id))).toBeNull();
    expect(await office.database.read((db) => jobs(db, other.id))).toEqual([]);
    expect(await dropJob(office, stranger, id)).toBe(false);
    expect((await office.database.read((db) => jobs(db, account.communityId))).map((one) => one.id)).toEqual([id]);
  });

  describe('a tick', () => {
    const roster = (phone: string, name = '甲一') => {
      const columns = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '关系', '电话'];
      const door = ['一网格', '东苑', '1号楼', '1单元'];
      return makeWorkbook({
        名册: [columns, [...door, '101', name, '户主', phone], [...door, '102', '乙一', '户主', '13900000002']],
      });
    };
    const says = async (field: 'phone' | 'presence', value: string) =>
      correctValue(office, account, { entity: 'resident', id: await here('甲一'), field, value, reason: '电话核实' });
    const stands = async () => {
      const id = await here('甲一');
      const record = (await office.database.read((db) => loadRecords(db, account.communityId, 'resident', [id]))).get(
        id,
      );
      return record?.fields;
    };

    it('holds for the value that it was given on, and what came meanwhile is asked about', async () => {
      await confirmJobOf(await started(await roster('13900001111')));
      await says('phone', '13900002222');
      const id = await started(await roster('13900003333'));
      await work();
      expect((await held(id))?.summary?.changes).toMatchObject([{ before: '13900002222', held: true }]);
      await says('phone', '13900004444');
      expect(await confirmed(id, 'all')).toBe('done');
      await work();
      expect((await stands())?.phone).toBe('13900004444');
      const job = await held(id);
      expect(job).toMatchObject({ state: 'done', summary: { questionCount: 1 } });
      expect(job?.summary?.questions).toMatchObject([{ row: 2, code: 'waits_values' }]);
    });

    it('makes the change where the value is still the one that was shown', async () => {
      await confirmJobOf(await started(await roster('13900001111')));
      await says('phone', '13900002222');
      const id = await started(await roster('13900003333'));
      await work();
      expect(await confirmed(id, 'all')).toBe('done');
      await work();
      expect((await stands())?.phone).toBe('13900003333');
      expect(await held(id)).toMatchObject({ state: 'done', summary: { questionCount: 0 } });
    });

    it('strikes nobody off who was said to be there since', async () => {
      await confirmJobOf(await started(await roster('13900001111')));
      const id = await started(await roster('13900001111', '甲二'));
      await work();
      expect((await held(id))?.summary?.changes).toMatchObject([{ kind: 'left', name: '甲一' }]);
      await says('presence', 'away');
      await confirmed(id, 'all');
      await work();
      expect((await stands())?.presence).toBe('away');
      expect((await held(id))?.summary?.questions).toContainEqual(expect.objectContaining({ code: 'waits_left' }));
    });
  });

  it('goes on after its process broke off, and after the server was started again', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    launched = [];
    expect(await resumeJobs(office, launch)).toBe(1);
    await work();
    await confirmed(id, 'all');
    launched = [];
    await markFailed(office, account.communityId, id, 'import');
    expect(await held(id)).toMatchObject({ state: 'failed' });
    expect(await confirmed(id, 'all')).toBe('done');
    await work();
    expect(await held(id)).toMatchObject({ state: 'done' });
  });

  it('runs in a process of its own on the same folder', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    await runRosterJob(office.configuration, account.communityId, id, 'read');
    expect(await held(id)).toMatchObject({ state: 'read' });
  });

  it('says in one line of the log that it cannot go on, and nothing of what it read', async () => {
    const id = await started(await makeWorkbook({ 名册: rows }));
    await office.database.write((tx) =>
      tx
        .updateTable('roster_import')
        .set({ mapping: seal('{"sheets":"龙杰"}') })
        .execute(),
    );
    const lines: string[] = [];
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    const code = await rosterJobExit(office.configuration, account.communityId, id, 'read');
    out.mockRestore();
    expect(code).toBe(1);
    expect(lines.join('')).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(lines.join(''))).toEqual({
      event: 'roster-job',
      step: 'read',
      kind: 'ZodError',
      at: expect.any(String),
    });
    expect(lines.join('')).not.toContain('龙杰');
  });

  it('[REC-11] names nobody who was erased while it was read, and is not in it', async () => {
    await confirmJobOf(await started(await makeWorkbook({ 名册: rows })));
    const gone = await here('龙杰');
    const id = await started(await makeWorkbook({ 名册: [at(rows, 0), at(rows, 2)] }));
    const { database } = office;
    let isErased = false;
    // Between what the reading found and when it is written down.
    const write: typeof database.write = async (run) => {
      if (!isErased) {
        isErased = true;
        await eraseResident(office, account.communityId, gone);
      }
      return database.write(run);
    };
    const beside = Object.create(database, { write: { value: write } }) as typeof database;
    await runStep({ ...office, database: beside }, account.communityId, id, 'read');
    expect(await held(id)).toMatchObject({ state: 'read', summary: { changeCount: 0 } });
    await confirmed(id, []);
    await runStep(office, account.communityId, id, 'import');
    expect(await held(id)).toMatchObject({ state: 'done' });
    expect(JSON.stringify(await held(id))).not.toContain('龙杰');
  });

  it('[REC-11] nor whoever was erased while it came in, though something of them had to be asked', async () => {
    const roster = (phone: string) =>
      makeWorkbook({
        名册: [at(rows, 0), ['第一网格', '金山花园1-1-101', '龙杰', '户主', '620799195403273977', phone]],
      });
    const says = async (value: string) =>
      correctValue(office, account, {
        ...{ entity: 'resident', field: 'phone', reason: '本人来电' },
        id: await here('龙杰'),
        value,
      });
    await confirmJobOf(await started(await roster('13900001111')));
    await says('13900002222');
    const id = await started(await roster('13900003333'));
    await work();
    await says('13900004444');
    await confirmed(id, 'all');
    const { database } = office;
    // Between what the import found and when it is written down.
    const write: typeof database.write = async (run) => {
      const isMade = (await held(id))?.done === 1;
      const [gone] = (await people()).filter((name) => isMade && name === '龙杰');
      if (gone) await eraseResident(office, account.communityId, await here(gone));
      return database.write(run);
    };
    const beside = Object.create(database, { write: { value: write } }) as typeof database;
    await runStep({ ...office, database: beside }, account.communityId, id, 'import');
    expect(await people()).toEqual([]);
    expect(await held(id)).toMatchObject({ state: 'done' });
    expect(JSON.stringify(await held(id))).not.toContain('龙杰');
  });

  it('[REC-11] keeps no row, question or change of somebody who was erased, and the desk still shows the rest', async () => {
    await confirmJobOf(await started(await makeWorkbook({ 名册: rows })));
    const other = ['第一网格', '金山花园1-1-201', '李四光', '户主', '620799195403273977', null];
    const without = await started(await makeWorkbook({ 名册: [at(rows, 0), at(rows, 2), other] }));
    await work();
    const before = (await held(without))?.summary;
    expect(before?.questions.map(({ code }) => code)).toContain('id_of_another');
    expect(before?.changes).toMatchObject([{ kind: 'left', name: '龙杰' }]);
    await eraseResident(office, account.communityId, await here('龙杰'));
    const [first] = await office.database.read((db) => jobs(db, account.communityId).then((all) => all.toReversed()));
    for (const id of [without, first?.id ?? '']) {
      const summary = (await held(id))?.summary;
      expect(summary?.preview.map(({ name }) => name)).toContain('文佳佳');
      const codes = summary?.questions.map((question) => inLanguage(question, 'en').code);
      expect(codes).toContain('id_checksum');
      expect(codes).not.toContain('id_of_another');
      expect(summary?.changes).toEqual([]);
      expect(JSON.stringify(summary?.preview)).not.toContain('13900007273');
    }
  });

  it('[REC-11] takes the same roster in again once somebody of it was erased, who comes as somebody new', async () => {
    await confirmJobOf(await started(await makeWorkbook({ 名册: rows })));
    const before = await here('龙杰');
    await eraseResident(office, account.communityId, before);
    const another = [at(rows, 0), ['第一网格', '金山花园1-1-101', '龙小杰', '户主', null, null], at(rows, 2)];
    for (const file of [another, rows]) {
      const id = await started(await makeWorkbook({ 名册: file }));
      await confirmJobOf(id);
      expect(await held(id)).toMatchObject({ state: 'done' });
    }
    expect(await people()).toEqual(['文佳佳', '龙小杰', '龙杰']);
    expect(await here('龙杰')).not.toBe(before);
    // Of the coordinator there is no account here.
    const { findings } = await checkOffice(office);
    expect(findings.filter(({ subject }) => subject !== 'roster_import.by_account coordinator')).toEqual([]);
  });
});

describe('import-roster', () => {
  const run = async (file: string, options: { dryRun?: boolean; json?: boolean } = {}) => {
    const said: string[] = [];
    const answer = await importRosterCommand({ file, communityId: account.communityId, ...options }, office, (text) =>
      said.push(text),
    );
    return { said, answer };
  };

  it('prints the figures of the sample and its questions as one JSON', async () => {
    const file = path.resolve('tests/fixtures/rosters/roster-ledger.xlsx');
    const { said } = await run(file, { json: true });
    expect(said).toHaveLength(1);
    const report = JSON.parse(said[0] ?? '');
    const expected = JSON.parse(await readFile(path.resolve('tests/fixtures/rosters/expected.json'), 'utf8'))[
      'roster-ledger.xlsx'
    ];
    expect(Object.keys(report)).toEqual([
      'rows',
      'dwellings',
      'vacantDwellings',
      'households',
      'residents',
      'grids',
      'buildings',
      'bySex',
      'byResidence',
      'questions',
    ]);
    expect(report).toMatchObject({ residents: expected.residents, byResidence: expected.byResidence });
    expect(report.questions[0]).toEqual({
      sheet: '台账',
      row: 11,
      column: '公民身份号码',
      value: '620799196911272300',
      code: 'id_rounded',
      message: expect.stringMatching(/。$/),
    });
    expect(await people()).toHaveLength(expected.residents);
  });

  it('changes nothing on a trial, and says in words what it found', async () => {
    const file = path.join(folder, 'a.xlsx');
    await writeFile(file, await makeWorkbook({ 名册: rows }));
    const { said } = await run(file, { dryRun: true });
    expect(said.join('\n')).toContain('住房 1 套');
    expect(said.join('\n')).toContain('第 3 行 身份证号');
    expect(await people()).toEqual([]);
  });

  it('names a number that the register has under another name among the questions', async () => {
    const file = path.join(folder, 'a.xlsx');
    await writeFile(file, await makeWorkbook({ 名册: rows }));
    await run(file, {});
    const other = ['第一网格', '金山花园1-1-201', '李四光', '户主', '620799195403273977', null];
    await writeFile(file, await makeWorkbook({ 名册: [rows[0] ?? [], other] }));
    const { said } = await run(file, { json: true });
    const [asked, ...more] = JSON.parse(said[0] ?? '').questions;
    expect(more).toEqual([]);
    expect(asked).toEqual({
      sheet: '名册',
      row: 2,
      column: '身份证号',
      value: '620799195403273977',
      code: 'id_of_another',
      message: expect.stringContaining('龙杰'),
    });
    expect(await people()).toEqual(['文佳佳', '李四光', '龙杰']);
  });

  it('refuses in words, and changes nothing', async () => {
    const file = path.join(folder, 'a.csv');
    await writeFile(file, '龙杰,620799195403273977,金山花园1-1-101\n文佳佳,,金山花园1-1-101\n');
    expect((await run(file)).answer).toEqual({ refused: expect.stringContaining('表头') });
    expect((await run(path.join(folder, 'none.xlsx'))).answer).toEqual({
      refused: expect.stringContaining('none.xlsx'),
    });
    const elsewhere = await importRosterCommand({ file, communityId: 'nobody' }, office, () => undefined);
    expect(elsewhere).toEqual({ refused: expect.stringContaining('nobody') });
    expect(await people()).toEqual([]);
  });
});
