/** The words for what came of a visit, whichever form said it. */
import { isCode, type CodeListId } from '$lib/domain/codes/codes';
import * as m from '$lib/paraglide/messages';
import { codeWord, wordOf } from '../words';

const lists: CodeListId[] = ['visit-outcome', 'care-outcome', 'concern-category', 'hand-back-reason'];

export function listOfOutcome(kind: string): CodeListId | null {
  switch (kind) {
    case 'household-verification':
      return 'visit-outcome';
    case 'care-visit':
      return 'care-outcome';
    case 'concern':
      return 'concern-category';
    case 'hand-back':
      return 'hand-back-reason';
    default:
      return null;
  }
}

/** The label of an outcome; without its kind, the first list that has the code. */
export function outcomeWord(code: string, kind = ''): string {
  const list = listOfOutcome(kind) ?? lists.find((id) => isCode(id, code));
  return list ? codeWord(list, code) : code;
}

export function kindWord(kind: string): string {
  switch (kind) {
    case 'household-verification':
      return m.desk_kind_verification();
    case 'care-visit':
      return m.desk_kind_care_visit();
    case 'concern':
      return m.desk_kind_concern();
    case 'hand-back':
      return m.desk_kind_hand_back();
    default:
      return m.desk_kind_unknown();
  }
}

/** Where a record stands; a door that was handed back is answered, not approved or voided. */
export function reviewWord(review: string, kind: string): string {
  const own = kind === 'hand-back' ? wordOf(`desk_back_state_${review}`) : null;
  return own ?? wordOf(`desk_state_${review}`) ?? review;
}
