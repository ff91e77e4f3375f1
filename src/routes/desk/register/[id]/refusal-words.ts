/** Why a value was not corrected, in words. */
import type { CorrectionAnswer } from '$lib/server/register/correct';
import * as m from '$lib/paraglide/messages';
import { timeWord, wordOf } from '../../words';

export type CorrectionRefusal = Exclude<CorrectionAnswer, { done: true }>;
/** What came of the last try. */
export type Wrong = { refusal?: CorrectionRefusal | undefined; reason?: string };

export function refusalWord(refusal: CorrectionRefusal, now: string): string {
  switch (refusal.refused) {
    case 'unknown':
      return m.desk_correct_unknown();
    case 'reason':
      return m.desk_correct_reason();
    case 'field':
      return m.desk_correct_field();
    case 'unchanged':
      return m.desk_correct_unchanged();
    case 'changed':
      return m.desk_correct_changed();
    case 'before':
      return m.desk_refused_own({ at: timeWord(refusal.at, now), what: m.desk_did_correct() });
    case 'value':
      return wordOf(`problem_${refusal.code.replaceAll('-', '_')}`) ?? m.desk_correct_value();
  }
}
