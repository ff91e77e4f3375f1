/** Code lists: what a coded field may hold. The words for them are in `code-label.ts`. */
import * as z from 'zod/mini';
import { codeLists } from './code-lists';

export { codeLists };

export type CodeListId = keyof typeof codeLists;
export const codeListIds = Object.keys(codeLists) as CodeListId[];
/** A code of one list, e.g. `Code<'sex'>` is `'0' | '1' | '2' | '9'`. */
export type Code<List extends CodeListId> = (typeof codeLists)[List]['codes'][number];
export type Locale = 'zh-CN' | 'en';

/** The codes of a list, in the dictionary's order. */
export function codesOf<List extends CodeListId>(list: List): Code<List>[] {
  return [...codeLists[list].codes];
}

export function isCode<List extends CodeListId>(list: List, value: unknown): value is Code<List> {
  return codeLists[list].codes.some((code) => code === value);
}

/** A Zod schema that takes exactly the codes of one list. */
export function codeSchema<List extends CodeListId>(list: List): z.ZodMiniType<Code<List>> {
  return z.custom<Code<List>>((value) => isCode(list, value), { error: 'code' });
}
