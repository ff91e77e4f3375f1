/** The words for codes, in both languages. */
import { codeWords } from './code-words';
import type { CodeListId, Locale } from './codes';

/** The label of a code in a language; an unknown code is shown as it is. */
export function codeLabel(list: CodeListId, code: string, locale: Locale): string {
  const words: Readonly<Record<string, readonly [zh: string, en: string]>> = codeWords[list];
  const entry = Object.hasOwn(words, code) ? words[code] : undefined;
  return entry ? entry[locale === 'en' ? 1 : 0] : code;
}
