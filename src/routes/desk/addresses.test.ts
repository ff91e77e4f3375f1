import { describe, expect, it } from 'vitest';
import { address, safeNext } from './addresses';

describe('addresses of the desk', () => {
  it('leaves out what says nothing', () => {
    expect(address('/desk/review', { show: 'changed', page: undefined, grid: '', whole: true, edit: false })).toBe(
      '/desk/review?show=changed&whole=1',
    );
  });

  it('goes on only to a path of this application', () => {
    expect(safeNext('/desk/review?id=1')).toBe('/desk/review?id=1');
    for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example', 'desk', '', null, '/a\n/b']) {
      expect(safeNext(foreign)).toBeNull();
    }
  });
});
