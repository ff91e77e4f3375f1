/** The office's database in PostgreSQL: any number of processes share it. Each commit waits for the disk (REC-1). */
import pg from 'pg';
import type { World } from '../../domain/world';
import { ConflictError, type Database, type Older, type ReadSnapshot, type Transaction } from './database';
import type { Execute } from './kysely-over';
import { libraryKysely } from './library';
import { migrate, migrationNames } from './migrate';
import { PostgresClaims } from './postgres-claims';
import { asDatabaseError } from './postgres-errors';
import { Lease } from './postgres-lease';
import { postgresWords } from './postgres-words';

/** Connections that a process holds at most, for each of reading and writing: a writer may read a snapshot and never waits for itself. */
const mostEach = 8;
/**
 * How long, in milliseconds, somebody waits for a free connection, and for a row that another transaction holds, before it counts as unavailable. A phone
 * that was let into the line (`sync/line.ts`) stands there some ten seconds by the office's guess; it gives up itself after 30 (DEV-14).
 */
const patience = { connection: 25_000, row: 5000 };
/** A transaction that met another in its way is run again, at most so often in all. */
const tries = 8;
/** The longest first pause before that, in milliseconds; the next may be twice as long. */
const pause = 10;

const beginReading = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** A server may be set up to answer a commit before it is on disk: never ours. What promises more (replicas) is kept. */
const beginWriting = [
  'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
  `SET LOCAL lock_timeout = ${patience.row}`,
  "SET LOCAL idle_in_transaction_session_timeout = '1min'",
  "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
].join('; ');

/** Opens the database at `url` and brings its tables up to date; processes that start together do so one after the other. */
export async function openPostgres(url: string, world: World, older: Older): Promise<Database> {
  const readers = makePool(url);
  const writers = makePool(url);
  const claims = new PostgresClaims(makePool(url));
  const leases = new WeakMap<object, Lease>();
  const tuners = makePool(url);
  let tuner: pg.PoolClient | null = null;

  async function read<T>(run: (snapshot: ReadSnapshot, execute: Execute) => Promise<T>): Promise<T> {
    const lease = await begin(readers, beginReading);
    try {
      return await run(lease.kysely as ReadSnapshot, lease.execute);
    } finally {
      await lease.giveBack(false);
    }
  }

  async function transact<T>(lease: Lease, run: (tx: Transaction, execute: Execute) => Promise<T>): Promise<T> {
    let finished = false;
    try {
      const tx = lease.kysely as Transaction;
      leases.set(tx, lease);
      const result = await run(tx, lease.execute);
      await lease.commit();
      finished = true;
      return result;
    } finally {
      await lease.giveBack(finished);
    }
  }

  async function write<T>(run: (tx: Transaction, execute: Execute) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      const last = tried === tries;
      try {
        return await transact(await begin(writers, beginWriting, !last), run);
      } catch (error) {
        if (last || !(error instanceof ConflictError)) throw error;
      }
      const longest = pause * 2 ** (tried - 1);
      await new Promise<void>((resolve) => world.after(world.random() * longest, resolve));
    }
  }

  const database: Database = {
    engine: 'postgresql',
    read: (run) => read((snapshot) => run(snapshot)),
    write: (run) => write((tx) => run(tx)),
    // Commits that arrive together share a sync to disk by PostgreSQL's own doing.
    writeTogether: (run) => write((tx) => run(tx)),
    attempt(tx, run) {
      const lease = leases.get(tx);
      if (!lease) throw new Error('attempt wants the transaction that Database.write handed out');
      return lease.attempt(run);
    },
    library: libraryKysely(postgresWords, {
      read: (run) => read((_, execute) => run(execute)),
      write: (run) => write((_, execute) => run(execute)),
    }),
    async tune() {
      // Also says which pages everybody may see, so that counts come from an index alone; it takes no part in a transaction.
      const giveBack = await claims.claim('tune');
      if (!giveBack) return;
      try {
        tuner = await connect(tuners);
        // As slowly as PostgreSQL's own daily care: nobody waits for it.
        await tuner.query("SET vacuum_cost_delay = '2ms'");
        await tuner.query('VACUUM (ANALYZE, SKIP_LOCKED)');
      } catch (error) {
        throw asDatabaseError(error);
      } finally {
        tuner?.release(true);
        tuner = null;
        await giveBack();
      }
    },
    claim: (name) => claims.claim(name),
    async close() {
      // What is not done of the daily care is left.
      tuner?.release(true);
      tuner = null;
      await Promise.all([readers.end(), writers.end(), tuners.end(), claims.close()]);
    },
  };
  try {
    await database.write((tx) => migrate(tx, migrationNames, older));
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** What counts and sums is a number here as it is with SQLite; nothing of ours comes near 2^53. For our own connections alone. */
const numbers = new pg.TypeOverrides();
for (const type of [pg.types.builtins.INT8, pg.types.builtins.NUMERIC]) numbers.setTypeParser(type, Number);

/** A connection on which a transaction has begun. One that was idle may have died unseen: then it is the next one's turn. */
async function begin(pool: pg.Pool, sql: string, mayRepeat = false): Promise<Lease> {
  for (let left = mostEach; ; left -= 1) {
    const lease = new Lease(await connect(pool), mayRepeat);
    try {
      await lease.begin(sql);
      return lease;
    } catch (error) {
      await lease.giveBack(false);
      if (left === 0) throw error;
    }
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

function makePool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'qiaomen',
    max: mostEach,
    connectionTimeoutMillis: patience.connection,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: numbers,
  });
  // A connection that breaks while nobody uses it is replaced when it is next wanted; one in use fails its statement.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
