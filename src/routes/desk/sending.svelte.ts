/** How the forms of a page are sent that change something: what is in them stays until it is done, whatever is in the way. */
import type { SubmitFunction } from '@sveltejs/kit';
import { invalidateAll } from '$app/navigation';
import { page } from '$app/state';
import { makeWorld } from '$lib/device/world';
import { deciding, readable, type Trouble } from './deciding';
import { Touched } from './touched';

/** Of one page. `renews`: what is done there shows in the page itself, which is read anew then. */
export class Sending {
  /** Why nothing came of what was pressed last; null where something did. */
  trouble = $state.raw<Trouble | null>(null);
  /** One is on its way. */
  busy = $state(false);
  readonly submit: SubmitFunction;

  constructor({ keep = async () => {}, renews = false }: { keep?: () => Promise<void>; renews?: boolean } = {}) {
    const world = makeWorld();
    const readAnew = async (): Promise<Trouble | null> => {
      const inTheWay = await readable(world, page.url);
      if (!inTheWay) await invalidateAll();
      return inTheWay;
    };
    const touched = new Touched();
    $effect(() => touched.watch());
    const decide = touched.kept(deciding({ keep, readAnew, renews, told: (trouble) => (this.trouble = trouble) }));
    this.submit = async (input) => {
      this.busy = true;
      const settle = await decide(input);
      return async (outcome) => {
        await settle?.(outcome);
        this.busy = false;
      };
    };
  }
}
