/**
 * Cuts a large sheet between its rows into parts that each are a sheet for themselves (ECMA-376 part 1, 18.3.1): rows and cells carry their
 * own places, so what the library makes of the pieces, one after the other, is what it would make of the whole.
 */

/** A sheet of 20,000 rows has 17 MB, twice that where every text stands in its own cell. */
const PIECE = 3 * 1024 * 1024;
/** The root and what stands before the rows: columns and panes. */
const HEAD = 64 * 1024;

/** The whole where it is small, or written in a way that this does not know. */
export function* sheetPieces(part: Uint8Array, size = PIECE): Generator<Uint8Array> {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  const opening = /<((?:\w+:)?)worksheet[\s>][^]*?<\1sheetData\s*>/.exec(bytes.toString('latin1', 0, HEAD));
  if (part.length <= size * 1.5 || !opening) {
    yield part;
    return;
  }
  const prefix = opening[1] ?? '';
  const start = opening.index + opening[0].length;
  const head = bytes.subarray(0, start);
  const rowEnd = `</${prefix}row>`;
  const tail = Buffer.from(`</${prefix}sheetData></${prefix}worksheet>`);
  let from = start;
  while (bytes.length - from > size * 1.5) {
    const end = bytes.indexOf(rowEnd, from + size);
    if (end < 0) break;
    yield Buffer.concat([head, bytes.subarray(from, end + rowEnd.length), tail]);
    from = end + rowEnd.length;
  }
  yield Buffer.concat([head, bytes.subarray(from)]);
}
