/** The catalogue in both languages: same keys, same parameters, each key once, none that no source names. */
import './node-version.mjs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

const settings = JSON.parse(readFileSync(path.join(root, 'project.inlang/settings.json'), 'utf8'));
const patterns = settings['plugin.inlang.messageFormat'].pathPattern;
const complaints = [];
/** A number before a noun that has a singular. */
const counted =
  /\{(?!community|limit)\w+\} (?:\w+ )?(?:accounts|answers|cells|comments|communities|days|doors|drafts|dwellings|entries|households|items|people|problems|questions|records|residents|rows|sheets|values|visits|workers)\b/;

/** key → { file, params } of one language. */
function readCatalogue(locale) {
  const keys = new Map();
  for (const pattern of patterns) {
    const file = pattern.replace('{locale}', locale);
    for (const [key, value] of Object.entries(JSON.parse(readFileSync(path.join(root, file), 'utf8')))) {
      if (key.startsWith('$')) continue;
      if (keys.has(key)) complaints.push(`${file}: ${key} stands in ${keys.get(key).file} too`);
      if (!/^[a-z][a-zA-Z0-9_]*$/.test(key)) complaints.push(`${file}: ${key} is not spelled as a key`);
      const text = JSON.stringify(value);
      if (value === '') complaints.push(`${file}: ${key} is empty`);
      if (locale === 'en' && typeof value === 'string' && counted.test(value))
        complaints.push(`${file}: ${key} says 1 in the plural: give it a variant for one`);
      const params = [...new Set([...text.matchAll(/\{([a-zA-Z][a-zA-Z0-9]*)\}/g)].map((match) => match[1]))].sort();
      keys.set(key, { file, params: params.join(', ') });
    }
  }
  return keys;
}

function* sourcesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (file.endsWith('paraglide')) continue;
    if (statSync(file).isDirectory()) yield* sourcesBelow(file);
    else if (/\.(ts|svelte|js|mjs)$/.test(name)) yield file;
  }
}

const [base, ...others] = settings.locales.map((locale) => ({ locale, keys: readCatalogue(locale) }));
for (const { locale, keys } of others) {
  for (const [key, { file, params }] of base.keys) {
    const other = keys.get(key);
    if (!other) complaints.push(`${file}: ${key} is missing in ${locale}`);
    else if (other.params !== params) complaints.push(`${other.file}: ${key} takes {${other.params}}, not {${params}}`);
  }
  for (const [key, { file }] of keys)
    if (!base.keys.has(key)) complaints.push(`${file}: ${key} is missing in ${base.locale}`);
}

const words = new Set();
const prefixes = new Set();
for (const file of sourcesBelow(path.join(root, 'src'))) {
  const text = readFileSync(file, 'utf8');
  for (const [word] of text.matchAll(/[a-z][a-z0-9]*(?:_[a-z0-9]+)*/g)) words.add(word);
  // `label_${name}`: every key that begins so may be meant.
  for (const match of text.matchAll(/[`'"]([a-z][a-z0-9_]*_)(?:\$\{|['"`]\s*\+)/g)) prefixes.add(match[1]);
}
// Keys made of a definition's data: `label_<fieldName>` and the like keep the field's own spelling.
for (const match of [...words].filter((word) => word.endsWith('_'))) prefixes.add(match);
for (const [key, { file }] of base.keys) {
  if (words.has(key) || [...prefixes].some((prefix) => key.startsWith(prefix))) continue;
  complaints.push(`${file}: nothing names ${key}`);
}

for (const complaint of complaints) console.error(complaint);
console.log(`${base.keys.size} messages in ${settings.locales.length} languages, ${complaints.length} complaints`);
process.exit(complaints.length === 0 ? 0 : 1);
