/** Reads text tables: UTF-8 with or without a mark, UTF-16, GBK and GB 18030; commas, semicolons, tabs or bars between the cells. */
import { analyse } from 'chardet';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import type { Cell, ReadSheet } from './cell';
import { RefusedFile } from './refusal';
import { MAX_COLUMNS, MAX_ROWS } from './sheet-marks';

const SEPARATORS = [',', '\t', ';', '|', '，', '；'];
const SAMPLE_LINES = 40;
const SAMPLE_BYTES = 64 * 1024;

/** Throws `RefusedFile` when the bytes are no text or the table is too large. */
export function readText(bytes: Uint8Array, name: string): ReadSheet {
  const text = decode(bytes);
  if (/^\s*(?:<!doctype html|<html|<table|<\?xml[^>]*>\s*<(?:html|Workbook))/i.test(text)) {
    throw new RefusedFile({ refused: 'web-page' });
  }
  const rows: Cell[][] = records(text, separatorOf(text));
  if (rows.length > MAX_ROWS) throw new RefusedFile({ refused: 'too-many-rows', sheet: name, limit: MAX_ROWS });
  if (rows.some((row) => row.length > MAX_COLUMNS)) {
    throw new RefusedFile({ refused: 'too-many-columns', sheet: name, limit: MAX_COLUMNS });
  }
  return { name, rows, merges: [], hiddenRows: new Set(), hidden: false };
}

/** GBK is read as GB 18030, which holds it. Text that is valid UTF-8 is UTF-8: GBK text hardly ever is by chance. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return iconv.decode(bytes, 'utf16-le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return iconv.decode(bytes, 'utf16-be');
  const unmarked = unmarkedUtf16(bytes.subarray(0, SAMPLE_BYTES));
  if (unmarked) return iconv.decode(bytes, unmarked);
  if (bytes.subarray(0, SAMPLE_BYTES).includes(0)) throw new RefusedFile({ refused: 'no-spreadsheet' });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return iconv.decode(bytes, chineseEncoding(bytes));
  }
}

/** UTF-16 that does not say so: separators, digits and line breaks have their nought always on the same side, and one side has none. */
function unmarkedUtf16(sample: Uint8Array): 'utf16-le' | 'utf16-be' | null {
  const noughts = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) noughts[at % 2] = (noughts[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = noughts;
  // A few in a hundred: a table has that many separators, and other files that hold noughts have them on both sides.
  if (Math.max(even, odd) * 50 < sample.length || Math.min(even, odd) > 0) return null;
  const kind = odd > 0 ? 'utf16-le' : 'utf16-be';
  const text = iconv.decode(sample.subarray(0, sample.length - (sample.length % 2)), kind);
  return /[\r\n]/.test(text) && !/[^\P{Cc}\t\r\n]/u.test(text) ? kind : null;
}

/** Big5 only where it is surely that: short rosters look like several encodings at once, and the offices that send them use GBK. */
function chineseEncoding(bytes: Uint8Array): string {
  const guesses = analyse(bytes.subarray(0, SAMPLE_BYTES));
  const confidence = (name: string) => guesses.find((guess) => guess.name === name)?.confidence ?? 0;
  return confidence('Big5') > confidence('GB18030') + 20 ? 'big5' : 'gb18030';
}

/** The separator that cuts the first lines into the most columns that most lines agree on. */
function separatorOf(text: string): string {
  const sample = text.split(/\r\n|\n|\r/, SAMPLE_LINES).join('\n');
  let best = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const counts = records(sample, separator)
      .map((row) => row.length)
      .filter((count) => count > 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const score = usual * counts.filter((count) => count === usual).length;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** One record a row of the spreadsheet: blank lines are rows, a line break inside quotes is none. */
function records(text: string, delimiter: string): string[][] {
  const options = { delimiter, bom: true, relax_column_count: true, relax_quotes: true, to: MAX_ROWS + 1 };
  try {
    return parse(text, options);
  } catch {
    // a quote that is never closed: then quotes are letters like others
    return parse(text, { ...options, quote: false });
  }
}
