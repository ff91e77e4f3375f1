/** Steps about people: changed, new, or found to be one with somebody whom the register has already. */
import { isFilled } from '../../domain/json';
import { emptyResident, type ResidentFields } from '../../domain/register';
import type { RegisterStep } from '../../domain/verification';
import { moveCarers } from '../care/carers';
import { RegisterRefusal, type StepContext } from './cause';
import { valueOf, withGiven } from './given';
import { headInPlaceOf, leaveWithoutHead } from './leave-household';
import { provenanceOf, provenanceOfNew } from './provenance';
import { residentRecord, type ResidentRecord } from './records';
import { isTakenBack } from './taken-back';

type ResidentStep = Extract<RegisterStep, { type: 'create-resident' | 'set-resident' }>;
type JoinStep = Extract<RegisterStep, { type: 'join-resident' }>;

export async function applyResidentStep(context: StepContext, step: ResidentStep): Promise<void> {
  const { draft, dwellingId } = context;
  const held = await draft.findOne('resident', step.id);
  if (step.type === 'create-resident') {
    if (held && held.dwellingId !== dwellingId && held.retiredAt === null) {
      throw new RegisterRefusal('id_taken', step.id);
    }
    return place(context, held, step);
  }
  if (!held) throw new RegisterRefusal('unknown_resident', step.id);
  if (held.dwellingId !== dwellingId) return setElsewhere(context, held, step);
  draft.set({ ...withFields(held, step.fields), householdId: step.householdId, retiredAt: null });
  if (step.confirm === 'all') draft.confirm(held.id, 'all', step.except);
  if (step.confirm === 'presence') draft.confirm(held.id, ['presence']);
}

/**
 * Said at this door of a person who was found meanwhile to live at another: what is recorded counts for the one record (TWO-5), but
 * that the person is gone from here is true already and says nothing about where they are now.
 */
async function setElsewhere(
  { draft }: StepContext,
  held: ResidentRecord,
  step: Extract<ResidentStep, { type: 'set-resident' }>,
): Promise<void> {
  if (step.fields.presence === 'moved-away') return;
  draft.set(withFields(held, step.fields));
}

/**
 * `sameAs`: where this door has a record of its own for the person, the other one is joined to it and becomes its alias; where it
 * has none, that record moves here with its history, and the id that the phone proposed becomes the alias. Who was left at a door that
 * was struck off and found again as this one (TWO-5) is joined to the one who stands here. Any way there is one.
 */
export async function joinResident(context: StepContext, step: JoinStep): Promise<void> {
  const { draft } = context;
  const own = await draft.findOne('resident', step.id);
  const other = await draft.findOne('resident', step.sameAs);
  if (!other || other.retiredAt !== null) {
    return place(context, own, step);
  }
  // An earlier revision joined the two already.
  if (other.id === own?.id) return draft.set(moved(context, own, step));
  if (!own || own.retiredAt !== null) {
    draft.set(moved(context, other, step));
    draft.confirm(other.id, Object.keys(step.fields));
    if (other.householdId !== step.householdId) leaveWithoutHead(draft, other.householdId, other.id);
    if (!own) draft.addAlias('resident', step.id, other.id);
    else await retireInto(context, own, other);
    return;
  }
  const isLeft =
    context.cause.former?.some(({ id }) => id === own.dwellingId) && other.dwellingId === context.dwellingId;
  const [stays, goes] = isLeft ? [other, own] : [own, other];
  const missing = Object.entries(goes.fields).filter(
    ([field, value]) =>
      !isFilled(valueOf(stays.fields, field)) && isFilled(value) && !isFilled(valueOf(step.fields, field)),
  );
  for (const [field] of missing) draft.keep(stays.id, field, provenanceOf(goes.provenance, field));
  const filled = { ...stays, fields: { ...stays.fields, ...Object.fromEntries(missing) } };
  const one = moved(context, filled, step);
  draft.set(one);
  draft.confirm(stays.id, Object.keys(step.fields));
  await retireInto(context, goes, one);
}

async function retireInto(
  { draft, tx, communityId, cause }: StepContext,
  record: ResidentRecord,
  into: ResidentRecord,
): Promise<void> {
  if (record.retiredAt === null) draft.set({ ...record, retiredAt: cause.at });
  if (record.householdId === into.householdId) headInPlaceOf(draft, record, into);
  else leaveWithoutHead(draft, record.householdId, record.id);
  draft.addAlias('resident', record.id, into.id, await movePlan(tx, communityId, record.id, into.id, cause.at));
}

/** The care plan goes along, unless the one who stays has one. */
async function movePlan(
  tx: StepContext['tx'],
  communityId: string,
  from: string,
  to: string,
  at: string,
): Promise<boolean> {
  const plans = await tx
    .selectFrom('care_plan')
    .select('resident_id')
    .where('community_id', '=', communityId)
    .where('resident_id', 'in', [from, to])
    .execute();
  if (plans.length !== 1 || plans[0]?.resident_id !== from) return false;
  await tx
    .updateTable('care_plan')
    .set({ resident_id: to })
    .where('community_id', '=', communityId)
    .where('resident_id', '=', from)
    .execute();
  await moveCarers(tx, communityId, from, to, at);
  return true;
}

/** A person as a whole: new, or one who is back; whom the undo of this very record had taken out, is as new. */
async function place(
  context: StepContext,
  held: ResidentRecord | null,
  { id, householdId, fields: given, ...step }: Omit<Extract<ResidentStep, { type: 'create-resident' }>, 'type'>,
): Promise<void> {
  const { draft, dwellingId, origin } = context;
  if (held && !(await isTakenBack(context, held))) {
    draft.set({ ...withFields(held, given), householdId, dwellingId, retiredAt: null });
    draft.confirm(held.id, 'all', step.except);
    return;
  }
  const fields: ResidentFields = { ...emptyResident, ...given };
  draft.add(residentRecord({ id, householdId, dwellingId, ...fields }, provenanceOfNew(origin)));
}

function moved({ dwellingId }: StepContext, record: ResidentRecord, step: JoinStep): ResidentRecord {
  const given = Object.entries(step.fields).filter(([, value]) => isFilled(value));
  const here = withFields(record, { presence: 'here', ...Object.fromEntries(given) });
  return { ...here, householdId: step.householdId, dwellingId, retiredAt: null };
}

/** New values over those held. An answer about care settles what an import had suggested. */
function withFields(held: ResidentRecord, given: Partial<ResidentFields>): ResidentRecord {
  return {
    ...held,
    fields: withGiven(held.fields, given),
    suggestedCareGroups: given.careGroups === undefined ? held.suggestedCareGroups : [],
  };
}
