/** What the desk shows of a roster on its way in: sheets, columns, a preview, questions, what would change. Kept as JSON in `roster_import`. */
import * as z from 'zod';
import { placeLabel } from '../../domain/door-label';
import { codeLabel } from '../../domain/codes/code-label';
import { maskIdentityNumber } from '../../domain/identity-number';
import type { Reader } from '../register/read';
import { loadRecords } from '../register/read';
import { RosterField } from './fields';
import type { ImportPlan } from './plan';
import type { RosterChange } from './plan-door';
import { questionText, type RosterQuestion } from './questions';
import { rosterReport } from './report';

const PREVIEWED = 20;
/** More than anybody reads on one page; the counts beside them are of all. */
const SHOWN = 500;

const Meaning = z.union([RosterField, z.literal('left')]).nullable();
const SheetSummary = z.object({
  name: z.string(),
  left: z.enum(['empty', 'no-header', 'no-name', 'no-address', 'by-person']).nullable(),
  header: z.tuple([z.int(), z.int()]).nullable(),
  columns: z.array(
    z.object({
      index: z.int(),
      header: z.string(),
      group: z.string(),
      meaning: Meaning,
      by: z.enum(['words', 'content', 'person']),
      samples: z.array(z.string()),
    }),
  ),
  rows: z.int(),
  totals: z.int(),
  hiddenRows: z.int(),
  hidden: z.boolean(),
});
const Figures = z.object({
  grids: z.int(),
  buildings: z.int(),
  dwellings: z.int(),
  households: z.int(),
  residents: z.int(),
});
const Question = z.object({
  sheet: z.string(),
  row: z.int(),
  column: z.string(),
  value: z.string(),
  code: z.string(),
  detail: z.string(),
  message: z.string(),
});
const ShownChange = z.object({
  key: z.string(),
  kind: z.enum(['changed', 'moved', 'left', 'grid', 'returned']),
  entity: z.enum(['dwelling', 'household', 'resident']),
  dwellingId: z.string(),
  /** In words: `金山花园 1号楼 1单元 101`. */
  door: z.string(),
  name: z.string(),
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  held: z.boolean(),
});

export const RosterSummary = z.object({
  sheets: z.array(SheetSummary),
  preview: z.array(
    z.object({
      sheet: z.string(),
      row: z.int(),
      grid: z.string(),
      door: z.string(),
      name: z.string(),
      relation: z.string(),
      sex: z.string(),
      birthDate: z.string(),
      idNumberMasked: z.string(),
      phone: z.string(),
      residence: z.string(),
    }),
  ),
  report: Figures.extend({
    rows: z.int(),
    vacantDwellings: z.int(),
    bySex: z.record(z.string(), z.int()),
    byResidence: z.record(z.string(), z.int()),
  }),
  repeatedRows: z.int(),
  questions: z.array(Question),
  questionCount: z.int(),
  added: Figures,
  unchangedDoors: z.int(),
  changes: z.array(ShownChange),
  changeCount: z.int(),
  /** Keys of all changes that a person is asked about. */
  heldKeys: z.array(z.string()),
});
export type RosterSummary = z.infer<typeof RosterSummary>;

export async function summarise(db: Reader, communityId: string, plan: ImportPlan): Promise<RosterSummary> {
  const { sheets, roster } = plan.understanding;
  const { questions, ...report } = rosterReport(plan.understanding);
  const held = plan.changes.filter((change) => change.held);
  // what waits for a person's word comes first
  const shown = [...held, ...plan.changes.filter((change) => !change.held)].slice(0, SHOWN);
  return {
    sheets: sheets.map(({ section: _section, ...sheet }) => sheet),
    preview: previewOf(plan),
    report,
    repeatedRows: roster.repeated,
    questions: questions
      .slice(0, SHOWN)
      .map((question, index) => ({ ...question, detail: roster.questions[index]?.detail ?? '' })),
    questionCount: questions.length,
    added: plan.added,
    unchangedDoors: plan.unchanged,
    changes: await withDoors(db, communityId, shown),
    changeCount: plan.changes.length,
    heldKeys: held.map(({ key }) => key),
  };
}

/** With questions that came up while it was imported. */
export function withQuestions(summary: RosterSummary, asked: readonly RosterQuestion[]): RosterSummary {
  const said = asked.map((question) => ({ ...question, message: questionText(question) }));
  const questionCount = summary.questionCount + asked.length;
  return { ...summary, questions: [...said, ...summary.questions].slice(0, SHOWN), questionCount };
}

/** As it was understood, not as it stands in the file. */
function previewOf({ understanding }: ImportPlan): RosterSummary['preview'] {
  const rows: RosterSummary['preview'] = [];
  for (const { grid, place, households } of understanding.roster.doors) {
    for (const { row, name, stated } of households.flatMap(({ people }) => people)) {
      if (rows.length === PREVIEWED) return rows;
      const number = stated.idNumber ?? '';
      rows.push({
        sheet: row.sheet,
        row: row.row,
        grid,
        door: placeLabel(place),
        name,
        relation: stated.relation ? codeLabel('relation', stated.relation, 'zh-CN') : '',
        sex: stated.sex ? codeLabel('sex', stated.sex, 'zh-CN') : '',
        birthDate: stated.birthDate ?? '',
        idNumberMasked: maskIdentityNumber(number),
        phone: stated.phone ?? '',
        residence: stated.residence ? codeLabel('residence', stated.residence, 'zh-CN') : '',
      });
    }
  }
  return rows;
}

/** Doors in words; grids and households by their names where a change only has their ids. */
async function withDoors(db: Reader, communityId: string, changes: RosterChange[]): Promise<RosterSummary['changes']> {
  const ids = new Set(
    changes.flatMap(({ dwellingId, field, after }) =>
      field === 'dwellingId' ? [dwellingId, String(after)] : [dwellingId],
    ),
  );
  const doors = await loadRecords(db, communityId, 'dwelling', [...ids]);
  const grids = await db.selectFrom('grid').select(['id', 'name']).where('community_id', '=', communityId).execute();
  const gridNames = new Map(grids.map(({ id, name }) => [id, name]));
  const doorInWords = (id: unknown) => {
    const fields = doors.get(String(id))?.fields;
    return fields ? placeLabel(fields) : '';
  };
  const inWords = (field: string, value: unknown) => {
    if (field === 'gridId') return gridNames.get(String(value)) ?? value;
    return field === 'dwellingId' ? doorInWords(value) : value;
  };
  return changes.map(({ id: _id, ...change }) => ({
    ...change,
    door: doorInWords(change.dwellingId),
    before: inWords(change.field, change.before),
    after: inWords(change.field, change.after),
  }));
}
