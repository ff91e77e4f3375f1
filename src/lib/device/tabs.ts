/** Word between the tabs of one account: ids of what changed, never a value. */
import * as z from 'zod/mini';
import type { ItemRef } from './items-memory';
import type { OfficeTime } from './sync-loop';

const Ref = z.object({ feed: z.string(), type: z.string(), id: z.string() });
const TabMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('items'), emptied: z.array(z.string()), refs: z.array(Ref) }),
  z.object({ kind: z.literal('own'), submissions: z.array(z.string()) }),
  z.object({ kind: z.literal('drafts') }),
  z.object({ kind: z.literal('all') }),
  /** Another window wants this form. */
  z.object({ kind: z.literal('put-down'), form: z.string() }),
  z.object({ kind: z.literal('stopped'), stopped: z.boolean() }),
  /** The tab that syncs is alive (DEV-6). */
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('synced'), at: z.object({ clock: z.number(), ahead: z.number() }) }),
]);
export type TabMessage =
  | { kind: 'items'; emptied: string[]; refs: ItemRef[] }
  | { kind: 'own'; submissions: string[] }
  | { kind: 'drafts' }
  | { kind: 'all' }
  | { kind: 'put-down'; form: string }
  | { kind: 'stopped'; stopped: boolean }
  | { kind: 'alive' }
  | { kind: 'synced'; at: OfficeTime };

export type Tabs = { tell(message: TabMessage): void; close(): void };

/** Does nothing where the browser has no BroadcastChannel. */
export function openTabs(name: string, heard: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, close: () => {} };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = TabMessage.safeParse(data);
    if (message.success) heard(message.data);
  };
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
