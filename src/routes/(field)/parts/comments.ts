/** A coordinator's words, found at the answers they are about. Paths are those of the record that was looked at. */
import type { RecordView } from '$lib/device/phone';
import type { ReviewComment } from '$lib/sync/items';

type Path = readonly (string | number)[];

/** Comments on this answer or inside it. */
export function commentsUnder(record: RecordView | null, path: Path): ReviewComment[] {
  if (!record || record.state === 'approved' || record.state === 'voided') return [];
  return record.comments.filter((comment) => path.every((part, index) => comment.path[index] === part));
}

/** Where a resident stands in the record that was looked at: the path of their entry. */
export function residentPath(record: RecordView | null, residentId: string): Path | null {
  const households = record?.body?.['households'];
  if (!Array.isArray(households)) return null;
  for (const [index, household] of households.entries()) {
    const residents: unknown = isGroup(household) ? household['residents'] : null;
    if (!Array.isArray(residents)) continue;
    const at = residents.findIndex((entry) => isGroup(entry) && entry['id'] === residentId);
    if (at !== -1) return ['households', index, 'residents', at];
  }
  return null;
}

/** Comments on a resident's field, or on the resident as a whole where no field is named. */
export function commentsOn(record: RecordView | null, residentId: string, field: string | null): ReviewComment[] {
  const path = residentPath(record, residentId);
  if (!path) return [];
  const all = commentsUnder(record, path);
  return all.filter((comment) =>
    field === null ? comment.path.length === path.length : comment.path[path.length] === field,
  );
}

/** Names of the fields that somebody commented on. */
export function commentedFields(record: RecordView | null, residentId: string): string[] {
  const path = residentPath(record, residentId);
  if (!path) return [];
  return commentsUnder(record, path).flatMap((comment) => {
    const name = comment.path[path.length];
    return typeof name === 'string' ? [name] : [];
  });
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
