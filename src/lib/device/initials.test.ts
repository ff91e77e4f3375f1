import { pinyin } from 'pinyin-pro';
import { describe, expect, it } from 'vitest';
import { initialsOf, initialsPattern } from './initials';

/** Where in the initials of a name typed letters stand; -1 where they do not. */
function find(name: string, typed: string): number {
  const initials = initialsOf(name);
  return initials.search(initialsPattern(typed));
}

describe('initials', () => {
  it.each([
    ['王秀兰', 'wxl'],
    ['欧阳娜娜', 'oynn'],
    ['曾祥', 'zx'],
    ['单立', 'sl'],
    ['仇英', 'qy'],
    ['解晓东', 'xxd'],
    ['朱·买买提', 'zmmt'],
    ['Tom', 'tom'],
  ])('%s is found by %s', (name, typed) => {
    expect(find(name, typed)).toBe(0);
  });

  it('begins at any sign of a name, and says which', () => {
    expect(['w', 'xl', 'l', 'wl', 'wxlx'].map((typed) => find('王秀兰', typed))).toEqual([0, 1, 2, -1, -1]);
  });

  it('agrees with a dictionary on the 6,763 signs of GB 2312', () => {
    const gb = new TextDecoder('gb18030');
    const wrong: string[] = [];
    let all = 0;
    for (let high = 0xb0; high <= 0xf7; high += 1) {
      for (let low = 0xa1; low <= 0xfe; low += 1) {
        const sign = gb.decode(new Uint8Array([high, low]));
        if (!/\p{Script=Han}/u.test(sign)) continue;
        all += 1;
        const expected = pinyin(sign, { pattern: 'first', toneType: 'none' });
        if (find(sign, expected) !== 0) wrong.push(sign);
      }
    }
    expect(all).toBeGreaterThan(6_700);
    expect(wrong.length).toBeLessThan(80);
  });
});
