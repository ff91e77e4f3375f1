/** Care 关爱: who is cared for, by whom and how often; what the volunteers' phones hold as recipients. */
import * as z from 'zod';
import { addDays, dayOf } from '../../domain/calendar';
import { textOf } from '../../domain/json';
import { codeSchema } from '../../domain/codes/codes';
import { text } from '../../sync/revision';
import { open, seal } from '../codec';
import { audit } from '../audit/audit';
import type { Transaction } from '../database/database';
import { lockCommunity } from '../database/locks';
import { republishRecipient } from '../feeds/republish';
import type { Reader } from '../register/read';
import type { Office, SignedIn } from '../office';
import { askRecheckOfAccount } from '../quarantine/ask-recheck';
import { seenAt } from '../review/revision';
import { setCarers } from './carers';
import { approvedVisits } from './visits';

/** What a plan says; days are the community's. The office's further notes (risk, consent …) stay beside it untouched. */
export const CarePlan = z.looseObject({
  services: z.array(codeSchema('care-service')).min(1),
  everyDays: z.int().min(1).max(366),
  from: z.iso.date(),
  until: z.iso.date().nullable(),
  mustKnow: text(200),
  pausedUntil: z.iso.date().nullable(),
});
export type CarePlan = z.infer<typeof CarePlan>;

/**
 * Sets the plan of a resident and tells the phones of its volunteers; those who are named no longer lose the recipient. Throws a
 * RangeError for a resident that the register lacks or an account that the community does not have.
 */
export async function setCarePlan(
  office: Office,
  account: SignedIn,
  residentId: string,
  plan: CarePlan,
  by: readonly string[],
): Promise<void> {
  await office.database.write(async (tx) => {
    await lockCommunity(tx, account.communityId);
    const at = new Date(office.world.now()).toISOString();
    await writeCarePlan(tx, account.communityId, residentId, plan, by, at);
    // What waited in quarantine for this person may be in order now (QUA-6).
    for (const id of new Set(by)) await askRecheckOfAccount(tx, account.communityId, id, at);
    await audit(tx, office.world, account, 'care.plan', { type: 'resident', id: residentId });
    await republishRecipient(tx, account.communityId, residentId);
  });
}

/** As `setCarePlan`, without telling anybody: for a caller that publishes what it did itself. `at`: RFC 3339, UTC. */
export async function writeCarePlan(
  tx: Transaction,
  communityId: string,
  residentId: string,
  plan: CarePlan,
  by: readonly string[],
  at: string,
): Promise<void> {
  const resident = await tx
    .selectFrom('resident')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', '=', residentId)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!resident) throw new RangeError('unknown-resident');
  const volunteers = [...new Set(by)].sort();
  if (volunteers.length === 0) throw new RangeError('unknown-account');
  const known = await tx
    .selectFrom('account')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', volunteers)
    .where('ended_at', 'is', null)
    .execute();
  if (known.length !== volunteers.length) throw new RangeError('unknown-account');
  const row = {
    by_accounts: JSON.stringify(volunteers),
    body: seal(JSON.stringify(CarePlan.parse(plan))),
    next_on: plan.from,
  };
  await tx
    .insertInto('care_plan')
    .values({ community_id: communityId, resident_id: residentId, ...row, version: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['community_id', 'resident_id'])
        .doUpdateSet((set) => ({ ...row, version: set('care_plan.version', '+', 1) })),
    )
    .execute();
  await setCarers(tx, communityId, residentId, volunteers, at);
  await planAfterVisits(tx, communityId, residentId);
}

/**
 * The plan's next date, from the approved visits alone, so that taking an approval back takes its date back too: what the last visit
 * proposed, else the plan's interval after it where somebody was met; the plan's first day where nobody was there yet. Away or in hospital without a
 * date: 14 days. None after a death, a removal, or where no visits are wanted any more: the plan waits for the office to end it.
 * Without a plan nothing is done.
 */
export async function planAfterVisits(tx: Transaction, communityId: string, residentId: string): Promise<void> {
  const row = await tx
    .selectFrom('care_plan')
    .select(['body', 'next_on'])
    .where('community_id', '=', communityId)
    .where('resident_id', '=', residentId)
    .executeTakeFirst();
  if (!row) return;
  const next = await nextOn(tx, communityId, residentId, CarePlan.parse(JSON.parse(open(row.body))));
  if (next === row.next_on) return;
  await tx
    .updateTable('care_plan')
    .set((set) => ({ next_on: next, version: set('version', '+', 1) }))
    .where('community_id', '=', communityId)
    .where('resident_id', '=', residentId)
    .execute();
}

/** What the plan's next date is by the visits as they stand now; null where there is none. */
export async function nextOn(
  db: Reader,
  communityId: string,
  residentId: string,
  plan: CarePlan,
): Promise<string | null> {
  const next = nextAfter(plan, await visitsOf(db, communityId, residentId));
  return next !== null && plan.until !== null && next > plan.until ? null : next;
}

type Visit = { day: string; outcome: string; nextVisit: string | null; stops: boolean };

/**
 * `visits`: newest first. As the volunteer's phone shows it at once (`recipient-overlay.ts`). Whoever knocked in vain had not heard of a death before it:
 * only one at which somebody was met says that visits go on.
 */
function nextAfter(plan: CarePlan, visits: readonly Visit[]): string | null {
  let agreed: string | null = null;
  for (const { day, outcome, nextVisit, stops } of visits) {
    // Nobody is sent to the door of the dead, nor to who wants no visits; a plan that the office made anew since begins when that says.
    if (isEnd(outcome) || stops) return plan.from > day ? (agreed ?? plan.from) : null;
    if (outcome === 'met') return agreed ?? nextVisit ?? addDays(day, plan.everyDays);
    // Nobody was met: what was planned before stands.
    agreed ??= nextVisit ?? (isPause(outcome) ? addDays(day, 14) : null);
  }
  return agreed ?? plan.from;
}

function isPause(outcome: string): boolean {
  return outcome === 'in-hospital' || outcome === 'away';
}

function isEnd(outcome: string): boolean {
  return outcome === 'died' || outcome === 'moved-away';
}

async function visitsOf(db: Reader, communityId: string, residentId: string): Promise<Visit[]> {
  const visits = await approvedVisits(db, communityId, residentId);
  return visits.map(({ revision }) => ({
    day: dayOf(seenAt(revision)),
    outcome: textOf(revision.body['outcome']),
    nextVisit: z.iso
      .date()
      .nullable()
      .catch(null)
      .parse(revision.body['nextVisit'] ?? null),
    stops: revision.body['stopVisits'] === true,
  }));
}
