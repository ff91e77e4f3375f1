/** Which version of its form a draft is in: the newest when it begins, and that one until it ends. */
import type { Draft } from '$lib/device/phone';
import type { FormDefinition } from '$lib/forms/definition';
import type { FieldApp } from './field-app.svelte';

/** The form that a new draft of this kind begins with. */
export function formOf(app: FieldApp, kind: Draft['kind']): Draft['form'] {
  const { id, version } = app.phone.register.forms.newest(kind);
  return { id, version };
}

/** The definition that a draft is checked by; the newest where this phone does not know its version any more. */
export function definitionOf(app: FieldApp, { form }: Pick<Draft, 'form'>): FormDefinition {
  return app.phone.register.forms.find(form) ?? app.phone.register.forms.newest(form.id);
}
