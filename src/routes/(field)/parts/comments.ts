/** A coordinator's words, found at the answers they are about. Paths are those of the record that was looked at. */
import type { RecordView } from '$lib/device/phone';
import type { ReviewComment } from '$lib/sync/items';

type Path = readonly (string | number)[];

/** Comments on this answer or inside it. */
export function commentsUnder(record: RecordView | null, path: Path): ReviewComment[] {
  if (!record || record.state === 'approved' || record.state === 'voided') return [];
  return record.comments.filter((comment) => path.every((part, index) => comment.path[index] === part));
}

/** Answers of a verification whose comments stand at a place of their own, on one of its screens. */
const placed: readonly unknown[] = ['dwelling', 'informant', 'outcome', 'note'];

/** Words about a verification as a whole, or about an answer that has no place of its own: they stand above every step. */
export function generalComments(record: RecordView | null): ReviewComment[] {
  return commentsUnder(record, []).filter(
    ({ path }) =>
      !placed.includes(path[0]) && !(path[0] === 'households' && path[2] === 'residents' && path.length > 3),
  );
}

/** Of a form on one screen: names of the fields that the first comment on an answer may be about, the nearest first. */
export function firstCommented(record: RecordView | null): string[] {
  const path = commentsUnder(record, []).find((comment) => comment.path.length > 0)?.path ?? [];
  const names = path.filter((part) => typeof part === 'string').reverse();
  if (typeof path[1] !== 'number') return names;
  // An entry of a list is called by its place, what stands in it by its own name behind that.
  const entry = path.slice(0, 2).join('-');
  return path.length > 2 ? [path.slice(0, 3).join('-'), entry, ...names] : [entry, ...names];
}

/** Comments on one answer about a household, in the record that was looked at. */
export function commentsOnHousehold(record: RecordView | null, householdId: string, field: string): ReviewComment[] {
  const households = record?.body?.['households'];
  if (!Array.isArray(households)) return [];
  const at = households.findIndex((entry) => isGroup(entry) && entry['id'] === householdId);
  return at === -1 ? [] : commentsUnder(record, ['households', at, field]);
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
