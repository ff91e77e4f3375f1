/** Keeps an open page at what the office knows: asks every few seconds, while somebody looks at it, whether anything changed since (decision 30). */
import { createContext } from 'svelte';
import { asRecord, textOf } from '$lib/domain/json';
import type { DeviceWorld } from '$lib/device/world';

/** See `server/desk/as-of.ts`. */
type AsOf = { office: string; record: string | null };

/** Whether the page that is open stands behind the office, and was left so because somebody works at a case of it. */
export const [behind, setBehind] = createContext<() => boolean>();

/** Milliseconds between two questions; after one that was not answered it waits longer. */
const EVERY = 5_000;
const AFTER_FAILURE = 30_000;

/**
 * Calls `told` with each answer about the office and the submission `record()`, until the returned function ends it. A hidden window asks
 * nothing, and asks at once when it is shown again. What is not the office's own answer (no connection, signed out) is none: the page stays.
 */
export function watchOffice(
  world: DeviceWorld,
  record: () => string | undefined,
  told: (asOf: AsOf) => void,
): () => void {
  let rest = (): void => {};
  let ended = false;
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || document.visibilityState === 'hidden') return;
    asking = true;
    rest();
    const asOf = await askOnce(world, record());
    asking = false;
    if (ended) return;
    if (asOf !== null) told(asOf);
    rest = world.after(asOf === null ? AFTER_FAILURE : EVERY, () => void ask());
  };
  const onShown = (): void => void ask();
  document.addEventListener('visibilitychange', onShown);
  rest = world.after(EVERY, () => void ask());
  return () => {
    ended = true;
    rest();
    document.removeEventListener('visibilitychange', onShown);
  };
}

async function askOnce(world: DeviceWorld, record: string | undefined): Promise<AsOf | null> {
  try {
    const query = record ? `?${new URLSearchParams({ record }).toString()}` : '';
    const response = await world.fetch(`/api/desk/as-of${query}`, {});
    const body = response.ok ? asRecord(await response.json()) : null;
    const office = textOf(body?.['office']);
    return office ? { office, record: textOf(body?.['record']) || null } : null;
  } catch {
    return null;
  }
}
