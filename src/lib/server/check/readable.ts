/** Reading what may be damaged: one row that cannot be read is told of, and keeps nobody from looking at the others. */

/** The JSON value of a text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The texts of a JSON list; none where it is no list. */
export function namesOf(text: string): string[] {
  const list: unknown = jsonOf(text);
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/** Whether something stored could not be read; false where the database itself failed, whose errors have a code. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Error && !('code' in error);
}

/**
 * What `read` makes of these ids, many at once. Where it cannot be made of all, it is made of each half, and so on to the single ones that are to blame:
 * `unreadable` is called for each.
 */
export async function readEach<T>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  unreadable: (id: string) => void,
): Promise<ReadonlyMap<string, T>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  try {
    return await read(ids);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (ids.length === 1) {
      unreadable(first);
      return new Map();
    }
    const half = Math.ceil(ids.length / 2);
    const parts = [ids.slice(0, half), ids.slice(half)];
    const made = new Map<string, T>();
    for (const part of parts) for (const [id, one] of await readEach(part, read, unreadable)) made.set(id, one);
    return made;
  }
}
