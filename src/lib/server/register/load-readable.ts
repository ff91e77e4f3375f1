/** Records for lists that go on without the one that cannot be read: nobody makes a door or a person of what is missing here. */
import { eachReadable, logLeftOut } from '../readable';
import { loadRecords, type Reader } from './read';
import type { RecordOf } from './records';

/** As `loadRecords`; each that cannot be read has a line in the log, under the name of the `work`. */
export async function loadReadable<Type extends 'dwelling' | 'resident'>(
  db: Reader,
  communityId: string,
  type: Type,
  ids: readonly string[],
  work: string,
): Promise<Map<string, RecordOf<Type>>> {
  const found = new Map<string, RecordOf<Type>>();
  const load = async (some: readonly string[]) => {
    for (const [id, record] of await loadRecords(db, communityId, type, some)) found.set(id, record);
  };
  await eachReadable([...new Set(ids)], load, logLeftOut(work, type));
  return found;
}
