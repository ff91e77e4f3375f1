import type { Dexie } from './dexie';
import type { World } from '../domain/world';
import { errorNames, isStorageFull, StorageFullError, StoreUnavailableError } from './store-errors';

/** How long another tab that holds an older version of the database has to let go before the screen is told. */
const BLOCKED_AFTER_MS = 1_500;
/** How long an opening may take that says nothing at all. */
const SILENT_AFTER_MS = 10_000;

/**
 * How browsers say that they closed a connection by themselves (iOS does under memory pressure). What was under way is told first that it
 * was aborted – no work here aborts by itself –, and only afterwards does the database hear that it was closed.
 */
const LOST = new Set(['AbortError', 'DatabaseClosedError', 'InvalidStateError', 'UnknownError']);

/**
 * Holds one database open: opened once, opened again when the browser closed it (and the work repeated once),
 * and an opening that failed can be tried again. Work must bear being repeated: a transaction that the browser
 * closed under is either whole or not there.
 */
export class Connection<Database extends Dexie> {
  #make: () => Database;
  #world: Pick<World, 'after'>;
  #opening: Promise<Database> | null = null;
  #current: Database | null = null;
  #closed = false;

  constructor(make: () => Database, world: Pick<World, 'after'>) {
    this.#make = make;
    this.#world = world;
  }

  /** Runs work on the open database. Rejects with `StorageFullError`, `StoreUnavailableError`, or the work's own error. */
  async run<T>(work: (database: Database) => PromiseLike<T>): Promise<T> {
    const database = await this.#open();
    try {
      return await work(database);
    } catch (error) {
      if (isStorageFull(error)) throw new StorageFullError({ cause: error });
      if (!isLost(error)) throw error;
      database.close();
      this.#forget(database);
    }
    const again = await this.#open();
    try {
      return await work(again);
    } catch (error) {
      if (isStorageFull(error)) throw new StorageFullError({ cause: error });
      if (isLost(error)) throw new StoreUnavailableError('store-failed', { cause: error });
      throw error;
    }
  }

  /** Closes for good; later work is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = null;
    const database = await opening?.catch(() => null);
    database?.close();
  }

  #open(): Promise<Database> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError('store-closed'));
    this.#opening ??= this.#start().catch((error: unknown) => {
      this.#opening = null; // so that the next call tries again
      throw error;
    });
    return this.#opening;
  }

  async #start(): Promise<Database> {
    const database = this.#make();
    database.on('close', () => this.#forget(database));
    // A newer app in another tab wants to convert the database: step aside at once, come back with the next work.
    database.on('versionchange', () => database.close());
    let stopWaiting = () => {};
    const blocked = new Promise<never>((_, reject) => {
      const wait = (milliseconds: number) => {
        stopWaiting();
        stopWaiting = this.#world.after(milliseconds, () => reject(new StoreUnavailableError('store-blocked')));
      };
      wait(SILENT_AFTER_MS);
      database.on('blocked', () => wait(BLOCKED_AFTER_MS));
    });
    try {
      await Promise.race([database.open(), blocked]);
      this.#current = database;
      return database;
    } catch (error) {
      database.close();
      if (error instanceof StoreUnavailableError) throw error;
      if (isStorageFull(error)) throw new StorageFullError({ cause: error });
      throw new StoreUnavailableError('store-failed', { cause: error });
    } finally {
      stopWaiting();
    }
  }

  #forget(database: Database): void {
    if (this.#current !== database) return;
    this.#current = null;
    this.#opening = null;
  }
}

function isLost(error: unknown): boolean {
  return errorNames(error).some((name) => LOST.has(name));
}
