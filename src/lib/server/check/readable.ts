/** Reading what may be damaged: one row that cannot be read is told of, and keeps nobody from looking at the others. */
import { eachReadable, jsonOf } from '../readable';

/** The texts of a JSON list; none where it is no list. */
export function namesOf(text: string): string[] {
  const list: unknown = jsonOf(text);
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/**
 * What `read` makes of these ids, many at once, and where it cannot be made of all, without those that are to blame: `unreadable` is called for each.
 */
export async function readEach<T>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  unreadable: (id: string) => void,
): Promise<ReadonlyMap<string, T>> {
  const made = new Map<string, T>();
  const some = async (asked: readonly string[]) => {
    for (const [id, one] of await read(asked)) made.set(id, one);
  };
  await eachReadable(ids, some, unreadable);
  return made;
}
