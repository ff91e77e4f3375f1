/** Work on many rows of which one may be damaged: it is told of, and holds up no other. */
import { log, plainError } from './log';

/** The JSON value of a text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** What `read` answers; null where that cannot be read. */
export function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

/** Whether something stored could not be read; false where the database itself failed, whose errors have a code. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Error && !('code' in error);
}

/**
 * Does `work` on these ids, many at once. Where it cannot be done on all, it is done on each half, and so on to the single ones that are to blame:
 * `unreadable` is called for each. What fails must leave nothing behind, as a transaction does. Throws what the database itself throws.
 */
export async function eachReadable(
  ids: readonly string[],
  work: (ids: readonly string[]) => Promise<void>,
  unreadable: (id: string, error: unknown) => void,
): Promise<void> {
  const [first] = ids;
  if (first === undefined) return;
  try {
    await work(ids);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (ids.length === 1) return unreadable(first, error);
    const half = Math.ceil(ids.length / 2);
    await eachReadable(ids.slice(0, half), work, unreadable);
    await eachReadable(ids.slice(half), work, unreadable);
  }
}

/** Says in the log that a piece of long work went on without this one. */
export function logLeftOut(work: string, type: string): (id: string, error: unknown) => void {
  return (id, error) => log({ event: 'left-out', work, type, id, ...plainError(error) });
}
