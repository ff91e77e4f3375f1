/** Brings the tables up to date: all of it in the one transaction that it is handed, so a start killed half-way leaves nothing half made. */
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Transaction } from './database';
import * as m0001 from './migrations/0001-office';
import * as m0002 from './migrations/0002-review-queue';
import * as m0003 from './migrations/0003-sign-in';
import * as m0005 from './migrations/0005-quarantine';

/** In code, never scanned from a folder: what is built is what runs. Names sort as they were made; a name once released stays. */
const migrations: Record<string, Migration> = {
  '0001-office': m0001,
  '0002-review-queue': m0002,
  '0003-sign-in': m0003,
  '0005-quarantine': m0005,
};

export async function migrate(tx: Transaction): Promise<void> {
  const migrator = new Migrator({ db: tx, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
  await tune(tx);
}

/** Lets SQLite look at the shapes of tables that changed much: without, it may walk a community where an index leads to one door. */
export async function tune(tx: Transaction): Promise<void> {
  await sql`PRAGMA optimize = 0x10002`.execute(tx);
}
