/** Putting a backup back, or another database's rows in: one transaction, a new epoch, and phones give back what the backup lacks (RES-1). */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import type { World } from '../../domain/world';
import {
  ConflictError,
  type Database,
  DatabaseUnavailableError,
  StrangerError,
  type Transaction,
} from '../database/database';
import { dropOwnTables } from '../database/drop-own-tables';
import { migrate, migrationNames } from '../database/migrate';
import { isOwnTable } from '../database/own-tables';
import type { AccountTable } from '../database/tables';
import { newEpoch } from '../feeds/epoch';
import { BackupProblem } from './backup-problem';
import { type BackupHead, BackupReader, type BackupRow } from './lines';

export type Restored = {
  communities: number;
  rows: number;
  madeAt: string;
  /** Accounts that the database held and the backup lacks: their phones hold records that only they can give back. */
  accountsGone: Pick<AccountTable, 'community_id' | 'id' | 'username' | 'role'>[];
};

/** Bounds a statement's parameters: SQLite takes 32,766, PostgreSQL 65,535. */
const mostParameters = 30_000;
const mostRows = 500;
/** What PostgreSQL says of a key that is there: here of a row that the backup holds twice. */
const doubleKey = '23505';

/** The lines of a backup file. Throws a BackupProblem: `no-file`, `no-backup`, `damaged`. */
export async function* linesOfFile(file: string): AsyncGenerator<string> {
  const unpacked = createReadStream(file)
    .on('error', (error) => unpacked.destroy(error))
    .pipe(createGunzip())
    .setEncoding('utf8');
  let any = false;
  try {
    for await (const line of linesIn(unpacked)) {
      any = true;
      yield line;
    }
  } catch (error) {
    const missing =
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'EACCES');
    throw new BackupProblem(missing ? 'no-file' : any ? 'damaged' : 'no-backup', { cause: error });
  }
}

/** A line ends with "\n" and with nothing else: what other programs take for an end may stand in a note. */
async function* linesIn(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of pieces) {
    const [end = '', ...more] = piece.split('\n');
    begun += end;
    for (const next of more) {
      yield begun;
      begun = next;
    }
  }
  if (begun !== '') yield begun;
}

/**
 * Makes the office's tables hold what `lines` say and nothing else: tables as they were when the backup was made, its rows, then what this version of the
 * office has changed since; every community begins a new epoch. What other programs have in the database stays as it is. Nothing has changed where it throws.
 * Throws a BackupProblem: `not-empty` where the database has a community and `replace` does not say that it may go, `newer` for a backup of a newer version,
 * `unfitting`, and what reading it throws; a StrangerError where something of another program is in the way.
 */
export async function restoreLines(
  database: Database,
  world: World,
  lines: AsyncIterable<string>,
  { replace }: { replace: boolean },
): Promise<Restored> {
  const reader = new BackupReader(lines);
  const head = await reader.head();
  if (head.migrations.some((name) => !migrationNames.includes(name))) throw new BackupProblem('newer');
  const restored = await database.write(async (tx) => {
    const held = await tx.selectFrom('community').select('community_id').execute();
    if (held.length > 0 && !replace) throw new BackupProblem('not-empty');
    const before = await accountsOf(tx);
    await dropOwnTables(tx, database.engine);
    const rows = await fill(tx, head, reader.rows());
    const communities = await tx.selectFrom('community').select('community_id').execute();
    for (const { community_id } of communities) await newEpoch(tx, community_id, world);
    const kept = new Set((await accountsOf(tx)).map(({ id }) => id));
    const accountsGone = before.filter(({ id }) => !kept.has(id));
    return { communities: communities.length, rows, madeAt: head.madeAt, accountsGone };
  });
  await database.tune();
  return restored;
}

function accountsOf(tx: Transaction): Promise<Restored['accountsGone']> {
  return tx.selectFrom('account').select(['community_id', 'id', 'username', 'role']).orderBy('id').execute();
}

/** Throws a BackupProblem `unfitting` where a row is none of those that the tables of `head` hold. */
async function fill(tx: Transaction, head: BackupHead, rows: AsyncIterable<BackupRow>): Promise<number> {
  try {
    await migrate(tx, head.migrations);
    const count = await insertAll(tx, rows);
    await migrate(tx);
    return count;
  } catch (error) {
    if (error instanceof BackupProblem || error instanceof StrangerError) throw error;
    const isKey = error instanceof ConflictError && error.code === doubleKey;
    // Lines are read once: nobody is in the way of this transaction but one who ran against our advice.
    if (error instanceof DatabaseUnavailableError && !isKey) {
      throw new DatabaseUnavailableError(error.code, { cause: error });
    }
    throw new BackupProblem('unfitting', { cause: error });
  }
}

async function insertAll(tx: Transaction, rows: AsyncIterable<BackupRow>): Promise<number> {
  let waiting: BackupRow[] = [];
  let count = 0;
  const flush = async () => {
    const [first] = waiting;
    if (first) {
      const columns = sql.join(first.columns.map((column) => sql.ref(column)));
      const values = sql.join(waiting.map((row) => sql`(${sql.join(row.values)})`));
      await sql`INSERT INTO ${sql.table(first.table)} (${columns}) VALUES ${values}`.execute(tx);
    }
    count += waiting.length;
    waiting = [];
  };
  for await (const row of rows) {
    const [first] = waiting;
    const full = waiting.length >= Math.min(mostRows, Math.floor(mostParameters / row.columns.length));
    if (first && (full || first.table !== row.table)) await flush();
    if (!isOwnTable(row.table)) throw new BackupProblem('unfitting');
    waiting.push(row);
  }
  await flush();
  return count;
}
