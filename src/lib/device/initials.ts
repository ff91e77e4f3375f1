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
/** What was met so far of letters that one sign may stand for: `w`, `cz`. */
const sounds: string[] = [];
const FIRST_SOUND = 0xa1;

/** One character for each sign of a name that has a sound: the letters that it may stand for. Only `initialsPattern` can read it. */
export function initialsOf(name: string): string {
  let initials = '';
  for (const sign of name) initials += soundOf(sign);
  return initials;
}

/** Finds typed letters `a` to `z` in what `initialsOf` said until now, also of many names with something else between them. */
export function initialsPattern(typed: string): RegExp {
  const meaning = (letter: string) =>
    sounds.map((letters, at) => (letters.includes(letter) ? soundAt(at) : '')).join('');
  return new RegExp([...typed].map((letter) => `[${meaning(letter)}]`).join(''), 'g');
}

const soundAt = (at: number) => String.fromCharCode(FIRST_SOUND + at);

function soundOf(sign: string): string {
  const before = known.get(sign);
  if (before !== undefined) return before;
  const letters = lettersOf(sign);
  if (letters !== '' && !sounds.includes(letters)) sounds.push(letters);
  const sound = letters === '' ? '' : soundAt(sounds.indexOf(letters));
  known.set(sign, sound);
  return sound;
}

/** All that a sign may stand for: `王` → `w`, `曾` → `cz`, `·` → none. */
function lettersOf(sign: string): string {
  return /^[a-z]$/i.test(sign) ? sign.toLowerCase() : bySound(sign) + (ALSO[sign] ?? '');
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
