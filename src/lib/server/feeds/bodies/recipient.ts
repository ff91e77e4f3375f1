/** `recipient` items: a person in the care of an account, with plan and last visits. */
import * as z from 'zod';
import { codeSchema, isCode } from '../../../domain/codes/codes';
import type { RecipientItem } from '../../../sync/items';
import { approvedVisits } from '../../care/visits';
import { open } from '../../codec';
import type { ReadSnapshot } from '../../database/open';
import { loadRecords } from '../../register/read';
import { livesOn } from '../../register/records';
import { seenAt } from '../../review/revision';

/** The office's own notes on the plan (risk, consent, who may come) stay at the office. */
const Plan = z.object({
  services: z.array(z.string()).transform((codes) => codes.filter((code) => isCode('care-service', code))),
  everyDays: z.int().min(1),
  from: z.iso.date(),
  until: z.iso.date().nullish(),
  mustKnow: z.string().catch(''),
  pausedUntil: z.iso.date().nullish(),
});
const lastVisits = 5;

/** Accounts that the person's plan names; none where there is no plan. */
export async function carersOf(db: ReadSnapshot, communityId: string, residentId: string): Promise<string[]> {
  const plan = await db
    .selectFrom('care_plan')
    .select('by_accounts')
    .where('community_id', '=', communityId)
    .where('resident_id', '=', residentId)
    .executeTakeFirst();
  return plan ? z.array(z.string()).parse(JSON.parse(plan.by_accounts)) : [];
}

/** Null where the account does not care for this person, or the person lives here no more. */
export async function recipientBody(
  db: ReadSnapshot,
  communityId: string,
  residentId: string,
  accountId: string,
): Promise<RecipientItem | null> {
  const carers = await carersOf(db, communityId, residentId);
  if (!carers.includes(accountId)) return null;
  const row = await db
    .selectFrom('care_plan')
    .select(['body', 'next_on'])
    .where('community_id', '=', communityId)
    .where('resident_id', '=', residentId)
    .executeTakeFirstOrThrow();
  const resident = (await loadRecords(db, communityId, 'resident', [residentId])).get(residentId);
  if (!resident || !livesOn(resident)) return null;
  const door = (await loadRecords(db, communityId, 'dwelling', [resident.dwellingId])).get(resident.dwellingId);
  if (!door) return null;
  const { compound, building, unit, floor, room } = door.fields;
  const { name, sex, birthDate, phone, careGroups, contacts } = resident.fields;
  const plan = Plan.parse(JSON.parse(open(row.body)));
  return {
    id: residentId,
    name,
    sex,
    birthDate,
    phone,
    careGroups,
    address: { compound, building, unit, floor, room },
    contacts: (contacts ?? []).map((contact) => ({ kind: contact.kind, name: contact.name, phone: contact.phone })),
    plan: {
      services: plan.services,
      everyDays: plan.everyDays,
      from: plan.from,
      until: plan.until ?? null,
      mustKnow: plan.mustKnow,
      pausedUntil: plan.pausedUntil ?? null,
      nextOn: row.next_on,
      volunteers: await namesOf(
        db,
        communityId,
        carers.filter((id) => id !== accountId),
      ),
    },
    visits: await visitsTo(db, communityId, residentId),
  };
}

async function namesOf(
  db: ReadSnapshot,
  communityId: string,
  accountIds: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (accountIds.length === 0) return [];
  return db
    .selectFrom('account')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .where('id', 'in', accountIds)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
}

const Visit = z.object({
  outcome: codeSchema('care-outcome'),
  condition: z.record(z.string(), z.int().nullable()).nullish().catch(null),
  services: z
    .array(z.object({ code: codeSchema('care-service'), minutes: z.int() }))
    .nullish()
    .catch(null),
  note: z.string().nullish().catch(null),
});

async function visitsTo(db: ReadSnapshot, communityId: string, residentId: string): Promise<RecipientItem['visits']> {
  const visits = await approvedVisits(db, communityId, residentId);
  return visits.slice(0, lastVisits).flatMap(({ by, revision }) => {
    const visit = Visit.safeParse(revision.body);
    if (!visit.success) return [];
    const { outcome, condition, services, note } = visit.data;
    return {
      at: seenAt(revision),
      outcome,
      condition: condition ?? {},
      services: services ?? [],
      by,
      note: note ?? '',
    };
  });
}
