/** Which version of its form a draft is in: the newest when it begins, and that one until it ends. */
import { KnownForms } from '$lib/device/known-forms';
import type { Draft, RecordView } from '$lib/device/phone';
import type { FormDefinition } from '$lib/forms/definition';
import { readable, type Readable } from '$lib/forms/readable';
import type { FieldApp } from './field-app.svelte';

/** The form that a new draft of this kind begins with. */
export function formOf(app: Pick<FieldApp, 'phone'>, kind: Draft['kind']): Draft['form'] {
  const { id, version } = new KnownForms(app.phone.register).newest(kind);
  return { id, version };
}

/**
 * The form that the next revision of a record is made in: its own version, by which what it says already is checked. Another one only where the
 * office did not know that version and this phone does not either.
 */
export function formOfRecord(
  app: Pick<FieldApp, 'phone'>,
  { form, kind, problems }: Pick<RecordView, 'form' | 'kind' | 'problems'>,
): Draft['form'] {
  const known = form && new KnownForms(app.phone.register).find(form);
  if (form && (known ? known.kind === kind : !problems.some(({ code }) => code === 'form_unknown'))) return form;
  return formOf(app, kind);
}

/** The definition that a draft is checked by; the newest where this phone does not know its version any more. */
export function definitionOf(app: Pick<FieldApp, 'phone'>, { form }: Pick<Draft, 'form'>): FormDefinition {
  const forms = new KnownForms(app.phone.register);
  return forms.find(form) ?? forms.newest(form.id);
}

/** What a record says, as the screens of its next revision can hold it. */
export function readRecord(app: Pick<FieldApp, 'phone'>, record: RecordView): Readable {
  return readable(definitionOf(app, { form: formOfRecord(app, record) }), record.body);
}
