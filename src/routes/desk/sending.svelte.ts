/** How the forms of a page are sent that change something: what is in them stays until it is done, whatever is in the way. */
import type { SubmitFunction } from '@sveltejs/kit';
import { invalidateAll } from '$app/navigation';
import { page } from '$app/state';
import { makeWorld } from '$lib/device/world';
import { deciding, readable, type Trouble } from './deciding';
import { touchedOf } from './touched';

/** Empties the form once what it asks for is done. */
const emptied =
  (submit: SubmitFunction): SubmitFunction =>
  async (input) => {
    const settle = await submit(input);
    return async (outcome) => {
      await settle?.(outcome);
      if (outcome.result.type === 'success') outcome.formElement.reset();
    };
  };

/** Of one page. `renews`: what is done there shows in the page itself, which is read anew then. */
export class Sending {
  /** Why nothing came of what was pressed last; null where something did. */
  trouble = $state.raw<Trouble | null>(null);
  /** One is on its way. */
  busy = $state(false);
  readonly #onTheWay = new Set<HTMLFormElement>();
  readonly submit: SubmitFunction;
  /** Of a form for something new: it is empty again once that is made. */
  readonly submitNew: SubmitFunction;

  constructor({ keep = async () => {}, renews = false }: { keep?: () => Promise<void>; renews?: boolean } = {}) {
    const world = makeWorld();
    const readAnew = async (): Promise<Trouble | null> => {
      const inTheWay = await readable(world, page.url);
      if (!inTheWay) await invalidateAll();
      return inTheWay;
    };
    const touched = touchedOf();
    const decide = deciding({ keep, readAnew, renews, told: (trouble) => (this.trouble = trouble) });
    this.submit = this.#busyWhile(touched.kept(decide));
    this.submitNew = this.#busyWhile(touched.kept(emptied(decide)));
  }

  /** A form is not sent twice at once: the answer of the first press may be the only one that says a password. */
  #busyWhile(submit: SubmitFunction): SubmitFunction {
    return async (input) => {
      if (this.#onTheWay.has(input.formElement)) return input.cancel();
      this.#onTheWay.add(input.formElement);
      this.busy = true;
      const settle = await submit(input);
      return async (outcome) => {
        await settle?.(outcome);
        this.#onTheWay.delete(input.formElement);
        this.busy = false;
      };
    };
  }
}
