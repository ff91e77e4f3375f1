/** What the office's tables are like, asked of the database itself: for whatever goes through all of them and knows none by name. */
import { sql } from 'kysely';
import type { Database, ReadSnapshot } from './database';
import { isOwnTable } from './own-tables';
import type { Tables } from './tables';

export type TableShape = {
  name: keyof Tables;
  columns: string[];
  /** Columns of the primary key, in its order. */
  key: string[];
};

/** Of these other tables speak: their rows have to be there first. */
const first = ['sign_in_user'];

/**
 * The office's tables and the sign-in library's, those that others speak of first; the record of migrations is none of them, nor is what another program
 * keeps in the same database.
 */
export async function tableShapes(db: ReadSnapshot, engine: Database['engine']): Promise<TableShape[]> {
  const tables = await db.introspection.getTables();
  const shapes: TableShape[] = [];
  for (const { name, columns, isView } of tables) {
    if (isView || !isOwnTable(name)) continue;
    const key = await keyOf(db, engine, name);
    shapes.push({ name, columns: columns.map((column) => column.name), key });
  }
  const rank = ({ name }: TableShape) => (first.includes(name) ? 0 : 1);
  return shapes.sort((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
}

async function keyOf(db: ReadSnapshot, engine: Database['engine'], table: string): Promise<string[]> {
  const query =
    engine === 'sqlite'
      ? sql<{ name: string }>`SELECT name FROM pragma_table_info(${table}) WHERE pk > 0 ORDER BY pk`
      : sql<{ name: string }>`
          SELECT attribute.attname AS name
          FROM pg_index AS entry
          JOIN pg_attribute AS attribute ON attribute.attrelid = entry.indrelid AND attribute.attnum = ANY (entry.indkey)
          WHERE entry.indrelid = ${table}::regclass AND entry.indisprimary
          ORDER BY array_position(entry.indkey::int2[], attribute.attnum)`;
  const { rows } = await query.execute(db);
  return rows.map(({ name }) => name);
}
