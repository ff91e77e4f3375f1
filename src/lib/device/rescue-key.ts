/** The community's public key as the phone keeps it beside the account: it outlives the register, so that a file can be made after all else went. */
import * as z from 'zod/mini';
import { RescueKey } from '../sync/rescue';
import type { HeldItem } from './items-memory';

/** Its row in `meta`. */
export const RESCUE_KEY = 'rescueKey';
const Kept = z.object({ community: z.string(), ...RescueKey.shape });
/** As little as is needed of the item: words of a later version change nothing. */
const Told = z.object({ id: z.string(), rescueKey: RescueKey });

/** What `meta` keeps, of what a feed told; null where it told no key. Not personal: it is not sealed. */
export function rescueKeyIn(items: readonly HeldItem[]): string | null {
  for (const { type, body } of items) {
    if (type !== 'community') continue;
    const told = Told.safeParse(body);
    if (told.success) return JSON.stringify({ community: told.data.id, ...told.data.rescueKey });
  }
  return null;
}

export function openRescueKey(value: unknown): z.infer<typeof Kept> | null {
  if (typeof value !== 'string') return null;
  const kept = Kept.safeParse(JSON.parse(value));
  return kept.success ? kept.data : null;
}
