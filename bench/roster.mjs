/**
 * Imports a made-up roster of 20,000 rows into a new office and prints what it took. Usage:
 * node bench/roster.mjs [--rows 20000] [--inline] [--json FILE]. `--inline`: every text stands in its own cell, as programs write it that
 * export without a table of shared strings.
 * Needs the built programs (`npm run build`).
 */
import '../scripts/node-version.mjs';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { admin } from './admin.mjs';
import { machine } from './machine.mjs';
import { header, rosterTable } from './made-roster.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    inline: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const rows = Number(options.rows);
const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'));
const file = path.join(folder, 'roster.xlsx');
const env = { ...process.env, DATA_DIR: path.join(folder, 'data') };

/** The parts of a workbook with one sheet whose texts stand in their cells. @param {({ value: unknown } | null)[][]} lines */
function inlineWorkbook(lines) {
  const letter = (at) => String.fromCharCode(65 + at);
  const cell = (entry, at, row) => {
    if (entry === null) return '';
    const place = `r="${letter(at)}${row + 1}"`;
    return typeof entry.value === 'number'
      ? `<c ${place}><v>${entry.value}</v></c>`
      : `<c ${place} t="inlineStr"><is><t xml:space="preserve">${entry.value}</t></is></c>`;
  };
  const body = lines.map(
    (line, row) => `<row r="${row + 1}" spans="1:19">${line.map((entry, at) => cell(entry, at, row)).join('')}</row>`,
  );
  const relation = (id, type, target) =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  const relations = (inner) =>
    strToU8(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`,
    );
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  return {
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': strToU8(
      `<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': relations(relation('rId1', 'worksheet', 'worksheets/sheet1.xml')),
    'xl/worksheets/sheet1.xml': strToU8(`<worksheet ${main}><sheetData>${body.join('')}</sheetData></worksheet>`),
  };
}

const table = rosterTable(rows);
if (options.inline) writeFileSync(file, zipSync(inlineWorkbook(table)));
else await writeXlsxFile(table).toFile(file);

const { said: community } = await admin(env, 'create-community', '--name', '大社区');
const { said, seconds, peak } = await admin(env, 'import-roster', file, '--community', community.id);
const { residents, dwellings, questions } = said;
console.log(`machine: ${machine()}`);
console.log(`file: ${rows} rows × ${header.length} columns, ${(statSync(file).size / 2 ** 20).toFixed(1)} MB`);
console.log(`imported: ${residents} residents, ${dwellings} dwellings, ${questions.length} questions`);
console.log(`time: ${seconds.toFixed(1)} s (goal ≤ 10)   peak memory: ${(peak / 2 ** 20).toFixed(0)} MB (goal ≤ 300)`);
if (options.json) {
  const figure = (what, goal, value) => ({ what, goal, min: value, median: value, max: value });
  writeFileSync(
    options.json,
    JSON.stringify({
      machine: machine(),
      figures: [figure(`import of ${rows} rows, s`, 10, seconds), figure('– peak memory, MB', 300, peak / 2 ** 20)],
    }),
  );
}
rmSync(folder, { recursive: true });
