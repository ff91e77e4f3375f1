/** Whether each care plan's next date is what the visits say that count. */
import type { Selectable } from 'kysely';
import { waitForPlanning } from '../care/ask-planning';
import { CarePlan, nextOn } from '../care/plans';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { CarePlanTable } from '../database/tables';
import { isUnreadable, jsonOf } from '../readable';
import { page, type Finding } from './finding';
import { workedOut } from './renewed';

type Plan = Pick<Selectable<CarePlanTable>, 'resident_id' | 'body' | 'next_on'>;

/** Answers how many plans were looked at. What cannot be read is told by others. */
export async function checkPlans(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  // What rests on a visit that is open again is worked out in a moment.
  const waiting = await waitForPlanning(db, communityId);
  let looked = 0;
  const pages = inPages<Plan>(page, (last) =>
    db
      .selectFrom('care_plan')
      .select(['resident_id', 'body', 'next_on'])
      .where('community_id', '=', communityId)
      .where('resident_id', '>', last?.resident_id ?? '')
      .orderBy('resident_id')
      .limit(page)
      .execute(),
  );
  for await (const plans of pages) {
    for (const plan of plans) {
      if (waiting.has(plan.resident_id) || (await isAsVisited(db, communityId, plan))) continue;
      found({ check: 'care', communityId, subject: `resident ${plan.resident_id}`, what: workedOut.plan });
    }
    looked += plans.length;
  }
  return looked;
}

async function isAsVisited(db: ReadSnapshot, communityId: string, { resident_id, body, next_on }: Plan) {
  try {
    const plan = CarePlan.safeParse(jsonOf(open(body)));
    return !plan.success || (await nextOn(db, communityId, resident_id, plan.data)) === next_on;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return true;
  }
}
