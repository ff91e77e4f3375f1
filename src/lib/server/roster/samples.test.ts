import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal } from './refusal';
import { readRoster } from './read';
import { rosterReport } from './report';
import { understand, type RosterUnderstanding } from './understand';

const folder = path.resolve('tests/fixtures/rosters');

type Expected = {
  bySex: Record<string, number>;
  faults?: { idRoundedBySpreadsheet: number; idChecksumWrong: number };
  withoutPhone: number;
} & Record<string, unknown>;

async function understood(name: string): Promise<RosterUnderstanding> {
  const sheets = await readRoster(await readFile(path.join(folder, name)), name);
  if (isRefusal(sheets)) throw new Error(sheets.refused);
  const understanding = understand(sheets, '2026-11-23');
  if (isRefusal(understanding)) throw new Error(understanding.refused);
  return understanding;
}

async function expected(name: string): Promise<Expected> {
  return JSON.parse(await readFile(path.join(folder, 'expected.json'), 'utf8'))[name];
}

const figures = [
  'dwellings',
  'vacantDwellings',
  'households',
  'residents',
  'grids',
  'buildings',
  'byResidence',
] as const;

describe.each(['roster-plain.xlsx', 'roster-ledger.xlsx', 'roster-gbk.csv'])('%s', (name) => {
  it('ends with the figures of its expectation', async () => {
    const [understanding, truth] = [await understood(name), await expected(name)];
    const report = rosterReport(understanding);
    for (const figure of figures) expect({ [figure]: report[figure] }).toEqual({ [figure]: truth[figure] });
    const people = understanding.roster.doors.flatMap((door) =>
      door.households.flatMap((household) => household.people),
    );
    expect(people.filter(({ stated }) => !stated.phone)).toHaveLength(truth.withoutPhone);
    const nothingStates = people.filter(({ stated }) => stated.sex === undefined).length;
    const { 未知: unknown = 0, ...bySex } = report.bySex;
    expect(unknown).toBe(nothingStates);
    for (const [sex, count] of Object.entries(truth.bySex)) {
      expect(bySex[sex]).toBeLessThanOrEqual(count);
      expect(count - (bySex[sex] ?? 0)).toBeLessThanOrEqual(nothingStates);
    }
  });

  it('asks exactly once for each number that is rounded or fails its checksum, and takes none of them', async () => {
    const [understanding, truth] = [await understood(name), await expected(name)];
    const { questions } = rosterReport(understanding);
    const codes = questions.filter(({ code }) => code.startsWith('id_')).map(({ code }) => code);
    expect(codes.filter((code) => code === 'id_rounded')).toHaveLength(truth.faults?.idRoundedBySpreadsheet ?? 0);
    expect(codes.filter((code) => code !== 'id_rounded')).toHaveLength(truth.faults?.idChecksumWrong ?? 0);
    const asked = new Set(questions.map(({ sheet, row, column }) => `${sheet} ${row} ${column}`));
    expect(asked.size).toBe(questions.length);
  });
});
