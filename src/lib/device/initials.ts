/**
 * Initials of a Chinese name by its sound (王秀兰 → wxl), without a dictionary to download: the browser's own pinyin
 * collation has a heading for each letter (CLDR, U+FDD0 and the letter), and a character belongs to the last heading before it.
 */

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Signs with another reading as a surname or in a given name, beside the one they are sorted by; either way finds the person. */
const ALSO: Record<string, string> = Object.fromEntries(
  [
    '曾z单s解x仇q查z区o盖g朴p乐y覃q缪m翟z员y秘b召s种c繁p折s黑h尉y万m隗k郗c宓f谌c亓q逄p佴n郄q',
    '行x长z朝z重c茜x盛c贾g藏z降x校x调t弹t石d车j晟c溱z玟m莞g荨x骠p靓l茄j幢z伺c圩x',
  ]
    .flatMap((list) => list.match(/../gu) ?? [])
    .map((pair) => [...pair]),
);

let collator: Intl.Collator | null | undefined;
const known = new Map<string, string>();

/** Letters that each sign of a name may stand for: `曾祥` → `['cz', 'x']`. Signs without a sound are left out. */
export function initialsOf(name: string): string[] {
  return [...name].map(lettersOf).filter(Boolean);
}

/** Whether typed letters are the initials from some sign of the name on. 0 from the first, 1 from a later one, -1 no match. */
export function matchInitials(letters: string[], typed: string): 0 | 1 | -1 {
  for (let start = 0; start + typed.length <= letters.length; start += 1) {
    let at = 0;
    while (at < typed.length && letters[start + at]?.includes(typed.charAt(at))) at += 1;
    if (at === typed.length) return start === 0 ? 0 : 1;
  }
  return -1;
}

function lettersOf(sign: string): string {
  const before = known.get(sign);
  if (before !== undefined) return before;
  const letters = /^[a-z]$/i.test(sign) ? sign.toLowerCase() : bySound(sign) + (ALSO[sign] ?? '');
  known.set(sign, letters);
  return letters;
}

function bySound(sign: string): string {
  if (!/\p{Script=Han}/u.test(sign)) return '';
  const sounds = pinyinCollator();
  if (!sounds) return '';
  let low = 0;
  let high = LETTERS.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sounds.compare(`\uFDD0${LETTERS[middle]}`, sign) <= 0) low = middle;
    else high = middle - 1;
  }
  return LETTERS[low]?.toLowerCase() ?? '';
}

/** Null where the browser's data lack the headings: then names are found by their characters only. */
function pinyinCollator(): Intl.Collator | null {
  if (collator === undefined) {
    const candidate = new Intl.Collator('zh-u-co-pinyin');
    const works = ['A阿', 'L李', 'W王', 'Z张'].every((pair) => {
      const [letter = '', sign = ''] = [...pair];
      return (
        candidate.compare(`\uFDD0${letter}`, sign) < 0 &&
        (letter === 'Z' || candidate.compare(`\uFDD0${nextLetter(letter)}`, sign) > 0)
      );
    });
    collator = works ? candidate : null;
  }
  return collator;
}

function nextLetter(letter: string): string {
  return LETTERS[LETTERS.indexOf(letter) + 1] ?? 'Z';
}
