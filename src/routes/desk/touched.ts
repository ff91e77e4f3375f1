/** What somebody wrote into a page stands in it whatever is answered, and read anew because of it: in the form that was sent until that is done. */
import type { SubmitFunction } from '@sveltejs/kit';
import { tick } from 'svelte';

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
export const isField = (target: unknown): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** The fields of one page that somebody typed into, ticked or chose from. */
export class Touched {
  readonly #fields = new Set<Field>();

  /** For as long as the page is open. Answers what ends it. */
  watch(): () => void {
    const touch = ({ target }: Event) => {
      if (isField(target)) this.#fields.add(target);
    };
    document.addEventListener('input', touch);
    return () => document.removeEventListener('input', touch);
  }

  /** The page below shows what is new; these fields go on showing what is in them. */
  kept(submit: SubmitFunction): SubmitFunction {
    return async (input) => {
      const settle = await submit(input);
      return async (outcome) => {
        const isDone = outcome.result.type === 'success' || outcome.result.type === 'redirect';
        const fields = [...this.#fields].filter(({ form }) => !isDone || form !== outcome.formElement);
        const puts = fields.map(asItIs);
        await settle?.(outcome);
        await tick();
        for (const put of puts) put();
      };
    };
  }
}

/** Puts into the field what stands in it now. */
function asItIs(field: Field): () => void {
  const { value } = field;
  if (!(field instanceof HTMLInputElement)) return () => void (field.value = value);
  if (field.type === 'file') return () => {};
  const { checked } = field;
  const isTick = field.type === 'checkbox' || field.type === 'radio';
  return () => void (isTick ? (field.checked = checked) : (field.value = value));
}
