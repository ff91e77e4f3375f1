/** Which version of its form a draft is in: the newest when it begins, and that one until it ends. */
import { KnownForms } from '$lib/device/known-forms';
import type { Draft } from '$lib/device/phone';
import type { FormDefinition } from '$lib/forms/definition';
import type { FieldApp } from './field-app.svelte';

/** The form that a new draft of this kind begins with. */
export function formOf(app: Pick<FieldApp, 'phone'>, kind: Draft['kind']): Draft['form'] {
  const { id, version } = new KnownForms(app.phone.register).newest(kind);
  return { id, version };
}

/** The definition that a draft is checked by; the newest where this phone does not know its version any more. */
export function definitionOf(app: Pick<FieldApp, 'phone'>, { form }: Pick<Draft, 'form'>): FormDefinition {
  const forms = new KnownForms(app.phone.register);
  return forms.find(form) ?? forms.newest(form.id);
}
