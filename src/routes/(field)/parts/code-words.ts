/** How the phone says codes. Apart from the other words: the home opens without the labels of all lists. */
import { codeLabel } from '$lib/domain/codes/code-label';
import { codesOf, isCode, type Code, type CodeListId } from '$lib/domain/codes/codes';
import * as m from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';

/** The label of a code in the language shown; plain words for one that only a newer office knows. */
export function codeWord(list: CodeListId, code: string | null | undefined): string {
  if (!code) return '';
  return isCode(list, code) ? codeLabel(list, code, getLocale()) : m.field_code_newer();
}

/** Choices of a code list, all or some of its codes in the order given. */
export function codeChoices<List extends CodeListId>(
  list: List,
  codes: readonly Code<List>[] = codesOf(list),
): { value: Code<List>; label: string }[] {
  return codes.map((code) => ({ value: code, label: atStart(codeWord(list, code)) }));
}

/** A word that stands alone begins with a capital where the script has them. */
export function atStart(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export { isCode };
