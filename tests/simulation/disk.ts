/**
 * A phone's disk: an IndexedDB of its own (fake-indexeddb, a whole implementation in memory). What a tab did in a transaction that had not
 * committed when it died is taken back. Its insides are read here directly, past Dexie and past the app, by the checker.
 */
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import * as z from 'zod';
import type { Chance } from './chance';
import { inLife, type Life, lifeHere } from './life';

/** What this file knows of fake-indexeddb's insides. */
type RawTransaction = IDBTransaction & {
  _state: 'active' | 'inactive' | 'committing' | 'finished';
  _started: boolean;
  _requests: unknown[];
  _rollbackLog: (() => void)[];
  _start(): void;
};
type RawStore = { getAllValues(range: undefined, count: undefined, direction: 'next'): unknown[] };
type RawConnection = IDBDatabase & { _closePending: boolean; _closed: boolean };
type RawDatabase = {
  version: number;
  transactions: RawTransaction[];
  connections: RawConnection[];
  rawObjectStores: Map<string, RawStore>;
  processTransactions(): void;
};
type RawFactory = { _databases: Map<string, RawDatabase>; _connectionQueues: Map<string, Promise<unknown>> };
const Raw = z.custom<RawFactory>(
  (factory) => factory instanceof IDBFactory && '_databases' in factory && '_connectionQueues' in factory,
);

export class Disk {
  readonly factory = new IDBFactory();
  #raw: RawFactory = Raw.parse(this.factory);
  /** Who waits for a database to open; of one name they are served in this order. */
  #opening: { name: string; life: Life }[] = [];
  /** Which life opened which connection. */
  #owners = new Map<IDBDatabase, Life>();

  open(name: string, version?: number): IDBOpenDBRequest {
    const life = lifeHere();
    if (life) this.#opening.push({ name, life });
    const request = this.factory.open(name, version);
    const own = (connection: IDBDatabase) => {
      if (life && !this.#owners.has(connection)) this.#belongs(connection, life);
    };
    const opened = () => {
      const place = this.#opening.findIndex((one) => one.name === name && one.life === life);
      if (place >= 0) this.#opening.splice(place, 1);
    };
    request.addEventListener('success', opened);
    request.addEventListener('error', opened);
    request.addEventListener('upgradeneeded', () => own(request.result));
    request.addEventListener('success', () => own(request.result));
    return request;
  }

  /**
   * These lives have ended (call it after they are marked dead). Their open transactions are taken back, but for those that had nothing left to do:
   * of these the dice say whether the disk has them. Answers how many of each there were.
   */
  cut(lives: readonly Life[], chance: Chance): { takenBack: number; committed: number } {
    const count = { takenBack: 0, committed: 0 };
    for (const [name, database] of this.#raw._databases) {
      for (const connection of [...database.connections]) {
        const owner = this.#owners.get(connection) ?? this.#opening.find((one) => one.name === name)?.life;
        if (!owner || !lives.includes(owner)) continue;
        for (const transaction of database.transactions.filter(({ db }) => db === connection)) {
          if (transaction._state === 'finished') continue;
          if (transaction.mode === 'readwrite' && transaction._started) {
            const wasDone = transaction._requests.length === 0 && transaction._rollbackLog.length > 0;
            if (wasDone && chance.happens(0.5)) {
              transaction._rollbackLog = [];
              count.committed += 1;
            } else count.takenBack += 1;
          }
          // Asked to commit is not committed. In the life of the dead: what it queues never runs.
          transaction._state = 'active';
          inLife(owner, () => transaction.abort());
        }
        inLife(owner, () => connection.close());
        connection._closed = true;
        database.connections = database.connections.filter((other) => other !== connection);
        this.#owners.delete(connection);
      }
      database.transactions = database.transactions.filter(({ _state }) => _state !== 'finished');
      if (database.version === 0 && database.connections.length === 0) this.#raw._databases.delete(name);
    }
    this.#opening = this.#opening.filter(({ life }) => !lives.includes(life));
    // An opening that died half-way holds up nobody after it.
    this.#raw._connectionQueues.clear();
    return count;
  }

  /** Tabs that live on may wait for what a dead one held; `life`: one of them. */
  wake(life: Life): void {
    inLife(life, () => {
      for (const database of this.#raw._databases.values()) database.processTransactions();
    });
  }

  /** Somebody writes: a transaction has begun and changed something. */
  isWriting(): boolean {
    return this.#writing().length > 0;
  }

  /** A transaction has done all that it was asked, and has not been heard to have committed. */
  isCommitting(): boolean {
    return this.#writing().some(({ _requests }) => _requests.length === 0);
  }

  #writing(): RawTransaction[] {
    const all = [...this.#raw._databases.values()].flatMap(({ transactions }) => transactions);
    return all.filter(
      ({ mode, _state, _rollbackLog }) => mode === 'readwrite' && _state !== 'finished' && _rollbackLog.length > 0,
    );
  }

  connections(): IDBDatabase[] {
    return [...this.#raw._databases.values()].flatMap(({ connections }) => connections);
  }

  /** The browser closes these by itself, as iOS does under memory pressure: what is under way in them is taken back. */
  closeByItself(connections: readonly IDBDatabase[]): void {
    for (const connection of connections) {
      const owner = this.#owners.get(connection);
      if (!owner) continue;
      inLife(owner, () => {
        for (const database of this.#raw._databases.values()) {
          const open = database.transactions.filter(({ db, _state }) => db === connection && _state !== 'finished');
          for (const transaction of open) {
            transaction._state = 'active';
            transaction.abort();
          }
        }
        // Its types name the class where an instance is meant.
        Reflect.apply(forceCloseDatabase, undefined, [connection]);
      });
    }
  }

  /** A transaction goes on as part of the life that asked for it, whoever's end let it start. */
  #belongs(connection: IDBDatabase, life: Life): void {
    this.#owners.set(connection, life);
    const begin = connection.transaction.bind(connection);
    connection.transaction = (...asked) => {
      const transaction = begin(...asked) as RawTransaction;
      const start = transaction._start.bind(transaction);
      transaction._start = () => inLife(life, start);
      return transaction;
    };
  }

  databases(): string[] {
    return [...this.#raw._databases.keys()];
  }

  /** All rows of a store as they stand on the disk; none where there is no such store. */
  rows(database: string, store: string): unknown[] {
    return (
      this.#raw._databases.get(database)?.rawObjectStores.get(store)?.getAllValues(undefined, undefined, 'next') ?? []
    );
  }
}
