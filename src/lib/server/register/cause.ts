/** What a change of the register is made with: why, by whom, and the working copy that its steps share. */
import type { Provenance } from '../../domain/register';
import type { Transaction } from '../database/database';
import type { RegisterDraft } from './draft';
import type { Origin } from './provenance';
import type { DwellingRecord } from './records';

/** Why the register changes, and by whom. Times RFC 3339. */
export type Cause = {
  source: 'import' | 'submission' | 'correction';
  /** The account whose word the values are: the worker's of a submission. */
  by: string;
  /** When the register is written. */
  at: string;
  /** When it was seen or said at the door; `at` where it is the same. */
  saidAt?: string;
  /** How it was said; null for a correction at the desk, which confirms nothing. */
  how?: Provenance['how'];
  submissionId?: string;
  decisionId?: string;
  reason?: string;
  /** Values that the coordinator changed when approving, as `<entity id>/<field>`: theirs in history and provenance. */
  corrected?: { by: string; values: ReadonlySet<string> };
  /** Somebody of the household answered: what was not corrected of door and households is confirmed. */
  confirms?: boolean;
  /** Values that changed since the one who says *unchanged* saw them, as `<entity id>/<field>` (`*`: all): no word confirms them. */
  unseen?: ReadonlySet<string>;
  /** The id that the record gave to this door, which the register has under its own: it becomes an alias (TWO-5). */
  proposedAs?: string;
  /** The door that the record names, which was struck off and found again as this one, perhaps more than once: households that the record names come along. */
  former?: readonly DwellingRecord[];
  /** Ids for buildings that a new dwelling makes. */
  newId: () => string;
};

/** A step that the register cannot take: an id that stands for something else, a grid or a record that is not there. */
export class RegisterRefusal extends Error {
  constructor(
    readonly code:
      'id_taken' | 'door_there' | 'unknown_grid' | 'unknown_dwelling' | 'unknown_household' | 'unknown_resident',
    readonly entityId: string,
  ) {
    super(`${code}: ${entityId}`);
  }
}

export type StepContext = {
  tx: Transaction;
  communityId: string;
  draft: RegisterDraft;
  cause: Cause;
  /** The door that the submission is about; its alias's end once it is known to be one with another. */
  dwellingId: string;
  origin: Origin;
};
