/** What somebody wrote into a form of the desk stays in it when the page beneath is read anew. */
import { tick } from 'svelte';
import type { Action } from 'svelte/action';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const isTick = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio');
const keyOf = (control: Control): string => (isTick(control) ? `${control.name}=${control.value}` : control.name);

/** For one form: `watch` notes where something is written, `over` reads anew and puts back what was written. */
export class Written {
  #touched = new Set<string>();
  #form: HTMLFormElement | null = null;

  readonly watch: Action<HTMLFormElement> = (form) => {
    const note = ({ target }: Event): void => {
      if (isControl(target)) this.#touched.add(keyOf(target));
    };
    this.#form = form;
    this.#touched.clear();
    form.addEventListener('input', note);
    return { destroy: () => form.removeEventListener('input', note) };
  };

  /** A choice between sides (radio buttons) is not put back: what stands behind it may be another value by now. */
  async over(readAnew: () => Promise<void>): Promise<void> {
    const controls = (): Control[] => [...(this.#form?.elements ?? [])].filter(isControl);
    const held = new Map(
      controls()
        .filter((control) => control.type !== 'radio' && this.#touched.has(keyOf(control)))
        .map((control) => [keyOf(control), { value: control.value, ticked: isTick(control) && control.checked }]),
    );
    await readAnew();
    await tick();
    for (const control of controls()) {
      const was = held.get(keyOf(control));
      if (!was) continue;
      if (isTick(control)) control.checked = was.ticked;
      else control.value = was.value;
    }
  }
}

function isControl(node: unknown): node is Control {
  return node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement;
}
