/** How each value of the register came to be: one column a row, a default with the fields that differ from it. */
import * as z from 'zod';
import { Provenance } from '../../domain/register';

export const ProvenanceColumn = z.object({
  default: Provenance,
  fields: z.record(z.string(), Provenance),
});
/** `default` holds for every field that `fields` does not name. */
export type ProvenanceColumn = z.infer<typeof ProvenanceColumn>;

/**
 * Where a write to the register comes from: the provenance its values get, and what the history says beside it.
 * A plain `Provenance` is enough (an import); `undo` is told apart from a correction by `source`.
 */
export type Origin = Provenance & {
  source?: 'import' | 'submission' | 'correction' | 'undo';
  /** When the register was written, RFC 3339 UTC; `since` where it is not given. */
  at?: string;
  decisionId?: string;
  submissionId?: string;
  reason?: string;
};

/** The provenance of one value. */
export function provenanceOf(column: ProvenanceColumn, field: string): Provenance {
  return column.fields[field] ?? column.default;
}

/** The column of a new row: all its values have one origin. */
export function provenanceOfNew(origin: Origin): ProvenanceColumn {
  return { default: valueProvenance(origin), fields: {} };
}

/** The column after `changed` fields got new values and `confirmed` ones were said again without a change; of `all`, not those in `except`. */
export function withProvenance(
  column: ProvenanceColumn,
  origin: Origin,
  changed: readonly string[],
  confirmed: readonly string[] | 'all',
  except: readonly string[] = [],
): ProvenanceColumn {
  const fields = { ...column.fields };
  let base = column.default;
  if (confirmed === 'all') {
    base = confirmation(base, origin);
    for (const [field, held] of Object.entries(fields)) fields[field] = confirmation(held, origin);
    for (const field of except) fields[field] = provenanceOf(column, field);
  } else {
    for (const field of confirmed) fields[field] = confirmation(fields[field] ?? base, origin);
  }
  for (const field of changed) fields[field] = valueProvenance(origin);
  return { default: base, fields };
}

function valueProvenance({ since, from, by, confirmedAt, confirmedBy, how }: Origin): Provenance {
  return { since, from, by, confirmedAt, confirmedBy, how };
}

/** A confirmation that is older than the one held (a record that arrived late) does not move it back. */
function confirmation(held: Provenance, origin: Origin): Provenance {
  const { confirmedAt, confirmedBy, how } = origin;
  if (confirmedAt === null) return held;
  if (held.confirmedAt !== null && Date.parse(held.confirmedAt) > Date.parse(confirmedAt)) return held;
  return { ...held, confirmedAt, confirmedBy, how };
}
