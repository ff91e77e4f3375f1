/** Text that no database and no JSON canonicaliser agrees on: U+0000 and lone surrogates (REC-8). */

type Path = (string | number)[];
type Place = { value: unknown; key: string | number; parent: Place | null };

/** Under the `u` flag a surrogate that has its other half is no surrogate any more, so only lone ones match. */
const unsafe = /[\0\p{Surrogate}]/u;

/** Whether a string holds U+0000 or half of a surrogate pair. */
export function isUnsafeText(text: string): boolean {
  return unsafe.test(text);
}

/** Paths of unsafe strings in a JSON value of any depth, keys too (named by their parent); at most `limit` of them. */
export function unsafeTexts(value: unknown, limit = 20): Path[] {
  const found: Path[] = [];
  const waiting: Place[] = [{ value, key: '', parent: null }];
  for (let place = waiting.pop(); place && found.length < limit; place = waiting.pop()) {
    if (typeof place.value === 'string') {
      if (isUnsafeText(place.value)) found.push(pathOf(place));
      continue;
    }
    const entries = entriesOf(place.value);
    if (entries.some(([key]) => typeof key === 'string' && isUnsafeText(key))) found.push(pathOf(place));
    // Backwards onto the pile, so that they come off it in their own order.
    for (const [key, entry] of entries.reverse()) waiting.push({ value: entry, key, parent: place });
  }
  return found;
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((entry: unknown, index) => [index, entry]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** From the root to a place; a key that is unsafe itself is named `?`. */
function pathOf(place: Place): Path {
  const path: Path = [];
  for (let at: Place | null = place; at?.parent; at = at.parent)
    path.push(typeof at.key === 'string' && isUnsafeText(at.key) ? '?' : at.key);
  return path.reverse();
}
