/** Whether each person is found by the number that they have, and by no other. */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { ResidentTable } from '../database/tables';
import { numberHash } from '../register/number-hash';
import { page, type Finding } from './finding';
import { jsonOf } from './readable';

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
      if (row.number_hash === null) continue;
      const subject = `resident ${row.id}`;
      const number = numberOf(row);
      if (number === null) found({ check: 'numbers', communityId, subject, what: 'their number cannot be read' });
      else if (row.number_hash !== hash?.(number))
        found({ check: 'numbers', communityId, subject, what: 'is not found by the number they have' });
    }
    looked += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < page) return looked;
    last = end.id;
  }
}

function numberOf({ body }: Selectable<ResidentTable>): string | null {
  return WithNumber.safeParse(jsonOf(open(body))).data?.idNumber ?? null;
}

const WithNumber = z.object({ idNumber: z.string() });
