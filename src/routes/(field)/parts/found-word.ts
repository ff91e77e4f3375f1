/** What came of a record, in a word, whichever form said it: also of one of which the office's word alone is on this phone. */
import type { CodeListId } from '$lib/domain/codes/codes';
import type { RecordView } from '$lib/device/phone';
import { codeWord } from './code-words';

const lists: Record<RecordView['kind'], CodeListId> = {
  'household-verification': 'visit-outcome',
  'care-visit': 'care-outcome',
  concern: 'concern-category',
  'hand-back': 'hand-back-reason',
};

/** '' where nothing is told. */
export function foundWord({ kind, outcome }: Pick<RecordView, 'kind' | 'outcome'>): string {
  return outcome ? codeWord(lists[kind], outcome) : '';
}
