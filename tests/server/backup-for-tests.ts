/** Going back in time: every row of every table as it stood, and back to that, on whichever engine the office runs. */
import { newEpoch } from '../../src/lib/server/feeds/epoch';
import type { Office } from '../../src/lib/server/office';
import type { Tables } from '../../src/lib/server/database/tables';

export type Backup = { table: keyof Tables; rows: object[] }[];

export async function backUp({ database }: Office): Promise<Backup> {
  const tables = await database.library.introspection.getTables();
  const names = tables
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('kysely_'))
    .sort() as (keyof Tables)[];
  return database.read(async (db) => {
    const backup: Backup = [];
    for (const table of names) backup.push({ table, rows: await db.selectFrom(table).selectAll().execute() });
    return backup;
  });
}

/** Puts the rows back and begins a new epoch in every community; answers the epochs by community. */
export async function putBack({ database, world }: Office, backup: Backup): Promise<Map<string, string>> {
  return database.write(async (tx) => {
    for (const { table } of backup) await tx.deleteFrom(table).execute();
    // The sign-in library's tables refer to each other: by name the user comes last, and here first.
    for (const { table, rows } of backup.toReversed()) {
      for (const row of rows) await tx.insertInto(table).values(row).execute();
    }
    const epochs = new Map<string, string>();
    for (const { community_id } of await tx.selectFrom('community').select('community_id').execute()) {
      epochs.set(community_id, await newEpoch(tx, community_id, world));
    }
    return epochs;
  });
}
