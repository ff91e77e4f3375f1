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

  #world: Pick<DeviceWorld, 'after' | 'uuid'>;

  constructor(world: Pick<DeviceWorld, 'after' | 'uuid'>, vault: Vault = openVault) {
    this.#connection = new Connection(() => new DeviceDatabase(), world);
    this.#vault = vault;
    this.#world = world;
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

  /** As `enter` without a sign-in, where this book was cleared. False, and nothing is done, where it was not: who is away here signed out. */
  async enterCleared(id: string): Promise<boolean> {
    const body = await this.#vault.seal({ username: '', name: '' });
    return this.#connection.run((database) =>
      database.transaction('rw', database.accounts, database.flags, async () => {
        const isKept = (await database.accounts.count()) + (await database.flags.count()) > 0;
        if (!isKept) await database.accounts.put({ id, state: 'current', body });
        return !isKept;
      }),
    );
  }

  /** The account is not current any more, and its label is gone: the next person sees nothing. Whoever signed in since stays. */
  async leave(id: string): Promise<void> {
    const nothing = await this.#vault.seal(null);
    const owed = this.#world.uuid();
    await this.#connection.run((database) =>
      database.transaction('rw', database.accounts, database.flags, async () => {
        if ((await database.accounts.get(id))?.state !== 'current') return;
        await database.accounts.put({ id, state: 'away', body: nothing });
        await database.flags.put({ key: SIGN_OUT_OWED, value: owed });
      }),
    );
  }

  /** The sign-out that the office has not heard of, by a name of its own; null when there is none. */
  async owedSignOut(): Promise<string | null> {
    return (await this.#connection.run((database) => database.flags.get(SIGN_OUT_OWED)))?.value ?? null;
  }

  /** The office has heard of that one; a later one is still owed. */
  async signOutDone(owed: string): Promise<void> {
    await this.#connection.run((database) =>
      database.flags.filter(({ key, value }) => key === SIGN_OUT_OWED && value === owed).delete(),
    );
  }

  async others(): Promise<string[]> {
    return this.#connection.run((database) => database.accounts.where('state').equals('away').primaryKeys());
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
