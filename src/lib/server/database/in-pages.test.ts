import { expect, it } from 'vitest';
import { inPages } from './in-pages';

it.each([
  [0, [[]]],
  [2, [[1, 2]]],
  [3, [[1, 2, 3]]],
  [7, [[1, 2, 3], [4, 5, 6], [7]]],
])('reads %i rows in pages of three, each once, and no empty page', async (count, pages) => {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const read = (last: number | null) => Promise.resolve(all.filter((row) => row > (last ?? 0)).slice(0, 3));
  const seen: number[][] = [];
  for await (const rows of inPages(3, read)) seen.push(rows);
  expect(seen).toEqual(pages.filter((page) => page.length > 0));
});
