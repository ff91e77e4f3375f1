/** Why a decision was not taken, in words that say what to do next. */
import type { DecisionAnswer, DecisionKind } from '$lib/server/review/decision';
import * as m from '$lib/paraglide/messages';
import { fieldWord, listComma, timeWord, valueWord } from '../words';
import { problemWhere, problemWord } from './problem-words';

export type Refusal =
  | Exclude<DecisionAnswer, { done: string }>
  | {
      refused:
        'words' | 'reason' | 'no-correction' | 'door' | 'keep-door' | 'words-early' | 'bulk-changed' | 'bulk-unopened';
    }
  /** By the same person: pressed again, since no answer came. */
  | { refused: 'decided-before'; at: string; kind: DecisionKind }
  /** The page was made for another account than the one that is signed in. */
  | { refused: 'other-account'; by: string };

export function answerWord(answer: Refusal, now: string): string {
  switch (answer.refused) {
    case 'words':
      return m.desk_refused_words();
    case 'reason':
      return m.desk_refused_reason();
    case 'no-correction':
      return m.desk_refused_no_correction();
    case 'door':
      return m.desk_refused_door();
    case 'keep-door':
      return m.desk_refused_keep_door();
    case 'words-early':
      return m.desk_refused_words_early();
    case 'bulk-changed':
      return m.desk_refused_bulk_changed();
    case 'bulk-unopened':
      return m.desk_refused_bulk_unopened();
    case 'decided-before':
      return m.desk_refused_own({ at: timeWord(answer.at, now), what: decisionWord(answer.kind) });
    case 'other-account':
      return m.desk_refused_other_account({ by: answer.by });
    case 'unknown':
      return m.desk_refused_unknown();
    case 'decided':
      return m.desk_refused_decided({ by: answer.by, at: timeWord(answer.at, now), what: decisionWord(answer.kind) });
    case 'newer-revision':
      return m.desk_refused_newer({ n: answer.revision });
    case 'erased':
      return m.desk_refused_erased({ at: timeWord(answer.at, now) });
    case 'stale-basis': {
      const since = answer.since.map(({ name, field, now: is }) =>
        field === '*' ? name : [name, fieldWord(field), valueWord(field, is)].filter(Boolean).join(' '),
      );
      return m.desk_refused_stale({
        what: [...new Set(since)].filter(Boolean).join(listComma()) || m.desk_the_record(),
      });
    }
    case 'asks':
      return m.merge_refused_asks({ n: answer.keys.length });
    case 'built-upon': {
      const names = [...new Set(answer.upon.map(({ name }) => name).filter(Boolean))];
      return m.desk_refused_built_upon({ what: names.join(listComma()) || m.desk_the_dwelling() });
    }
    case 'invalid':
      return m.desk_refused_invalid({
        what: answer.problems
          .map((problem) => [problemWhere(problem.path), problemWord(problem)].filter(Boolean).join(m.desk_colon()))
          .join(' '),
      });
    case 'not-open':
      return m.desk_refused_not_open();
    default:
      answer satisfies never;
      return '';
  }
}

export function decisionWord(kind: DecisionKind): string {
  return {
    accept: m.desk_past_accepted,
    approve: m.desk_past_approved,
    return: m.desk_past_returned,
    void: m.desk_past_voided,
    undo: m.desk_past_undone,
  }[kind]();
}
