/** All rows of one database into another, whichever engine each of them is. */
import type { ReadSnapshot, Transaction } from './database';
import type { Tables } from './tables';

/** Bounds a statement's parameters: SQLite takes 32,766, PostgreSQL 65,535. */
const mostParameters = 30_000;
/** Of these other tables speak: they go first. */
const first = ['sign_in_user'];

/** Within the transaction `into`; the tables there are those of `from`, and hold none of its keys. */
export async function copyRows(from: ReadSnapshot, into: Transaction): Promise<void> {
  const tables = (await from.introspection.getTables()).map(({ name }) => name as keyof Tables);
  const ordered = [...tables].sort((one, other) => Number(first.includes(other)) - Number(first.includes(one)));
  for (const table of ordered) {
    const rows = await from.selectFrom(table).selectAll().execute();
    const atOnce = Math.floor(mostParameters / Object.keys(rows[0] ?? { none: 0 }).length);
    for (let at = 0; at < rows.length; at += atOnce) {
      await into
        .insertInto(table)
        .values(rows.slice(at, at + atOnce))
        .execute();
    }
  }
}
