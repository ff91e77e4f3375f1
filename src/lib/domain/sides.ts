/** What a record is compared with, and what a comparison says of one value. */
import type { DoorLike, ResidentLike } from './door-like';
import type { SinceChange } from './since';

export type Path = (string | number)[];

/** What there is beside the record itself. */
export type Sides = {
  /** The register's door now, households that ended among them; null where it lacks the door. */
  door: DoorLike | null;
  /** Those of its households that ended. */
  ended: ReadonlySet<string>;
  /** The door had been struck off the register. */
  retired: boolean;
  /**
   * The record is about a door that had been struck off, and that was found again as this one (TWO-5): households and people left at the old one, who
   * stand among this one's; null where it is not so.
   */
  former: ReadonlySet<string> | null;
  /** What changed since the basis; null where the office does not hold that basis: then no value is known to be as it was. */
  since: readonly SinceChange[] | null;
  /** `<id>/<field>` of values that a basis does not tell and that may have changed since; `*` for a whole record. */
  unsure: ReadonlySet<string>;
  /** People whom the record names and who stand at another door now. */
  elsewhere: ReadonlyMap<string, { householdId: string; resident: ResidentLike }>;
  /** Ids that were found to be one with another (TWO-5). */
  aliases: ReadonlyMap<string, string>;
};

/** What the worker saw of a value; not known where the basis is not held. */
export type Seen = { known: true; value: unknown } | { known: false };
export type Take = 'register' | 'proposal' | 'own';

/** One value that a record proposes, from its three sides. */
export type Compared = {
  /** Names the question in forms and decisions: the answer's path as JSON, or `@<id>/<field>` where the record has no answer of its own. */
  key: string;
  path: Path | null;
  entity: 'dwelling' | 'household' | 'resident';
  entityId: string;
  name: string;
  field: string;
  basis: Seen;
  now: unknown;
  proposed: unknown;
  /** `same`: the register says it already; `merge`: it is taken; `ask`: a person chooses. */
  verdict: 'same' | 'merge' | 'ask';
  /** What can be chosen. */
  takes: readonly Take[];
  /** The step that would write it; null where no step does, or more than one value hangs on it. */
  step: number | null;
};
