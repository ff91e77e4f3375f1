/**
 * Roster import 名册导入: an office's own spreadsheet becomes part of the register.
 * The stops on its road: read (bytes → rows) · understand (rows → households, questions) · plan (against the register) · run.
 */
import path from 'node:path';
import type { ReadSheets } from './cell';
import { readText } from './read-text';
import { readWorkbook } from './read-workbook';
import { RefusedFile, type RosterRefusal } from './refusal';

export const MAX_FILE_MEGABYTES = 20;

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Compound file binary: .xls, .et and encrypted .xlsx alike ([MS-CFB] 2.2). */
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const OTHERS = [
  [0x25, 0x50, 0x44, 0x46], // PDF
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x1f, 0x8b], // gzip
  [0x52, 0x61, 0x72, 0x21], // RAR
  [0x37, 0x7a, 0xbc, 0xaf], // 7z
];

/** Every sheet of a roster file, or why it cannot be read. What a file is, its bytes say; its name only helps with the words. */
export async function readRoster(bytes: Uint8Array, fileName: string): Promise<ReadSheets | RosterRefusal> {
  try {
    return { fileName, sheets: await sheetsOf(bytes, fileName) };
  } catch (error) {
    if (error instanceof RefusedFile) return error.refusal;
    throw error;
  }
}

async function sheetsOf(bytes: Uint8Array, fileName: string) {
  if (bytes.length === 0) throw new RefusedFile({ refused: 'empty' });
  if (bytes.length > MAX_FILE_MEGABYTES * 1024 * 1024) {
    throw new RefusedFile({ refused: 'file-too-large', megabytes: MAX_FILE_MEGABYTES });
  }
  if (begins(bytes, COMPOUND_FILE)) throw new RefusedFile({ refused: compoundFile(bytes, fileName) });
  if (begins(bytes, ZIP)) return readWorkbook(bytes);
  if (OTHERS.some((mark) => begins(bytes, mark))) throw new RefusedFile({ refused: 'no-spreadsheet' });
  return [readText(bytes, path.basename(fileName, path.extname(fileName)))];
}

function begins(bytes: Uint8Array, mark: number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** An encrypted workbook names its stream `EncryptedPackage`, in UTF-16 like all names of the directory. */
function compoundFile(bytes: Uint8Array, fileName: string): 'encrypted' | 'wps' | 'old-excel' {
  if (Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))) return 'encrypted';
  return /\.ett?$/i.test(fileName) ? 'wps' : 'old-excel';
}
