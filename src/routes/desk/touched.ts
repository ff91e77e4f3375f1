/** What somebody wrote into the desk and did not send: it stands in its field whatever is answered, and read anew because of it. */
import { createContext, tick } from 'svelte';
import type { SubmitFunction } from '@sveltejs/kit';
import { typedIn } from './typed';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const isField = (target: unknown): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** The desk's own, for all its pages. */
export const [touchedOf, setTouched] = createContext<Touched>();

/** The fields that somebody typed into, ticked or chose from, as her hand left them. Whoever searches or filters writes nothing. */
export class Touched {
  readonly #left = new Map<Field, string | boolean>();

  /** For `input` events of the desk. */
  readonly note = ({ target }: Event): void => {
    if (
      !isField(target) ||
      target.type === 'file' ||
      target.form?.method !== 'post' ||
      target.form.matches('[role=search]')
    )
      return;
    // Ticked and unticked again it is as if never touched.
    if (target.type === 'checkbox' && this.#left.has(target)) this.#left.delete(target);
    else {
      this.#letGoBeside(target);
      this.#left.set(target, stateOf(target));
    }
  };

  /** Of several radios to choose from only the one that was pressed last is chosen: it alone tells of itself, and nothing of the others. */
  #letGoBeside({ type, form, name }: Field): void {
    if (type !== 'radio') return;
    for (const field of this.#left.keys())
      if (field.type === type && field.form === form && field.name === name) this.#left.delete(field);
  }

  /** Whether a form holds something that was written: by its own word (`typedIn`), or in a field that was touched and is not empty. */
  any(page: ParentNode): boolean {
    const isLeft = [...this.#left].some(([field, state]) => field.isConnected && state !== '');
    return (
      isLeft || [...page.querySelectorAll('form')].some((form) => Object.keys(typedIn(new FormData(form))).length > 0)
    );
  }

  /**
   * The page shows what is new; fields that were touched go on showing what her hand left there, the last of it typed while the page was read.
   * What was sent and is done is no longer hers: it shows what the office holds.
   */
  kept(submit: SubmitFunction): SubmitFunction {
    return async (input) => {
      const sent = new Map([...this.#left].filter(([{ form }]) => form === input.formElement));
      const settle = await submit(input);
      return async (outcome) => {
        if (outcome.result.type === 'success' || outcome.result.type === 'redirect')
          for (const [field, state] of sent) if (this.#left.get(field) === state) this.#left.delete(field);
        await settle?.(outcome);
        await tick();
        for (const [field, state] of this.#left) {
          if (field.isConnected) put(field, state);
          else this.#left.delete(field);
        }
      };
    };
  }
}

const isTick = (field: Field): field is HTMLInputElement => field.type === 'checkbox' || field.type === 'radio';

const stateOf = (field: Field): string | boolean => (isTick(field) ? field.checked : field.value);

function put(field: Field, state: string | boolean): void {
  if (typeof state === 'string') field.value = state;
  else if (isTick(field)) field.checked = state;
}
