/**
 * Imports a made-up roster of 20,000 rows into a new office and prints what it took. Usage:
 * node bench/roster.mjs [--rows 20000] [--inline] [--json FILE]. `--inline`: every text stands in its own cell, as programs write it that
 * export without a table of shared strings.
 * Needs the built programs (`npm run build`). Names are numbers' words and identity numbers carry the unassigned division 620799.
 */
import '../scripts/node-version.mjs';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { machine } from './machine.mjs';

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
const program = path.resolve('build/admin.js');
/** As `npm run admin` has them. */
const flags = JSON.parse(readFileSync('package.json', 'utf8'))
  .scripts.admin.split(' ')
  .filter((word) => word.startsWith('--'));
const env = { ...process.env, DATA_DIR: path.join(folder, 'data') };

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** The n-th of many different valid numbers. */
function identityNumber(n) {
  const day = new Date(Date.UTC(1940, 0, 1 + (n % 29_000)));
  const seventeen = `620799${day.toISOString().slice(0, 10).replaceAll('-', '')}${String(1 + 2 * Math.floor(n / 29_000) + (n % 2)).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(seventeen[index]), 0);
  return seventeen + '10X98765432'[sum % 11];
}

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰'];
const name = (n) => surnames[n % 20] + given[Math.floor(n / 20) % 26] + given[Math.floor(n / 520) % 26];

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

const header =
  '网格 小区 楼栋 单元 楼层 室号 户号 姓名 与户主关系 性别 出生日期 身份证号码 联系电话 居住状态 房屋用途 户籍地址 关爱类别 备注 序号'.split(
    ' ',
  );
const table = [header.map((value) => ({ value }))];
for (let n = 0; n < rows; n++) {
  const door = Math.floor(n / 3);
  const [floor, unit, building] = [
    1 + (Math.floor(door / 2) % 6),
    1 + (Math.floor(door / 12) % 4),
    1 + (Math.floor(door / 48) % 20),
  ];
  const number = identityNumber(n);
  table.push(
    [
      `第${1 + Math.floor(door / 960)}网格`,
      `花园${Math.floor(door / 960)}小区`,
      `${building}号楼`,
      `${unit}单元`,
      floor,
      `${floor}0${1 + (door % 2)}`,
      door + 1,
      name(n),
      ['户主', '配偶', '子'][n % 3],
      Number(number[16]) % 2 ? '男' : '女',
      `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
      number,
      `139${String(n).padStart(8, '0')}`,
      '人户一致',
      '自住',
      null,
      n % 40 ? null : '独居老人',
      null,
      n + 1,
    ].map((value) => (value === null ? null : { value })),
  );
}
if (options.inline) writeFileSync(file, zipSync(inlineWorkbook(table)));
else await writeXlsxFile(table).toFile(file);

const community = JSON.parse(
  execFileSync(process.execPath, [program, 'create-community', '--name', '大社区', '--json'], {
    env,
    encoding: 'utf8',
  }),
);
const started = performance.now();
const child = spawn(
  process.execPath,
  [...flags, program, 'import-roster', file, '--community', community.id, '--json'],
  {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let peak = 0;
const watch = setInterval(() => {
  try {
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0));
  } catch {
    // it has ended
  }
}, 20);
let output = '';
child.stdout.on('data', (part) => (output += part));
const code = await new Promise((resolve) => child.on('close', resolve));
clearInterval(watch);
const seconds = (performance.now() - started) / 1000;
if (code !== 0) throw new Error(`import-roster ended with ${code}`);
const { residents, dwellings, questions } = JSON.parse(output);
console.log(`machine: ${machine()}`);
console.log(`file: ${rows} rows × ${header.length} columns, ${(statSync(file).size / 2 ** 20).toFixed(1)} MB`);
console.log(`imported: ${residents} residents, ${dwellings} dwellings, ${questions.length} questions`);
console.log(`time: ${seconds.toFixed(1)} s (goal ≤ 10)   peak memory: ${(peak / 1024).toFixed(0)} MB (goal ≤ 300)`);
if (options.json) {
  const figure = (what, goal, value) => ({ what, goal, min: value, median: value, max: value });
  writeFileSync(
    options.json,
    JSON.stringify({
      machine: machine(),
      figures: [figure(`import of ${rows} rows, s`, 10, seconds), figure('– peak memory, MB', 300, peak / 1024)],
    }),
  );
}
rmSync(folder, { recursive: true });
