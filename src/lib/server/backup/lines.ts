/**
 * A backup as lines of JSON, the same from either database and for either: a head, then for each table a line that names it and its columns and a line for
 * each row, then an end with a digest of all before it. What is cut off or changed on the way is noticed before anything of it counts.
 */
import { createHash, type Hash } from 'node:crypto';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Database, ReadSnapshot } from '../database/database';
import { inPages } from '../database/in-pages';
import { migrationsDone } from '../database/migrate';
import { tableShapes, type TableShape } from '../database/table-shapes';
import { BackupProblem } from './backup-problem';

const format = 'qiaomen-backup';
const formatVersion = 1;
/** Rows read at a time: a page in memory, never a table. */
const page = 500;

const Head = z.object({
  format: z.literal(format),
  version: z.literal(formatVersion),
  madeAt: z.string(),
  app: z.string(),
  migrations: z.array(z.string()),
});
/** The head of a later format, whatever else is in it. */
const LaterHead = z.object({ format: z.literal(format), version: z.int().check(z.gt(formatVersion)) });
const TableLine = z.object({ table: z.string(), columns: z.array(z.string()) });
const RowLine = z.array(z.union([z.string(), z.number(), z.null()]));
const EndLine = z.object({ end: z.literal(true), rows: z.int(), sha256: z.string() });

export type BackupHead = z.infer<typeof Head>;
export type BackupRow = { table: string; columns: string[]; values: (string | number | null)[] };
type About = { madeAt: string; app: string };

/** All of a snapshot as text, in pieces of some hundred lines. */
export async function* linesOf(db: ReadSnapshot, engine: Database['engine'], about: About): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const told = (lines: unknown[]) => {
    const text = lines.map((line) => `${oneLine(line)}\n`).join('');
    hash.update(text);
    return text;
  };
  const migrations = await migrationsDone(db);
  yield told([{ format, version: formatVersion, ...about, migrations } satisfies BackupHead]);
  let rows = 0;
  for (const shape of await tableShapes(db, engine)) {
    yield told([{ table: shape.name, columns: shape.columns }]);
    for await (const part of inPages<Row>(page, (last) => rowsAfter(db, shape, last))) {
      rows += part.length;
      yield told(part.map((row) => shape.columns.map((column) => row[column] ?? null)));
    }
  }
  yield `${oneLine({ end: true, rows, sha256: hash.digest('base64url') })}\n`;
}

/** JSON leaves these as they are, and there are programs to which each of them ends a line. */
const lineEnds = /[\u0085\u2028\u2029]/g;

function oneLine(value: unknown): string {
  return JSON.stringify(value).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type Row = Record<string, unknown>;

/** In the order of the primary key. */
async function rowsAfter(db: ReadSnapshot, { name, key }: TableShape, last: Row | null): Promise<Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const beyond = last ? sql`WHERE (${columns}) > (${sql.join(key.map((column) => last[column]))})` : sql``;
  const query = sql<Row>`SELECT * FROM ${sql.table(name)} ${beyond} ORDER BY ${columns} LIMIT ${sql.lit(page)}`;
  return (await query.execute(db)).rows;
}

/**
 * Reads lines back: first the head, then every row. Throws a BackupProblem: `no-backup` where the first line is none of ours, `newer` where a later
 * version wrote it, `damaged` where one after it is not readable, or the end is missing or does not fit what stood before it.
 */
export class BackupReader {
  readonly #lines: AsyncIterator<string>;
  readonly #hash: Hash = createHash('sha256');

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async head(): Promise<BackupHead> {
    const { value, done } = await this.#lines.next();
    const line = done ? null : parsed(value);
    if (LaterHead.safeParse(line).success) throw new BackupProblem('newer');
    const head = Head.safeParse(line);
    if (!head.success) throw new BackupProblem('no-backup');
    this.#hash.update(`${value}\n`);
    return head.data;
  }

  async *rows(): AsyncGenerator<BackupRow> {
    let table: z.infer<typeof TableLine> | null = null;
    let count = 0;
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new BackupProblem('damaged');
      const line = parsed(value);
      const end = EndLine.safeParse(line);
      if (end.success) {
        if (end.data.rows !== count || end.data.sha256 !== this.#hash.digest('base64url'))
          throw new BackupProblem('damaged');
        return;
      }
      this.#hash.update(`${value}\n`);
      const named = TableLine.safeParse(line);
      if (named.success) {
        table = named.data;
        continue;
      }
      const row = RowLine.safeParse(line);
      if (!row.success || table === null || row.data.length !== table.columns.length)
        throw new BackupProblem('damaged');
      count += 1;
      yield { ...table, values: row.data };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
