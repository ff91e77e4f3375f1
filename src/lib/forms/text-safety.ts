/** Text that no database and no JSON canonicaliser agrees on: U+0000 and lone surrogates (REC-8). */

type Path = (string | number)[];

/** Whether a string holds U+0000 or half of a surrogate pair. */
export function isUnsafeText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0) return true;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(index + 1);
      if (!(next >= 0xdc00 && next <= 0xdfff)) return true;
      index += 1;
    } else if (unit >= 0xdc00 && unit <= 0xdfff) return true;
  }
  return false;
}

/** Paths of unsafe strings in a JSON value, keys too (named by their parent); at most `limit` of them. */
export function unsafeTexts(value: unknown, limit = 20): Path[] {
  const found: Path[] = [];
  const walk = (part: unknown, path: Path): void => {
    if (found.length >= limit) return;
    if (typeof part === 'string') {
      if (isUnsafeText(part)) found.push(path);
    } else if (Array.isArray(part)) part.forEach((entry, index) => walk(entry, [...path, index]));
    else if (typeof part === 'object' && part !== null)
      for (const [key, entry] of Object.entries(part)) {
        if (isUnsafeText(key)) found.push(path);
        walk(entry, [...path, isUnsafeText(key) ? '?' : key]);
      }
  };
  walk(value, []);
  return found;
}
