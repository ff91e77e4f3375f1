/** Walks through many rows without holding them all. */

/**
 * Rows in the order of their key, a page at a time, no page empty. `read` answers with the `size` rows that come after `last`, the first ones where that is
 * null; a page that is not full is the last.
 */
export async function* inPages<Row>(size: number, read: (last: Row | null) => Promise<Row[]>): AsyncGenerator<Row[]> {
  for (let last: Row | null = null; ;) {
    const rows: Row[] = await read(last);
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    last = rows.at(-1) ?? null;
  }
}
