/**
 * The office's database with a gate after each of its steps: before a transaction begins, after each query, before the commit, after it. A process that is
 * killed at a gate never goes on; what it had not committed is taken back.
 */
import type { KyselyPlugin } from 'kysely';
import { GroupCommit } from '../../src/lib/server/database/group-commit';
import type { Database, ReadSnapshot, Transaction } from '../../src/lib/server/database/open';
import type { Clockwork } from './clockwork';
import { inLife, type Life, outsideOfLife } from './life';

/** `query`: a gate after each query; `transaction`: only around transactions, alike on every engine. */
export type Grain = 'query' | 'transaction';
/** Where a process is when it is killed. */
export type Whereabouts = { inTransaction: boolean; committed: boolean };

export class GatedDatabase {
  readonly database: Database;
  #inner: Database;
  #clockwork: Clockwork;
  #life: Life;
  #kill: (reason: Error) => void = () => {};
  #killed: Promise<never>;
  #line: Promise<unknown> = Promise.resolve();
  #under = new Set<Promise<unknown>>();
  #where = { inTransaction: 0, committed: 0 };
  #gate: KyselyPlugin;
  /** The engine's own transaction behind each that was handed out. */
  #lent = new WeakMap<Transaction, Transaction>();

  constructor(inner: Database, life: Life, grain: Grain) {
    this.#inner = inner;
    this.#life = life;
    this.#clockwork = life.clockwork;
    const perQuery = grain === 'query';
    const serial = inner.engine === 'sqlite' || !perQuery;
    this.#killed = new Promise<never>((_, reject) => (this.#kill = reject));
    this.#killed.catch(() => {});
    this.#gate = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (perQuery && inner.engine === 'sqlite') await life.clockwork.gate('query');
        return result;
      },
    };
    const attempt: Database['attempt'] = (tx, run) => inner.attempt(this.#lent.get(tx) ?? tx, run);
    const write = <T>(run: (tx: Transaction) => Promise<T>) =>
      serial ? this.#inLine(() => this.#write(run)) : this.#write(run);
    const together = new GroupCommit({ write, attempt });
    this.database = {
      engine: inner.engine,
      read: (run) => this.#read(run),
      write,
      writeTogether: (run) => (perQuery && inner.engine === 'sqlite' ? together.join(run) : write(run)),
      attempt,
      tune: () => inner.tune(),
      claim: async (name) => {
        await this.#clockwork.gate('claim');
        return this.#ended(inner.claim(name));
      },
      get library(): never {
        throw new Error('nobody signs in here');
      },
      close: () => inner.close(),
    };
  }

  where(): Whereabouts {
    return { inTransaction: this.#where.inTransaction > 0, committed: this.#where.committed > 0 };
  }

  /** Ends the process's work at once; resolves when the database has taken back what was not committed. */
  async kill(): Promise<Whereabouts> {
    const where = this.where();
    this.#kill(new Error('the process is gone'));
    // PostgreSQL takes back by itself what was under way on connections that broke.
    if (this.#inner.engine !== 'sqlite') return where;
    while (this.#under.size > 0) await Promise.allSettled([...this.#under]);
    await this.#inner.close();
    return where;
  }

  async #read<T>(run: (snapshot: ReadSnapshot) => Promise<T>): Promise<T> {
    await this.#clockwork.gate('read begins');
    return this.#ended(
      this.#inner.read((snapshot) => this.#run(() => run(snapshot.withPlugin(this.#gate) as ReadSnapshot))),
    );
  }

  async #write<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.#clockwork.gate('write begins');
    let inside = true;
    this.#where.inTransaction += 1;
    const leave = () => {
      if (inside) this.#where.inTransaction -= 1;
      inside = false;
    };
    const result = await this.#ended(
      this.#inner.write(async (tx) => {
        const gated = tx.withPlugin(this.#gate) as Transaction;
        this.#lent.set(gated, tx);
        const value = await this.#run(() => run(gated));
        await this.#run(() => this.#clockwork.gate('before commit'));
        return value;
      }),
    ).finally(leave);
    this.#where.committed += 1;
    await this.#clockwork.gate('after commit');
    this.#where.committed -= 1;
    return result;
  }

  /** Writers one after the other, as SQLite has it. */
  #inLine<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(run);
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  /** The office's own code inside of a transaction: it stops where the process is killed. */
  #run<T>(run: () => Promise<T>): Promise<T> {
    return Promise.race([inLife(this.#life, run), this.#killed]);
  }

  /** What the database answers; a dead process hears of it no more. */
  #ended<T>(work: Promise<T>): Promise<T> {
    const under = work.catch(() => undefined);
    this.#under.add(under);
    void outsideOfLife(() => under.then(() => this.#under.delete(under)));
    return new Promise<T>((resolve, reject) => {
      work.then(
        (value) => this.#life.dead || resolve(value),
        (error: unknown) => this.#life.dead || reject(error),
      );
    });
  }
}
