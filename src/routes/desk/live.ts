/** Keeps an open page at what the office knows: asks every few seconds, while somebody looks at it, whether anything changed since (decision 30). */
import { createContext } from 'svelte';
import { invalidate, invalidateAll } from '$app/navigation';
import { navigating, page } from '$app/state';
import { asRecord, textOf } from '$lib/domain/json';
import type { DeviceWorld } from '$lib/device/world';
import { officeSays } from './deciding';

/** `office`, `record`: see `server/desk/as-of.ts`; how many submissions and cases wait. */
export type News = { office: string; record: string | null; waiting: number; quarantined: number };

/** Whether something came in or was decided since the case that is open was read. */
export const [behind, setBehind] = createContext<() => boolean>();

/** Milliseconds between two questions; after one that was not answered it waits longer. */
const EVERY = 5_000;
const AFTER_FAILURE = 30_000;
/** Of a page that shows how far another process is. */
const EVERY_STEP = 1_000;

/**
 * Calls `told` with each answer about the office and the submission `record()`, until the returned function ends it. A hidden window asks
 * nothing, and asks at once when it is shown again. What is not the office's own answer (no connection, signed out) is none: the page stays.
 */
export function watchOffice(
  world: DeviceWorld,
  record: () => string | undefined,
  told: (news: News) => void,
): () => void {
  let rest = (): void => {};
  let ended = false;
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || document.visibilityState === 'hidden') return;
    asking = true;
    rest();
    const news = await askOnce(world, record());
    asking = false;
    if (ended) return;
    if (news !== null) told(news);
    rest = world.after(news === null ? AFTER_FAILURE : EVERY, () => void ask());
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

/**
 * Reads the page anew, every second, until the returned function ends it. A lost answer leaves the page as it is; `told` says after each question
 * whether it could be read. Where the office itself says that there is no such page for her any more, that is shown.
 */
export function follow(world: DeviceWorld, told: (isRead: boolean) => void): () => void {
  let ended = false;
  const ask = async (): Promise<void> => {
    const answer = await officeSays(world, page.url);
    if (ended) return;
    told(answer !== null);
    // Another page that is on its way is not held up.
    if (answer !== null && navigating.to === null) await renew(world);
    if (!ended) rest = world.after(EVERY_STEP, () => void ask());
  };
  let rest = world.after(EVERY_STEP, () => void ask());
  return () => {
    ended = true;
    rest();
  };
}

/** Reads the page anew. Where that breaks, and trouble stands in its place, it comes back by itself. */
export async function renew(world: DeviceWorld): Promise<void> {
  await invalidate('desk:live');
  comesBack(world);
}

function comesBack(world: DeviceWorld): void {
  if (page.status < 500) return;
  world.after(EVERY, () => {
    if (page.status >= 500) void invalidateAll().then(() => comesBack(world));
  });
}

async function askOnce(world: DeviceWorld, record: string | undefined): Promise<News | null> {
  try {
    const query = record ? `?${new URLSearchParams({ record }).toString()}` : '';
    const response = await world.fetch(`/api/desk/as-of${query}`, {});
    const body = response.ok ? asRecord(await response.json()) : null;
    const office = textOf(body?.['office']);
    const [waiting, quarantined] = [Number(body?.['waiting']), Number(body?.['quarantined'])];
    if (!office || !Number.isInteger(waiting) || !Number.isInteger(quarantined)) return null;
    return { office, record: textOf(body?.['record']) || null, waiting, quarantined };
  } catch {
    return null;
  }
}
