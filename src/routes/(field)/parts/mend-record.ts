/** Opens the form of a record again, as its next revision, at the first answer that somebody commented on. */
import type { Draft, RecordView } from '$lib/device/phone';
import { recordsOf } from '$lib/domain/json';
import type { DwellingItem } from '$lib/sync/items';
import type { FieldApp } from './field-app.svelte';
import { draftPlace, recordForm, stepPlace } from './places';
import { revisedVerification } from './verification-draft';

type Mending = Pick<FieldApp, 'phone' | 'drafts' | 'world' | 'now'>;

/**
 * The address of the form of this very record; null where this phone no longer knows the door. A form that was begun about another record or
 * visit is set aside, whole. Rejects where the disk takes no more; then nothing has changed.
 */
export async function mendRecord(app: Mending, record: RecordView): Promise<string | null> {
  const begun = await draftOf(app, record);
  if (begun) {
    await app.drafts.takeUp(begun);
    return draftPlace(begun);
  }
  if (record.kind !== 'household-verification') {
    await app.drafts.setAside(record.kind, record.target);
    return recordForm(record);
  }
  const view = app.phone.register.door(record.target.id);
  if (!view) return null;
  const revised = revisedVerification(app, view, record);
  const place = firstPlace(record, revised.body, view.door);
  await app.drafts.takeUp({ ...revised, place });
  return stepPlace(record.kind, record.target.id, place.step);
}

/** A correction of the record that was begun already, with all that was typed. */
async function draftOf(app: Mending, record: RecordView): Promise<Draft | null> {
  await app.drafts.flushAll();
  const drafts = await app.phone.drafts();
  return drafts.find(({ submissionId, kind }) => submissionId === record.id && kind === record.kind) ?? null;
}

/** The step and the field of the first comment; the people where no comment names one. `revised`: the body that the form begins with. */
function firstPlace({ body, comments }: RecordView, revised: Draft['body'], door: DwellingItem): Draft['place'] {
  const answered = revised['outcome'] === 'verified' || revised['outcome'] === 'partly-verified';
  if (!answered) return { step: 'knock', field: null };
  for (const { path } of comments) {
    const id = residentAt(body, path);
    if (id && isListed(id, revised, door))
      return { step: `person:${id}`, field: typeof path[4] === 'string' ? path[4] : null };
    if (path[0] === 'dwelling' || (path[0] === 'households' && path.length > 2 && path[2] !== 'residents'))
      return { step: 'dwelling', field: null };
    if (path[0] === 'informant' || path[0] === 'note') return { step: 'finish', field: String(path[0]) };
  }
  return { step: 'people', field: null };
}

function isListed(id: string, body: Draft['body'], door: DwellingItem): boolean {
  return [...recordsOf(body['households']), ...recordsOf(door.households)].some(({ record }) =>
    recordsOf(record['residents']).some((resident) => resident.record['id'] === id),
  );
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
