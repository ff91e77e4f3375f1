/** A form that is begun: nothing kept yet, a submission of its own until it turns out to be the next revision of another. */
import type { Draft } from '$lib/device/phone';
import { formOf } from './draft-form';
import type { FieldApp } from './field-app.svelte';

type Begun = Pick<Draft, 'target' | 'body' | 'place'> & Partial<Draft>;

export function newDraft(app: Pick<FieldApp, 'phone' | 'world' | 'now'>, kind: Draft['kind'], begun: Begun): Draft {
  const id = app.world.uuid();
  const now = app.now();
  return {
    id,
    submissionId: id,
    kind,
    form: formOf(app, kind),
    basis: {},
    prefilledFrom: null,
    secondsOpen: 0,
    startedAt: now,
    changedAt: now,
    ...begun,
  };
}
