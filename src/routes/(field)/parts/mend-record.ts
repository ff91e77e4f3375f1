/** Opens the form of a record again, as its next revision, at the first answer that somebody commented on. */
import type { Draft, RecordView } from '$lib/device/phone';
import type { FieldApp } from './field-app.svelte';
import { places, stepPlace } from './places';
import { revisedVerification } from './verification-draft';

/** The address of the form; null where this phone no longer knows the door. */
export async function mendRecord(app: FieldApp, record: RecordView): Promise<string | null> {
  const { target } = record;
  if (record.kind === 'care-visit') return `${places.visitForm(target.id)}?record=${record.id}`;
  if (record.kind === 'concern') return `${places.concern}?record=${record.id}`;
  if (record.kind === 'hand-back') return `${places.handBack(target.id)}?record=${record.id}`;
  const view = app.phone.register.door(target.id);
  if (!view || !record.body) return null;
  const door = { type: 'dwelling', id: target.id } as const;
  const kept = await app.phone.draftOf(door, 'household-verification');
  if (!kept) {
    await app.phone.keepDraft({ ...revisedVerification(app, view, record), place: firstPlace(record) });
    app.drafts.forgetTarget('household-verification', door);
    return stepPlace(record.kind, target.id, firstPlace(record).step);
  }
  return stepPlace(record.kind, target.id, kept.submissionId === record.id ? kept.place.step : 'knock');
}

/** The step and the field of the first comment; the people where no comment names one. */
function firstPlace(record: RecordView): Draft['place'] {
  const { body, comments } = record;
  const answered = body?.['outcome'] === 'verified' || body?.['outcome'] === 'partly-verified';
  if (!answered) return { step: 'knock', field: null };
  for (const { path } of comments) {
    const id = residentAt(body, path);
    if (id) return { step: `person:${id}`, field: typeof path[4] === 'string' ? path[4] : null };
    if (path[0] === 'dwelling' || (path[0] === 'households' && path.length > 2))
      return { step: 'dwelling', field: null };
    if (path[0] === 'informant' || path[0] === 'note') return { step: 'finish', field: String(path[0]) };
  }
  return { step: 'people', field: null };
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
