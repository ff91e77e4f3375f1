/** Why a value was not corrected, in words. */
import type { CorrectionAnswer } from '$lib/server/register/correct';
import * as m from '$lib/paraglide/messages';
import { wordOf } from '../../words';

export type CorrectionRefusal = Exclude<CorrectionAnswer, { done: true }>;
/** What came of the last try. */
export type Wrong = { refusal?: CorrectionRefusal; reason?: string };

export function refusalWord(refusal: CorrectionRefusal): string {
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
    case 'value':
      return wordOf(`problem_${refusal.code.replaceAll('-', '_')}`) ?? m.desk_correct_value();
  }
}
