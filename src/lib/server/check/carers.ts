/** Whether whoever cares for a person by the plan is who cares for them by the intervals (SCO-4), and the other way round. */
import type { Selectable } from 'kysely';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { CarePlanTable } from '../database/tables';
import { page, type Finding } from './finding';
import { namesOf } from './readable';

type Plan = Pick<Selectable<CarePlanTable>, 'resident_id' | 'by_accounts'>;

/** Answers how many plans and open intervals were looked at. Whom phones are told of is compared with the plan (`told.ts`, `strays.ts`). */
export async function checkCarers(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (resident: string, what: string) =>
    found({ check: 'care', communityId, subject: `resident ${resident}`, what });
  let looked = 0;
  for await (const plans of planPages(db, communityId)) {
    const open = await db
      .selectFrom('account_recipient')
      .select(['resident_id', 'account_id'])
      .where('community_id', '=', communityId)
      .where('until_at', 'is', null)
      .where(
        'resident_id',
        'in',
        plans.map(({ resident_id }) => resident_id),
      )
      .execute();
    const carers = Map.groupBy(open, (row) => row.resident_id);
    for (const { resident_id, by_accounts } of plans) {
      const named = namesOf(by_accounts);
      const caring = (carers.get(resident_id) ?? []).map(({ account_id }) => account_id);
      for (const id of named)
        if (!caring.includes(id)) say(resident_id, `account ${id} cares for them by the plan alone`);
      for (const id of new Set(caring))
        if (!named.includes(id)) say(resident_id, `account ${id} cares for them, and the plan does not say so`);
      if (new Set(caring).size < caring.length) say(resident_id, 'somebody cares for them twice at once');
    }
    looked += plans.length + open.length;
  }
  const planless = await db
    .selectFrom('account_recipient')
    .leftJoin('care_plan', (join) =>
      join
        .onRef('care_plan.community_id', '=', 'account_recipient.community_id')
        .onRef('care_plan.resident_id', '=', 'account_recipient.resident_id'),
    )
    .select(['account_recipient.resident_id', 'account_recipient.account_id'])
    .where('account_recipient.community_id', '=', communityId)
    .where('account_recipient.until_at', 'is', null)
    .where('care_plan.resident_id', 'is', null)
    .limit(100)
    .execute();
  for (const { resident_id, account_id } of planless)
    say(resident_id, `account ${account_id} cares for them without a plan`);
  return looked + planless.length;
}

function planPages(db: ReadSnapshot, communityId: string): AsyncGenerator<Plan[]> {
  return inPages<Plan>(page, (last) =>
    db
      .selectFrom('care_plan')
      .select(['resident_id', 'by_accounts'])
      .where('community_id', '=', communityId)
      .where('resident_id', '>', last?.resident_id ?? '')
      .orderBy('resident_id')
      .limit(page)
      .execute(),
  );
}
