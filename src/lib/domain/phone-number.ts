/** Telephone numbers as the dictionary takes them: mainland mobile, landline with area code, or `+` and 6 to 15 digits (E.164). */

/** Full-width to ASCII; spaces, dashes, dots and brackets out; `+86` before a mainland number out. */
export function mendPhone(text: string): string {
  const plain = text.normalize('NFKC').replace(/[\s\-‐-―−.()（）'’\u200b-\u200f\ufeff]/gu, '');
  return plain.replace(/^(\+86|0086)(?=1[3-9]\d{9}$|0\d{9,11}$)/, '');
}

/** Whether a mended number is one of the three forms. */
export function isPhone(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(text) || /^0\d{2,3}\d{7,8}$/.test(text) || /^\+\d{6,15}$/.test(text);
}

/** A number in groups as people read it: `138 0000 8979`, `0936 442 1234`; others as they are. */
export function groupPhone(text: string): string {
  if (/^1\d{10}$/.test(text)) return `${text.slice(0, 3)} ${text.slice(3, 7)} ${text.slice(7)}`;
  const area = /^(010|02\d|0\d{3})(\d{3,4})(\d{4})$/.exec(text);
  return area ? `${area[1]} ${area[2]} ${area[3]}` : text;
}
