/** Removes what the migrations made, to make it anew, and leaves whatever other programs have in the same database as it is. */
import { sql } from 'kysely';
import { DEFAULT_MIGRATION_LOCK_TABLE, DEFAULT_MIGRATION_TABLE } from 'kysely/migration';
import { type Database, StrangerError, type Transaction } from './database';
import { isOwnTable } from './own-tables';
import { tableShapes } from './table-shapes';

const records: readonly string[] = [DEFAULT_MIGRATION_TABLE, DEFAULT_MIGRATION_LOCK_TABLE];

/** Throws a StrangerError where something of another program rests on one of our tables. */
export async function dropOwnTables(tx: Transaction, engine: Database['engine']): Promise<void> {
  if (engine === 'sqlite') await refuseForeignReferences(tx);
  const own = (await tableShapes(tx, engine)).map(({ name }) => String(name)).reverse();
  const tables = await tx.introspection.getTables({ withInternalKyselyTables: true });
  const kept = tables.map(({ name }) => name).filter((name) => records.includes(name));
  for (const name of [...own, ...kept]) await tx.schema.dropTable(name).execute();
  const views = tables.filter(({ name, isView }) => isView && !isOwnTable(name));
  if (engine === 'sqlite') for (const { name } of views) await refuseBroken(tx, name);
}

/** A view that can be asked nothing now: SQLite lets its tables go from under it, and then makes no change to any other. */
async function refuseBroken(tx: Transaction, view: string): Promise<void> {
  try {
    await sql`SELECT 1 FROM ${sql.table(view)} LIMIT 0`.execute(tx);
  } catch (error) {
    throw new StrangerError('rests-on-ours', view, { cause: error });
  }
}

/** PostgreSQL removes no table that another one refers to; SQLite would remove the other's rows first, where it is told so. */
async function refuseForeignReferences(tx: Transaction): Promise<void> {
  const { rows } = await sql<{ name: string; to: string }>`
    SELECT entry.name AS name, reference."table" AS "to"
    FROM sqlite_master AS entry, pragma_foreign_key_list(entry.name) AS reference
    WHERE entry.type = 'table'`.execute(tx);
  const stranger = rows.find(({ name, to }) => isOwnTable(to) && !isOwnTable(name));
  if (stranger) throw new StrangerError('rests-on-ours', `${stranger.name} → ${stranger.to}`);
}
