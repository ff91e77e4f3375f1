/** What happens to the page when a decision was posted from it, or it is read anew: nothing that was written goes before the decision is taken. */
import { createContext } from 'svelte';
import type { SubmitFunction } from '@sveltejs/kit';
import { applyAction } from '$app/forms';
import type { DeviceWorld } from '$lib/device/world';
import { asRecord, textOf } from '$lib/domain/json';
import { signIn } from './addresses';

/**
 * Why nothing came of it. `out`: somebody signed out in another window, or the session ended. `shut`: who is signed in by now may not do it, or enter
 * the desk. `unanswered`: whether the decision arrived nobody knows. `unread`: the page could not be read anew.
 */
export type Trouble = 'out' | 'shut' | 'unanswered' | 'unread';

type Page = {
  /** Keeps what was written, before anything else. */
  keep: () => Promise<void>;
  /** Reads the same case anew, with `readable` beforehand. Answers what was in the way. */
  readAnew: () => Promise<Trouble | null>;
  told: (trouble: Trouble | null) => void;
  /** What was done shows in the page itself. */
  renews?: boolean;
};

/** The office's status for an account that may not do this. */
const SHUT = 403;

/** For `use:enhance` of all forms of a page that something is written into. */
export const [decidingOf, setDeciding] = createContext<SubmitFunction>();

/** A conflict (409) stands above the newest state of the very case that it is about. */
export const deciding =
  ({ keep, readAnew, told, renews = false }: Page): SubmitFunction =>
  () =>
  async ({ update, result }) => {
    if (result.type === 'redirect') {
      const isOut = result.location.startsWith(signIn());
      told(isOut ? 'out' : null);
      if (!isOut) await update({ reset: false });
      return;
    }
    await keep();
    if (result.type !== 'success' && result.type !== 'failure') {
      // Else no connection, or something on the way that is not the office: an error, a page of a network's own.
      told(result.status === SHUT ? 'shut' : 'unanswered');
      return;
    }
    const isOld = result.type === 'failure' ? result.status === 409 : renews;
    told(isOld ? await readAnew() : null);
    await applyAction(result);
  };

/** Whether the page's data can be had now: what breaks while it is read would take the page's place, and what is written there with it. */
export async function readable(world: DeviceWorld, address: Pick<URL, 'pathname' | 'search'>): Promise<Trouble | null> {
  const answer = await officeSays(world, address);
  if (answer === 'whole') return null;
  return answer === 'out' || answer === 'shut' ? answer : 'unread';
}

/**
 * What the office says of a page: it can be read, whoever asks is signed out or may not enter, or there is no such page. Null: that cannot be
 * known now, because no answer came, or none of the office's own, or something broke there.
 */
export async function officeSays(
  world: DeviceWorld,
  { pathname, search }: Pick<URL, 'pathname' | 'search'>,
): Promise<'whole' | 'out' | 'shut' | 'gone' | null> {
  try {
    const response = await world.fetch(`${pathname}/__data.json${search}`, {});
    const answer = asRecord(await response.json());
    if (answer?.['type'] === 'redirect') return textOf(answer['location']).startsWith(signIn()) ? 'out' : null;
    if (response.status === SHUT && answer?.['error'] === 'not allowed') return 'shut';
    const nodes = Array.isArray(answer?.['nodes']) ? answer['nodes'].map(asRecord) : [];
    const wrong = nodes.find((node) => node?.['type'] === 'error');
    if (wrong) return Number(wrong['status']) < 500 ? 'gone' : null;
    return response.ok && nodes.length > 0 ? 'whole' : null;
  } catch {
    return null;
  }
}
