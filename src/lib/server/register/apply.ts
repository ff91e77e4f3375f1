/** What a decision does to the register: steps of the domain become rows, with history and provenance, in the caller's transaction. */
import type { RegisterStep } from '../../domain/verification';
import type { Transaction } from '../database/database';
import { seal } from '../codec';
import { RegisterDraft, type DecisionEffect } from './draft';
import type { Origin } from './provenance';
import type { RegisterRecord } from './records';
import { applyDwellingStep } from './apply-dwelling';
import { applyHouseholdStep } from './apply-household';
import { applyResidentStep, joinResident } from './apply-resident';
import { bringAlong } from './bring-along';
import type { Cause, StepContext } from './cause';

export type Applied = { effects: DecisionEffect[]; doors: string[]; buildings: string[]; residents: string[] };

/**
 * Applies the steps of one verification to the register and answers what it did to each row, for `decision_effect` and undo.
 * Throws `RegisterRefusal`, which leaves it to the caller to take the whole transaction back.
 */
export async function applySteps(
  tx: Transaction,
  communityId: string,
  dwellingId: string,
  steps: readonly RegisterStep[],
  cause: Cause,
): Promise<Applied> {
  const draft = new RegisterDraft(tx, communityId);
  const origin = originOfCause(cause);
  const context: StepContext = { tx, communityId, draft, cause, dwellingId, origin };
  const door = await draft.findOne('dwelling', dwellingId);
  if (door) {
    context.dwellingId = door.id;
    await draft.openDoor(door.id);
    if (cause.proposedAs) draft.addAlias('dwelling', cause.proposedAs, door.id);
    if (cause.former && steps.length > 0) await bringAlong(context, cause.former, door, steps);
  }
  for (const step of inOrder(steps)) await applyStep(context, step);
  draft.endEmptyHouseholds(cause.at);
  const { doors, buildings } = draft.touched();
  const effects = await draft.write((record, field) => originOfValue(cause, origin, record, field), cause.unseen);
  const residents = effects.filter(({ entityType }) => entityType === 'resident');
  if (cause.decisionId) await recordEffects(tx, communityId, cause.decisionId, effects);
  return {
    effects,
    doors: doors.length > 0 ? doors : [context.dwellingId],
    buildings,
    residents: residents.map(({ entityId }) => entityId),
  };
}

async function applyStep(context: StepContext, step: RegisterStep): Promise<void> {
  switch (step.type) {
    case 'create-dwelling':
    case 'set-dwelling':
    case 'retire-dwelling':
    case 'restore-dwelling':
      return applyDwellingStep(context, step);
    case 'create-household':
    case 'set-household':
    case 'end-household':
      return applyHouseholdStep(context, step);
    case 'create-resident':
    case 'set-resident':
      return applyResidentStep(context, step);
    case 'join-resident':
      return joinResident(context, step);
    default:
      step satisfies never;
  }
}

/**
 * A door before its households, households before their people, whatever order the plan came in; who is one with another after those who go along to the
 * same household; a household ends last.
 */
function inOrder(steps: readonly RegisterStep[]): RegisterStep[] {
  const rank = {
    'create-dwelling': 0,
    'restore-dwelling': 0,
    'set-dwelling': 1,
    'create-household': 2,
    'join-resident': 4,
    'end-household': 5,
    'retire-dwelling': 6,
  };
  const of = (step: RegisterStep) => (step.type in rank ? rank[step.type as keyof typeof rank] : 3);
  return [...steps].sort((a, b) => of(a) - of(b));
}

function originOfCause(cause: Cause): Origin {
  const said = cause.saidAt ?? cause.at;
  const confirms = cause.source === 'submission';
  return {
    since: said,
    from: cause.source,
    by: cause.by,
    confirmedAt: confirms ? said : null,
    confirmedBy: confirms ? cause.by : null,
    how: cause.how ?? null,
    at: cause.at,
    decisionId: cause.decisionId,
    submissionId: cause.submissionId,
    reason: cause.reason,
  };
}

function originOfValue(cause: Cause, origin: Origin, record: RegisterRecord, field: string): Origin {
  if (!cause.corrected?.values.has(`${record.id}/${field}`)) return origin;
  const { by } = cause.corrected;
  const unconfirmed = { confirmedAt: null, confirmedBy: null, how: null };
  return { ...origin, ...unconfirmed, since: cause.at, from: 'correction', source: 'correction', by };
}

async function recordEffects(
  tx: Transaction,
  communityId: string,
  decisionId: string,
  effects: DecisionEffect[],
): Promise<void> {
  if (effects.length === 0) return;
  await tx
    .insertInto('decision_effect')
    .values(
      effects.map(({ entityType, entityId, before, versionAfter, planMoved }) => ({
        community_id: communityId,
        decision_id: decisionId,
        entity_type: entityType,
        entity_id: entityId,
        before: seal(JSON.stringify(planMoved ? { ...before, planMoved } : before)),
        version_after: versionAfter,
      })),
    )
    .execute();
}
