/** Opens the form of a record again, as its next revision, at the first answer that somebody commented on. */
import type { RecordView } from '$lib/device/phone';
import type { FieldApp } from './field-app.svelte';
import { places } from './places';
import { newVerification, revisedVerification } from './verification-draft';

/** The address of the form; null where this phone no longer knows the door. */
export async function mendRecord(app: FieldApp, record: RecordView): Promise<string | null> {
  const { target } = record;
  if (record.kind === 'care-visit') return `${places.visitForm(target.id)}?record=${record.id}`;
  if (record.kind === 'concern') return `${places.concern}?record=${record.id}`;
  if (record.kind === 'hand-back') return `${places.handBack(target.id)}?record=${record.id}`;
  const view = app.phone.register.door(target.id);
  if (!view || !record.body) return null;
  const kept = await app.phone.draftOf({ type: 'dwelling', id: target.id }, 'household-verification');
  if (!kept || kept.submissionId !== record.id) {
    // A draft of another knock stays where it is; without one this record's form is opened.
    const draft = record.body ? revisedVerification(app, view, record) : newVerification(app, view);
    if (!kept) await app.phone.keepDraft(draft);
    app.drafts.forgetTarget('household-verification', { type: 'dwelling', id: target.id });
  }
  return firstPlace(record);
}

function firstPlace(record: RecordView): string {
  const door = record.target.id;
  const { body, comments } = record;
  const answered = body?.['outcome'] === 'verified' || body?.['outcome'] === 'partly-verified';
  if (!answered) return places.door(door);
  for (const comment of comments) {
    const id = residentAt(body, comment.path);
    if (id) return places.person(door, id);
    if (
      comment.path[0] === 'dwelling' ||
      (comment.path[0] === 'households' && comment.path.length > 2 && comment.path[2] !== 'residents')
    )
      return places.dwelling(door);
    if (comment.path[0] === 'informant' || comment.path[0] === 'note') return places.finish(door);
  }
  return places.people(door);
}

/** The resident whose entry a path leads into. */
export function residentAt(body: Record<string, unknown> | null, path: readonly (string | number)[]): string | null {
  if (path[0] !== 'households' || path[2] !== 'residents' || path.length < 4) return null;
  const entry = [path[0], path[1], path[2], path[3]].reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && part !== undefined ? Reflect.get(value, part) : undefined,
    body,
  );
  const id = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'id') : null;
  return typeof id === 'string' ? id : null;
}
