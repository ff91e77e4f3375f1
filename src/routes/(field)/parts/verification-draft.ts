/** Where a verification begins: a new knock, or the next revision of a record that is not decided yet. */
import { outcomeClass } from '$lib/domain/outcomes';
import type { Draft, DoorView, RecordView } from '$lib/device/phone';
import { formOfRecord, readRecord } from './draft-form';
import type { FieldApp } from './field-app.svelte';
import { newDraft } from './new-draft';
import { emptyBody } from '$lib/forms/verification-body';
import { withDeparture } from '$lib/forms/verification-draft';
import { putOnto } from '$lib/forms/verification-onto';

/** A first revision about this door, prefilled from the register as the phone holds it. */
export function newVerification(app: Pick<FieldApp, 'phone' | 'world' | 'now'>, view: DoorView): Draft {
  const proposed = view.registered ? undefined : view.record?.body?.['dwelling'];
  return newDraft(app, 'household-verification', {
    target: { type: 'dwelling', id: view.door.id },
    basis: view.version === null ? {} : { [view.door.id]: view.version },
    prefilledFrom: view.registered ?? view.door,
    body: { ...emptyBody(), ...(proposed ? { dwelling: proposed } : {}) },
    place: { step: 'knock', field: null },
  });
}

/** The next revision of an own record: what was sent, to be mended. */
export function revisedVerification(
  app: Pick<FieldApp, 'phone' | 'world' | 'now'>,
  view: DoorView,
  record: RecordView,
): Draft {
  const draft = newVerification(app, view);
  const sent = withDeparture({ ...emptyBody(), ...readRecord(app, record).body });
  return {
    ...draft,
    submissionId: record.id,
    form: formOfRecord(app, record),
    prefilledFrom: view.registered ?? { ...view.door, households: [] },
    body: view.registered ? putOnto(null, view.registered, sent, () => app.world.uuid()) : sent,
    place: { step: startOf(record), field: null },
  };
}

/** An own record that is not decided, and more than a try at the door: it is mended, not told a second time. */
export function isRevisable(record: RecordView | null): record is RecordView {
  if (!record || record.kind !== 'household-verification' || !record.body) return false;
  if (record.state === 'returned') return true;
  if (!['on-this-phone', 'sending', 'at-the-office', 'quarantined', 'set-aside'].includes(record.state)) return false;
  const outcome = record.body['outcome'];
  return (
    outcome === 'verified' || outcome === 'partly-verified' || (isOutcome(outcome) && outcomeClass(outcome) !== 'open')
  );
}

function startOf(record: RecordView): string {
  const outcome = record.body?.['outcome'];
  return outcome === 'verified' || outcome === 'partly-verified' ? 'people' : 'knock';
}

function isOutcome(value: unknown): value is 'vacant' | 'moved-away' | 'not-a-dwelling' | 'no-such-door' {
  return value === 'vacant' || value === 'moved-away' || value === 'not-a-dwelling' || value === 'no-such-door';
}
