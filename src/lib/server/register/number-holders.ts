/** Who has an identity number in the register. */
import { orNull } from '../readable';
import { residentOf } from './columns';
import { numberHash } from './number-hash';
import type { Reader } from './read';
import type { ResidentRecord } from './records';

/** Whoever has one of these numbers, the dead and those who left the register too, in the order of their ids. Found by its hash; who has none yet is opened; who cannot be read is not found. */
export async function numberHolders(
  db: Reader,
  communityId: string,
  numbers: ReadonlySet<string>,
): Promise<ResidentRecord[]> {
  if (numbers.size === 0) return [];
  const all = db.selectFrom('resident').selectAll().where('community_id', '=', communityId);
  const hash = await numberHash(db, communityId);
  const hashed = hash ? await all.where('number_hash', 'in', [...numbers].map(hash)).execute() : [];
  const others = await all.where('number_hash', 'is', null).execute();
  return [...hashed, ...others]
    .flatMap((row) => orNull(() => residentOf(row)) ?? [])
    .filter(({ fields }) => numbers.has(fields.idNumber))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
