import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { definitions } from './definitions';
import { wordKeys } from './documentation';

const catalogue = (locale: string): Set<string> =>
  new Set(
    ['common', 'field', 'problems'].flatMap((name) =>
      Object.keys(JSON.parse(readFileSync(`messages/${locale}/${name}.json`, 'utf8')) as object),
    ),
  );

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return sources(file);
    return file.endsWith('.ts') && !file.endsWith('.test.ts') && name !== 'screen.ts'
      ? [readFileSync(file, 'utf8')]
      : [];
  });
}

it.each(['zh-CN', 'en'])('has words for every label, question, hint and purpose of the forms in %s', (locale) => {
  const words = catalogue(locale);
  expect(wordKeys(definitions).filter((key) => !words.has(key))).toEqual([]);
});

it('has no question and no hint that no form asks', () => {
  const asked = new Set(wordKeys(definitions));
  const kept = [...catalogue('zh-CN')].filter((key) => /^(ask|hint|label|purpose|section|form)_/.test(key));
  expect(kept.filter((key) => !asked.has(key))).toEqual([]);
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
