/** Brings the tables up to date: all of it in the one transaction that it is handed, so a start killed half-way leaves nothing half made. */
import { sql } from 'kysely';
import { type Migration, Migrator, DEFAULT_MIGRATION_TABLE } from 'kysely/migration';
import { DatabaseNewerError, DatabaseOlderError, type Older, type ReadSnapshot, type Transaction } from './database';
import * as m0001 from './migrations/0001-office';
import * as m0002 from './migrations/0002-review-queue';
import * as m0003 from './migrations/0003-sign-in';
import * as m0004 from './migrations/0004-scope-and-devices';
import * as m0005 from './migrations/0005-quarantine';
import * as m0007 from './migrations/0007-rescue';
import * as m0009 from './migrations/0009-office-setting';
import * as m0010 from './migrations/0010-queue-counts';
import * as m0011 from './migrations/0011-number-hash';
import * as m0012 from './migrations/0012-told-shape';

/** In code, never scanned from a folder: what is built is what runs. Names sort as they were made; a name once released stays. */
const migrations: Record<string, Migration> = {
  '0001-office': m0001,
  '0002-review-queue': m0002,
  '0003-sign-in': m0003,
  '0004-scope-and-devices': m0004,
  '0005-quarantine': m0005,
  '0007-rescue': m0007,
  '0009-office-setting': m0009,
  '0010-queue-counts': m0010,
  '0011-number-hash': m0011,
  '0012-told-shape': m0012,
};

/** Every migration that this version of the office has, in order. */
export const migrationNames: readonly string[] = Object.keys(migrations);

/**
 * Processes that start together do this one after the other, and all but the first find it done. `only`: those that an older version had, for a backup of
 * it. Throws a DatabaseNewerError, and with `older: 'refuse'` a DatabaseOlderError where there are tables that lack something.
 */
export async function migrate(
  tx: Transaction,
  only: readonly string[] = migrationNames,
  older: Older = 'update',
): Promise<void> {
  const { adapter } = tx.getExecutor();
  const noOptions = { lockTable: '', lockRowId: '' };
  await adapter.acquireMigrationLock(tx, noOptions);
  const done = await migrationsDone(tx);
  const unknown = done.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) throw new DatabaseNewerError(unknown);
  const wanted = Object.entries(migrations).filter(([name]) => only.includes(name) || done.includes(name));
  if (done.length === wanted.length) return;
  if (older === 'refuse' && done.length > 0) throw new DatabaseOlderError();
  const migrator = new Migrator({
    db: tx,
    provider: { getMigrations: async () => Object.fromEntries(wanted) },
    disableTransactions: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
}

/** Names of the migrations that this database has had, in order; none where it has no tables yet. */
export async function migrationsDone(tx: ReadSnapshot): Promise<string[]> {
  const tables = await tx.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{
    name: string;
  }>`SELECT name FROM ${sql.table(DEFAULT_MIGRATION_TABLE)} ORDER BY name`.execute(tx);
  return rows.map(({ name }) => name);
}
