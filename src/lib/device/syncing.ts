/** What talks to the office, put together: the loop's store, the loop, and when it runs. */
import { limits } from '../sync/revision';
import type { Connection } from './connection';
import type { PhoneDatabase } from './database';
import type { Send } from './question';
import { SyncLoop, type RunEnd, type RunReport } from './sync-loop';
import { SyncSchedule } from './sync-schedule';
import { makeSyncStore, type StoreChange } from './sync-store';
import { makeSend } from './transport';
import type { Vault } from './vault';
import type { DeviceWorld } from './world';

export type SyncingParts = {
  accountId: string;
  deviceId: string;
  app: string;
  connection: Connection<PhoneDatabase>;
  vault: Vault;
  world: DeviceWorld;
  /** How a request reaches the office; the network when it is missing. */
  send?: Send;
  /** Revisions in one request at most; as many as the protocol allows when it is missing. */
  pushAtMost?: number;
  stored: (change: StoreChange) => void;
  report: (report: RunReport) => void;
  alive: () => void;
  begun: () => void;
  ended: (end: RunEnd, nextTryAt: number | null) => void;
  failed: (error: unknown) => void;
};

export function startSyncing(parts: SyncingParts): SyncSchedule {
  const { accountId, world, send = makeSend(world), pushAtMost = limits.push } = parts;
  const store = makeSyncStore({ ...parts, pushAtMost, changed: parts.stored });
  return new SyncSchedule({
    loop: new SyncLoop({ ...parts, send, pushAtMost, store }),
    world,
    lock: `qiaomen-sync-${accountId}`,
    alive: parts.alive,
    begun: parts.begun,
    ended: parts.ended,
    failed: parts.failed,
  });
}
