/** Whether all that is stored as JSON can be read, and is of its shape: which table, which row, which column, and nothing of what stands there. */
import { sql } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { Sealed } from '../database/tables';
import { jsonOf } from '../readable';
import { page, type Finding } from './finding';
import { storedShapes, type StoredShape } from './stored-shapes';

/** Answers how many rows were looked at. */
export async function checkStored(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  for (const shape of storedShapes) {
    for await (const rows of rowPages(db, communityId, shape)) {
      looked += rows.length;
      for (const row of rows) {
        const subject = `${shape.table} ${nameOf(shape, row)}`;
        for (const column of unreadable(shape, row))
          found({ check: 'stored', communityId, subject, what: `its ${column} cannot be read` });
        for (const column of otherwise(shape, row))
          found({
            check: 'stored',
            communityId,
            subject,
            what: `its ${column} is not what its ${shape.copied?.from} says`,
          });
      }
    }
  }
  return looked;
}

type Row = Record<string, Sealed | number | null>;

function rowPages(db: ReadSnapshot, communityId: string, { table, key, columns, copied }: StoredShape) {
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const wanted = sql.join(
    [...new Set([...key, ...Object.keys(columns), ...(copied?.names ?? [])])].map((column) => sql.ref(column)),
  );
  return inPages<Row>(page, async (last) => {
    const after = last ? sql`AND (${keys}) > (${sql.join(key.map((column) => last[column]))})` : sql``;
    const { rows } = await sql<Row>`
      SELECT ${wanted} FROM ${sql.table(table)} WHERE community_id = ${communityId} ${after}
      ORDER BY ${keys} LIMIT ${sql.lit(page)}`.execute(db);
    return rows;
  });
}

function nameOf({ key, named = key.length }: StoredShape, row: Row): string {
  return key
    .slice(0, named)
    .map((column) => row[column])
    .join('/');
}

function unreadable({ columns }: StoredShape, row: Row): string[] {
  return Object.entries(columns).flatMap(([column, schema]) => {
    const text = row[column];
    if (text === null || text === undefined) return [];
    const value = typeof text === 'string' ? jsonOf(open(text)) : undefined;
    return value !== undefined && schema.safeParse(value).success ? [] : [column];
  });
}

function otherwise({ copied }: StoredShape, row: Row): string[] {
  const text = copied && row[copied.from];
  const body = typeof text === 'string' ? asRecord(jsonOf(open(text))) : null;
  if (!copied || !body) return [];
  return copied.names.filter((name) => (row[name] ?? null) !== (body[name] ?? null));
}
