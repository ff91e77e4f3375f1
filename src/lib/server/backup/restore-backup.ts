/** Putting a backup back, or another database's rows in: one transaction, a new epoch, and phones give back what the backup lacks (RES-1). */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import type { World } from '../../domain/world';
import type { Database, Transaction } from '../database/database';
import { migrate, migrationNames } from '../database/migrate';
import { tableShapes } from '../database/table-shapes';
import { newEpoch } from '../feeds/epoch';
import { BackupProblem } from './backup-problem';
import { BackupReader, type BackupRow } from './lines';

export type Restored = { communities: number; rows: number; madeAt: string };

/** Bounds a statement's parameters: SQLite takes 32,766, PostgreSQL 65,535. */
const mostParameters = 30_000;
const mostRows = 500;

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
 * Makes the database hold what `lines` say and nothing else: tables as they were when the backup was made, its rows, then what this version of the office has
 * changed since; every community begins a new epoch. Nothing has changed where it throws. Throws a BackupProblem: `not-empty` where the database has a
 * community and `replace` does not say that it may go, `newer` for a backup of a newer version, and what reading it throws.
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
    await dropTables(tx, database.engine);
    await migrate(tx, head.migrations);
    const rows = await insertAll(tx, reader.rows());
    await migrate(tx);
    const communities = await tx.selectFrom('community').select('community_id').execute();
    for (const { community_id } of communities) await newEpoch(tx, community_id, world);
    return { communities: communities.length, rows, madeAt: head.madeAt };
  });
  await database.tune();
  return restored;
}

async function dropTables(tx: Transaction, engine: Database['engine']): Promise<void> {
  const own = (await tableShapes(tx, engine)).map(({ name }) => String(name)).reverse();
  const tables = await tx.introspection.getTables({ withInternalKyselyTables: true });
  const records = tables.map(({ name }) => name).filter((name) => name.startsWith('kysely_'));
  for (const name of [...own, ...records]) await tx.schema.dropTable(name).execute();
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
    waiting.push(row);
  }
  await flush();
  return count;
}
