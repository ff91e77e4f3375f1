import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Field } from './definition';
import { definitions } from './definitions';

const catalogue = (locale: string): Set<string> =>
  new Set(
    ['common', 'problems'].flatMap((name) =>
      Object.keys(JSON.parse(readFileSync(`messages/${locale}/${name}.json`, 'utf8')) as object),
    ),
  );

function keysOf(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => [field.label, ...keysOf(field.fields ?? [])]);
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return sources(file);
    return file.endsWith('.ts') && !file.endsWith('.test.ts') ? [readFileSync(file, 'utf8')] : [];
  });
}

it.each(['zh-CN', 'en'])('has words for every label of the forms in %s', (locale) => {
  const words = catalogue(locale);
  const keys = definitions.flatMap((form) => [
    form.label,
    ...form.sections.flatMap((section) => [section.label, ...keysOf(section.fields)]),
  ]);
  expect(keys.filter((key) => !words.has(key))).toEqual([]);
});

it.each(['zh-CN', 'en'])('has words for every code that a check can give in %s', (locale) => {
  const words = catalogue(locale);
  const text = [...sources('src/lib/forms'), readFileSync('src/lib/domain/identity-number.ts', 'utf8')].join('\n');
  const codes = [...text.matchAll(/(?:code: |finding\(|at\('\w+', |at\()'([a-z][a-z0-9_]+)'/g)].map(
    (match) => match[1],
  );
  expect(codes.length).toBeGreaterThan(30);
  const unworded = codes.filter(
    (code) => code !== 'custom' && !words.has(`problem_${code}`) && !words.has(`warning_${code}`),
  );
  expect(unworded).toEqual([]);
});
