/** Review 审核: what a coordinator may ask of a submission, and what the office answers. */
import type { Correction } from '../../sync/items';
import type { Problem } from '../../sync/protocol';
import type { SinceChange } from '../../domain/since';
import type { ChoiceSaid } from './weigh';

/** `accept` takes a record out of quarantine: it waits for its decision like any other (QUA-3). */
export type DecisionKind = 'accept' | 'approve' | 'return' | 'void' | 'undo';
export type Path = (string | number)[];

/** A decision names what its maker saw: revision, digest and the decision before it (TWO-3, TWO-4). */
export type Decision = {
  submissionId: string;
  revision: number;
  digest: string;
  /** The submission's last decision that was on the screen; null where there was none. */
  previous: string | null;
  /** When somebody was last erased from the record that was on the screen, null where nobody was; without it that is not asked. */
  erasedAt?: string | null;
  kind: DecisionKind;
  /** `return`: words on single answers; an empty path is a word on the whole record. At least one. */
  comments?: { path: Path; text: string }[];
  /** `accept`, `approve`: values that the coordinator changed; `null` takes an answer out. */
  corrections?: Correction[];
  /** `accept`: the revision beside (`partKey`) that the submission is to stand for, in the place of the one named above (REC-3). */
  choose?: string;
  /** `approve`: which side counts where the record and the register differ (TWO-2), by the question's key. */
  choices?: ChoiceSaid[];
  /** `void`: why; required. */
  reason?: string;
  /** `approve`: the door's `registerVersion` that was on the screen. Without it an older basis is refused. */
  registerVersion?: string | null;
  /** `approve` of a door that is no dwelling or not there: keep it in the register all the same. */
  keepDoor?: boolean;
};

/** Who decided first, by name and by id (names are several people's), and what; `decisionId` is what the next decision has to name. */
export type Taken = { decisionId: string; kind: DecisionKind; by: string; byId: string; at: string };

export type DecisionAnswer =
  | { done: string }
  | { refused: 'unknown' }
  | ({ refused: 'decided' } & Taken)
  | { refused: 'newer-revision'; revision: number; digest: string }
  /** Somebody was erased from the record since it was on the screen, at that time (REC-11). */
  | { refused: 'erased'; at: string }
  /** The register of the door is not what the page showed, or the page did not show that it had changed since the basis. */
  | { refused: 'stale-basis'; registerVersion: string | null; since: SinceChange[] }
  /** Questions without a choice, by key: two said something different, and nobody has said which counts. */
  | { refused: 'asks'; keys: string[] }
  /** What stands on the decision by now: rows of the register, with the people's names where they have one. */
  | { refused: 'built-upon'; upon: { entityType: string; entityId: string; name: string }[] }
  | { refused: 'invalid'; problems: Problem[] }
  /** Not open to this decision: an approved record is undone, not approved again. */
  | { refused: 'not-open'; review: string };

/** Raised inside the transaction to take it back; its answer is the caller's. */
export class Refused extends Error {
  constructor(readonly answer: DecisionAnswer) {
    super('refused');
  }
}

export function problem(code: string, path: Path = []): Problem {
  return { path, code, message: '' };
}
