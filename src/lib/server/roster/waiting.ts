/** What an import leaves as it is until a person says yes, as questions: where the file says it, and where they are answered. */
import * as m from '$lib/paraglide/messages';
import * as z from 'zod';
import type { Locale } from '../../domain/codes/codes';
import { placeLabel } from '../../domain/door-label';
import { DoorDetail } from './door-detail';
import type { DoorPlan, RosterChange } from './plan-door';
import type { RosterQuestion } from './questions';

/** Where the desk takes a roster in. */
const DESK = '/desk/roster';

export const waitingCodes = ['waits_grid', 'waits_left', 'waits_returned', 'waits_values'] as const;
export type WaitingCode = (typeof waitingCodes)[number];

const Detail = z.object({
  place: DoorDetail,
  name: z.string(),
  count: z.int(),
});

/** One question for each kind of change of a door or person. */
export function waitingQuestions({ roster, households, changes }: DoorPlan): RosterQuestion[] {
  const held = Map.groupBy(
    changes.filter((change) => change.held),
    (change) => `${codeOf(change)} ${change.id}`,
  );
  const people = households.flatMap((household) => household.people);
  return [...held.values()].flatMap((own): RosterQuestion[] => {
    const [first] = own;
    if (!first) return [];
    const code = codeOf(first);
    const row = people.find(({ known }) => known?.id === first.id)?.person.row ?? roster.at;
    const detail: z.infer<typeof Detail> = { place: roster.place, name: first.name, count: own.length };
    const { column, value } = code === 'waits_grid' ? roster.at : { column: '', value: '' };
    return [{ sheet: row.sheet, row: row.row, column, value, code, detail: JSON.stringify(detail) }];
  });
}

function codeOf({ kind }: RosterChange): WaitingCode {
  if (kind === 'grid') return 'waits_grid';
  if (kind === 'left') return 'waits_left';
  return kind === 'returned' ? 'waits_returned' : 'waits_values';
}

export function waitingText(code: WaitingCode, value: string, detail: string, locale: Locale): string {
  const { place, name, count } = Detail.parse(JSON.parse(detail));
  const [options, said] = [{ locale }, { door: placeLabel(place, locale), name, desk: DESK }];
  switch (code) {
    case 'waits_grid':
      return m.roster_question_waits_grid({ ...said, value }, options);
    case 'waits_left':
      return m.roster_question_waits_left(said, options);
    case 'waits_returned':
      return m.roster_question_waits_returned(said, options);
    case 'waits_values':
      return m.roster_question_waits_values({ ...said, count }, options);
  }
}
