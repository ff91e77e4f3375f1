/** Whether each person is found by the number that they have, and by no other. */
import type { ReadSnapshot } from '../database/open';
import { residentOf } from '../register/columns';
import { numberHash } from '../register/number-hash';
import { page, type Finding } from './finding';

/** Answers how many people were looked at. */
export async function checkNumbers(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const hash = await numberHash(db, communityId);
  let looked = 0;
  for (let last = ''; ;) {
    const rows = await db
      .selectFrom('resident')
      .selectAll()
      .where('community_id', '=', communityId)
      .where('id', '>', last)
      .orderBy('id')
      .limit(page)
      .execute();
    for (const row of rows) {
      // Not hashed yet: opened by whoever looks for a number.
      if (row.number_hash === null || row.number_hash === hash?.(residentOf(row).fields.idNumber)) continue;
      found({
        check: 'numbers',
        communityId,
        subject: `resident ${row.id}`,
        what: 'is not found by the number they have',
      });
    }
    looked += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < page) return looked;
    last = end.id;
  }
}
