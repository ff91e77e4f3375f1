/** Names that one process at a time may hold, over all that share the database: each a lock of a session of its own, which ends with it. */
import type pg from 'pg';
import { asDatabaseError } from './postgres-errors';

const take = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken';
const giveBack = 'SELECT pg_advisory_unlock(hashtextextended($1, 0))';

export class PostgresClaims {
  readonly #pool: pg.Pool;
  readonly #held = new Set<pg.PoolClient>();

  /** `pool`: connections for this alone. */
  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Null where somebody holds the name, in this process or another. */
  async claim(name: string): Promise<(() => Promise<void>) | null> {
    try {
      const session = await this.#pool.connect();
      this.#held.add(session);
      if (await isTaken(session, name).catch((error: unknown) => this.#drop(session, error))) {
        return () => this.#giveBack(session, name);
      }
      this.#release(session);
      return null;
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** Whatever is still held is free afterwards. */
  async close(): Promise<void> {
    for (const session of this.#held) this.#release(session, true);
    await this.#pool.end();
  }

  async #giveBack(session: pg.PoolClient, name: string): Promise<void> {
    if (!this.#held.has(session)) return;
    // A session that is lost has lost its lock as well.
    await session.query(giveBack, [name]).then(
      () => this.#release(session),
      () => this.#release(session, true),
    );
  }

  #drop(session: pg.PoolClient, error: unknown): never {
    this.#release(session, true);
    throw error;
  }

  #release(session: pg.PoolClient, broken = false): void {
    if (this.#held.delete(session)) session.release(broken);
  }
}

async function isTaken(session: pg.PoolClient, name: string): Promise<boolean> {
  const { rows } = await session.query<{ taken: boolean }>(take, [name]);
  return rows[0]?.taken === true;
}
