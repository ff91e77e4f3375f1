/** Who has used the app in this browser: a small database of its own, since an account's own opens only for that account. */
import { Dexie, type Table } from './dexie';
import * as z from 'zod/mini';
import { Connection } from './connection';
import { openVault, type Sealed, type Vault } from './vault';
import type { DeviceWorld } from './world';

export type KnownAccount = { id: string; username: string; name: string };

/** `current`: whom the app opens for; `away`: signed out, with what is unsent waiting for that person (DEV-13). */
type AccountRow = { id: string; state: 'current' | 'away'; body: Sealed };
type FlagRow = { key: string; value: string };

class DeviceDatabase extends Dexie {
  declare readonly accounts: Table<AccountRow, string>;
  declare readonly flags: Table<FlagRow, string>;

  constructor() {
    super('qiaomen-device', { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ accounts: 'id, state', flags: 'key' });
  }
}

const Label = z.object({ username: z.string(), name: z.string() });
/** A sign-out that the office has not heard of yet: the cookie is still good until it has. */
const SIGN_OUT_OWED = 'sign-out-owed';

export class AccountBook {
  #connection: Connection<DeviceDatabase>;
  #vault: Vault;

  constructor(world: Pick<DeviceWorld, 'after'>, vault: Vault = openVault) {
    this.#connection = new Connection(() => new DeviceDatabase(), world);
    this.#vault = vault;
  }

  /** The account that the app opens for, without a connection; null when nobody is signed in here. */
  async current(): Promise<KnownAccount | null> {
    const row = await this.#connection.run((database) => database.accounts.where('state').equals('current').first());
    if (!row) return null;
    const label = Label.safeParse(await this.#vault.open(row.body));
    return { id: row.id, ...(label.success ? label.data : { username: '', name: '' }) };
  }

  async enter({ id, username, name }: KnownAccount): Promise<void> {
    const body = await this.#vault.seal({ username, name });
    await this.#connection.run((database) =>
      database.transaction('rw', database.accounts, database.flags, async () => {
        await database.accounts.where('state').equals('current').modify({ state: 'away' });
        await database.accounts.put({ id, state: 'current', body });
        await database.flags.delete(SIGN_OUT_OWED); // the new session took the old one's cookie
      }),
    );
  }

  /** Nobody is current any more, and the label of who was is gone: the next person sees nothing. */
  async leave(): Promise<void> {
    const nothing = await this.#vault.seal(null);
    await this.#connection.run((database) =>
      database.transaction('rw', database.accounts, database.flags, async () => {
        await database.accounts.where('state').equals('current').modify({ state: 'away', body: nothing });
        await database.flags.put({ key: SIGN_OUT_OWED, value: 'yes' });
      }),
    );
  }

  async owesSignOut(): Promise<boolean> {
    return (await this.#connection.run((database) => database.flags.get(SIGN_OUT_OWED))) !== undefined;
  }

  async signOutDone(): Promise<void> {
    await this.#connection.run((database) => database.flags.delete(SIGN_OUT_OWED));
  }

  async others(): Promise<string[]> {
    return this.#connection.run((database) => database.accounts.where('state').equals('away').primaryKeys());
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
