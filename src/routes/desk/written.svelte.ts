/** What somebody wrote into a form of the desk stays in it when the page beneath is read anew, and when a decision was refused. */
import { tick } from 'svelte';
import type { Action } from 'svelte/action';
import { typedIn, type Typed } from './typed';

/** How fields are called, by name: for what has no field any more. */
type Labels = Record<string, string>;

/** For one form, and one record in it at a time. */
export class Written {
  #form: HTMLFormElement | null = null;
  #kept = $state.raw<{ about: string; typed: Typed; labels: Labels } | null>(null);

  /** What was kept of this record, which is newer than what any answer gave back; null where nothing was. */
  of(about: string): { typed: Typed; labels: Labels } | null {
    return this.#kept?.about === about ? this.#kept : null;
  }

  readonly watch: Action<HTMLFormElement> = (form) => {
    this.#form = form;
    this.#kept = null;
    return {
      destroy: () => {
        if (this.#form === form) this.#form = null;
      },
    };
  };

  /** Keeps what stands in the form now. It is shown as kept before anything beneath changes, so that each change is seen. */
  async keep(about: string): Promise<void> {
    if (!this.#form) return;
    const named = [...this.#form.querySelectorAll<HTMLElement>('[name][aria-label]')];
    const labels = named.map((field): [string, string] => [
      field.getAttribute('name') ?? '',
      field.getAttribute('aria-label') ?? '',
    ]);
    const known = this.of(about)?.labels;
    const typed = typedIn(new FormData(this.#form));
    this.#kept = { about, typed, labels: { ...known, ...Object.fromEntries(labels) } };
    await tick();
  }
}
