/** What a roster holds in figures, in the shape that `import-roster --json` prints. */
import { buildingKey } from '../../domain/door-key';
import { codeLabel } from '../../domain/codes/code-label';
import { questionText, type QuestionCode, type RosterQuestion } from './questions';
import type { RosterUnderstanding } from './understand';

export type RosterReport = {
  rows: number;
  dwellings: number;
  vacantDwellings: number;
  households: number;
  residents: number;
  grids: number;
  buildings: number;
  /** By the Chinese labels of the code lists; `未知` where the file states nothing. */
  bySex: Record<string, number>;
  byResidence: Record<string, number>;
  questions: { sheet: string; row: number; column: string; value: string; code: QuestionCode; message: string }[];
};

/** `waiting`: what the register keeps until a person says yes, after the file's own questions. */
export function rosterReport({ roster }: RosterUnderstanding, waiting: readonly RosterQuestion[] = []): RosterReport {
  const { doors, rows } = roster;
  const questions = [...roster.questions, ...waiting];
  const households = doors.flatMap((door) => door.households);
  const people = households.flatMap((household) => household.people);
  return {
    rows,
    dwellings: doors.length,
    vacantDwellings: doors.filter((door) => door.households.length === 0).length,
    households: households.length,
    residents: people.length,
    grids: new Set(doors.map((door) => door.grid)).size,
    buildings: new Set(doors.map((door) => buildingKey(door.place))).size,
    bySex: counted(people.map(({ stated }) => codeLabel('sex', stated.sex ?? '0', 'zh-CN'))),
    byResidence: counted(
      people.map(({ stated }) => (stated.residence ? codeLabel('residence', stated.residence, 'zh-CN') : '未知')),
    ),
    questions: questions.map(({ detail, ...asked }) => ({ ...asked, message: questionText({ ...asked, detail }) })),
  };
}

function counted(labels: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
