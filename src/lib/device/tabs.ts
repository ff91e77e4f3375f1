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

export type Tabs = {
  tell(message: TabMessage): void;
  /** From now on, and what came since the channel was opened: a tab that reads the store meanwhile would miss what another one stores then. */
  listen(heard: (message: TabMessage) => void): void;
  close(): void;
};

/** Does nothing where the browser has no BroadcastChannel. */
export function openTabs(name: string): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, listen: () => {}, close: () => {} };
  let waiting: TabMessage[] = [];
  let heard = (message: TabMessage): void => void waiting.push(message);
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = TabMessage.safeParse(data);
    if (message.success) heard(message.data);
  };
  return {
    tell: (message) => channel.postMessage(message),
    listen(listener) {
      heard = listener;
      for (const message of waiting) listener(message);
      waiting = [];
    },
    close: () => channel.close(),
  };
}
