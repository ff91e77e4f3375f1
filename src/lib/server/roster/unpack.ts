/**
 * Unpacks a workbook's parts with a bound on what comes out. What the archive says of its own sizes is not believed:
 * each piece is counted as it is unpacked, and the first one over the bound ends it.
 */
import { Unzip, UnzipInflate } from 'fflate';
import { RefusedFile } from './refusal';

/** Of all XML parts together. 20,000 rows of 19 columns unpack to about 25 MB. */
export const MAX_UNPACKED_MEGABYTES = 120;
const MAX_UNPACKED = MAX_UNPACKED_MEGABYTES * 1024 * 1024;
const MAX_PARTS = 2000;
/** Deflate makes at most 1,032 bytes of one: a piece never unpacks to more than 17 MB before it is counted. */
const PIECE = 16 * 1024;

/** The XML parts by path. Throws `RefusedFile` when they are too large or the archive is damaged. */
export function unpackWorkbook(bytes: Uint8Array): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array[]>();
  let unpacked = 0;
  let names = 0;
  const unzip = new Unzip((file) => {
    if (++names > MAX_PARTS) throw tooLarge();
    if (!/\.(?:xml|rels)$/i.test(file.name)) return;
    const pieces: Uint8Array[] = [];
    parts.set(file.name.replace(/^\//, ''), pieces);
    file.ondata = (error, piece) => {
      if (error) throw error;
      unpacked += piece.length;
      if (unpacked > MAX_UNPACKED) throw tooLarge();
      pieces.push(piece);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      unzip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    }
  } catch (error) {
    throw error instanceof RefusedFile ? error : new RefusedFile({ refused: 'damaged' });
  }
  const whole = new Map<string, Uint8Array>();
  // one after the other, so that a part's pieces go as soon as it is whole
  for (const [name, pieces] of parts) whole.set(name, Buffer.concat(pieces.splice(0)));
  return whole;
}

function tooLarge(): RefusedFile {
  return new RefusedFile({ refused: 'unpacks-too-large', megabytes: MAX_UNPACKED_MEGABYTES });
}
