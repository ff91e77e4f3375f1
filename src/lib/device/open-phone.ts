/** The phone: what one person has here, offline first. This opens it; `phone.ts` says all that a screen may rely on. */
import { version } from '$app/environment';
import { Connection } from './connection';
import { PhoneDatabase } from './database';
import { Drafts } from './drafts';
import { FieldPhone, type LoadLater, type LoadRescue } from './field-phone';
import { loadItems, loadOwn } from './load';
import type { Phone } from './phone';
import type { Send } from './question';
import type { OfficeTime } from './sync-loop';
import { isStopped } from './stopped';
import { openTabs } from './tabs';
import { openVault, type Vault } from './vault';
import type { DeviceWorld } from './world';

type Options = {
  accountId: string;
  world: DeviceWorld;
  /** How a request reaches the office; the network unless a test brings its own. */
  send?: Send;
  /** Revisions in one request at most, where a simulation wants to see many requests of few. */
  pushAtMost?: number;
  vault?: Vault;
  /** A file of its own, unless a simulation brings it along, so that nothing is awaited outside of its scheduler. */
  loadLater?: LoadLater;
  /** Likewise. */
  loadRescue?: LoadRescue;
  /** When the first screen stands, where the phone may be open before it does. */
  drawn?: Promise<void>;
  /** Build version of the app. */
  app?: string;
};

/**
 * Opens the account's store and reads what it holds into memory; needs no connection. Syncing starts by itself.
 * Rejects with `StoreUnavailableError` (can be tried again) or `StorageFullError`; nothing is ever cleared.
 */
export async function openPhone(options: Options): Promise<Phone> {
  const { accountId, world, send, pushAtMost, vault = openVault, drawn, app = version } = options;
  const loadLater = options.loadLater ?? (() => afterFrame(world, drawn));
  const loadRescue = options.loadRescue ?? (() => import('./rescue'));
  const connection = new Connection(() => new PhoneDatabase(accountId), world);
  // Before anything is read: what another tab stores from now on is told here.
  const tabs = openTabs(`qiaomen-${accountId}`);
  const parts = { accountId, connection, vault, world, send, pushAtMost, loadLater, loadRescue, app, tabs };
  try {
    const [{ deviceId, wasEmpty }, items, revisions, drafts, lastSyncedAt, stopped] = await Promise.all([
      readDeviceId(connection, world),
      loadItems(parts, null),
      retrySetAside(connection, app).then(() => loadOwn(parts, null)),
      new Drafts(connection, vault).all(),
      connection.run(readOfficeTime),
      connection.run(isStopped),
    ]);
    const loaded = { items: items.put, revisions, drafts, lastSyncedAt, stopped };
    const phone = new FieldPhone({ ...parts, deviceId, wasEmpty, loaded });
    phone.start();
    return phone;
  } catch (error) {
    tabs.close();
    await connection.close();
    throw error;
  }
}

async function readOfficeTime(database: PhoneDatabase): Promise<OfficeTime | null> {
  const [clock, ahead] = await database.meta.bulkGet(['lastSyncedAt', 'clockOffset']);
  if (typeof clock?.value !== 'number') return null;
  return { clock: clock.value, ahead: typeof ahead?.value === 'number' ? ahead.value : 0 };
}

/** The screens are drawn in the turn in which both they and the phone are there; what this brings comes behind them. */
async function afterFrame(world: DeviceWorld, drawn?: Promise<void>): Promise<typeof import('./later')> {
  await drawn;
  await new Promise<void>((resolve) => world.after(0, resolve));
  return import('./later');
}

/** Made once; this account on this browser. */
async function readDeviceId(
  connection: Connection<PhoneDatabase>,
  world: DeviceWorld,
): Promise<{ deviceId: string; wasEmpty: boolean }> {
  const fresh = world.uuid();
  let wasEmpty = false; // said once, also when a lost connection has the work repeated
  const deviceId = await connection.run((database) =>
    database.transaction('rw', database.meta, async () => {
      const known = (await database.meta.get('deviceId'))?.value;
      if (typeof known === 'string') return known;
      wasEmpty = true;
      await database.meta.put({ key: 'deviceId', value: fresh });
      return fresh;
    }),
  );
  return { deviceId, wasEmpty };
}

/** What an older version of the app set aside is tried again by this one (DEV-10). */
async function retrySetAside(connection: Connection<PhoneDatabase>, app: string): Promise<void> {
  await connection.run((database) =>
    database.outbox
      .filter((row) => row.state === 'set-aside' && row.setAsideBy !== app)
      .modify({ state: 'waiting', setAsideBy: null }),
  );
}
