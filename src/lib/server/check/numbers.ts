/** Whether each person is found by the number that they have, and by no other. */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { ResidentTable } from '../database/tables';
import { numberHash } from '../register/number-hash';
import { jsonOf } from '../readable';
import { page, type Finding } from './finding';

/** Answers how many people were looked at. */
export async function checkNumbers(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const hash = await numberHash(db, communityId);
  let looked = 0;
  let notYet = 0;
  const residents = inPages<Selectable<ResidentTable>>(page, (last) =>
    db
      .selectFrom('resident')
      .selectAll()
      .where('community_id', '=', communityId)
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const rows of residents) {
    for (const row of rows) {
      if (row.number_hash === null) {
        // Before its first start an office of an older version has no key: nobody is hashed, and whoever looks for a number opens everybody.
        if (hash) notYet += 1;
        continue;
      }
      const subject = `resident ${row.id}`;
      const number = numberOf(row);
      if (number === null) found({ check: 'numbers', communityId, subject, what: 'their number cannot be read' });
      else if (row.number_hash !== hash?.(number))
        found({ check: 'numbers', communityId, subject, what: 'is not found by the number they have' });
    }
    looked += rows.length;
  }
  const what = `${notYet} people are not found by the number they have; a start of the office mends it`;
  if (notYet > 0) found({ check: 'numbers', communityId, subject: `community ${communityId}`, what });
  return looked;
}

function numberOf({ body }: Selectable<ResidentTable>): string | null {
  return WithNumber.safeParse(jsonOf(open(body))).data?.idNumber ?? null;
}

const WithNumber = z.object({ idNumber: z.string() });
