/** Names as on the document: 1 to 50 characters, letters, spaces and `·`. */

/** Trims, folds runs of spaces, and turns the dots that keyboards give between Chinese characters into `·` (U+00B7). */
export function mendName(text: string): string {
  const trimmed = text.trim().replace(/\s+/gu, ' ');
  return trimmed.replace(/(\p{Script=Han})\s?[•‧・･．∙⋅]\s?(?=\p{Script=Han})/gu, '$1·');
}

/** Null for a name that can stand; else why not. `name_private_use`: a character that only one machine can show. */
export function checkName(text: string): 'name_empty' | 'name_long' | 'name_private_use' | 'name_characters' | null {
  if (text.trim() === '') return 'name_empty';
  if ([...text].length > 50) return 'name_long';
  if (/\p{Co}/u.test(text)) return 'name_private_use';
  return /^[\p{L}\p{M}\s·.'’\-[\]〇○()（）]+$/u.test(text) ? null : 'name_characters';
}
