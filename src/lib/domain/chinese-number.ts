/** Numbers as they stand in addresses and headers: 三, 十二, 二十一, 负一 beside 3, 12, 21, -1. */

const DIGITS = '〇一二三四五六七八九';
export const CHINESE_DIGITS = '〇零一二三四五六七八九十';

/** 1–99 in Chinese characters as a number; `null` for anything else. */
export function readChineseNumber(text: string): number | null {
  if (!/^[〇零一二两三四五六七八九十]{1,4}$/.test(text)) return null;
  const plain = text.replaceAll('零', '〇').replaceAll('两', '二');
  const ten = plain.indexOf('十');
  if (ten < 0) {
    return Number([...plain].map((digit) => DIGITS.indexOf(digit)).join(''));
  }
  if (plain.indexOf('十', ten + 1) >= 0) return null;
  const tens = ten === 0 ? 1 : DIGITS.indexOf(plain.slice(0, ten));
  const ones = ten === plain.length - 1 ? 0 : DIGITS.indexOf(plain.slice(ten + 1));
  return tens < 0 || ones < 0 ? null : tens * 10 + ones;
}

/** `三` → `3`, `03` → `3`, `甲` and `A` as they are (letters in capitals). */
export function plainNumber(text: string): string {
  if (/^\d+$/.test(text)) return String(Number(text));
  const chinese = readChineseNumber(text);
  return chinese === null ? text.toUpperCase() : String(chinese);
}
