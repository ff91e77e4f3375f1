/** Code lists: what a coded field may hold, and the words for it in both languages. */
import * as z from 'zod/mini';
import { codeLists } from './code-lists';

export { codeLists };

export type CodeListId = keyof typeof codeLists;
/** A code of one list, e.g. `Code<'sex'>` is `'0' | '1' | '2' | '9'`. */
export type Code<List extends CodeListId> = (typeof codeLists)[List]['codes'][number][0];
export type Locale = 'zh-CN' | 'en';

/** The codes of a list, in the dictionary's order. */
export function codesOf<List extends CodeListId>(list: List): Code<List>[] {
  return codeLists[list].codes.map(([code]) => code as Code<List>);
}

export function isCode<List extends CodeListId>(list: List, value: unknown): value is Code<List> {
  return codeLists[list].codes.some(([code]) => code === value);
}

/** The label of a code in a language; an unknown code is shown as it is. */
export function codeLabel(list: CodeListId, code: string, locale: Locale): string {
  const entry = codeLists[list].codes.find(([known]) => known === code);
  return entry ? entry[locale === 'en' ? 2 : 1] : code;
}

/** A Zod schema that takes exactly the codes of one list. */
export function codeSchema<List extends CodeListId>(list: List): z.ZodMiniType<Code<List>> {
  return z.custom<Code<List>>((value) => isCode(list, value), { error: 'code' });
}
