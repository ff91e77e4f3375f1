import { expect, it } from 'vitest';
import { pageNumber } from './page-number';

it.each([
  [null, 1],
  ['', 1],
  ['3', 3],
  ['2.9', 2],
  ['-4', 1],
  ['1e20', 1],
  ['Infinity', 1],
  ['99999999999999999999', 1],
  ['第二页', 1],
])('reads the page of %j', (text, page) => {
  expect(pageNumber(text)).toBe(page);
});
