/**
 * `npm run forms`: from the forms' definitions the table in docs/forms.md and the words that the phone draws its forms with. With
 * `--check` it only says whether both are current, and exits 1 where they are not.
 */
import './node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';
import { root } from './sources.mjs';

/** @template T @param {string} file @returns {Promise<T>} */
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;

const { definitions } = await load('src/lib/forms/definitions.ts');
const { formsTable, wordKeys } = await load('src/lib/forms/documentation.ts');

/** @param {string} locale */
const catalogue = (locale) =>
  Object.assign(
    {},
    ...['common', 'field'].map((name) =>
      JSON.parse(readFileSync(path.join(root, `messages/${locale}/${name}.json`), 'utf8')),
    ),
  );

const words = wordKeys(definitions).map((/** @type {string} */ key) => `  ${key}: m.${key},`);
const made = {
  'docs/forms.md': formsTable(definitions, { 'zh-CN': catalogue('zh-CN'), en: catalogue('en') }),
  'src/routes/(field)/parts/form-words.ts': [
    '/** Made by `npm run forms` of the definitions: every word that a form is drawn with, by its message key. */',
    "import * as m from '$lib/paraglide/messages';",
    '',
    'export const formWords: Readonly<Record<string, () => string>> = {',
    ...words,
    '};',
    '',
  ].join('\n'),
};

const stale = [];
for (const [name, text] of Object.entries(made)) {
  const file = path.join(root, name);
  const whole = name.endsWith('.md') ? text : await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (readIfThere(file) === whole) continue;
  if (process.argv.includes('--check')) stale.push(name);
  else writeFileSync(file, whole);
}
for (const name of stale) console.error(`${name} is not what the definitions say: npm run forms`);
console.log(`${definitions.length} forms, ${words.length} words, ${stale.length} files to be made anew`);
process.exit(stale.length === 0 ? 0 : 1);

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
