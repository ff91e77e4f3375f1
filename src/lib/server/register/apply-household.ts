/** Steps about a household of the door: new, changed, ended. */
import type { RegisterStep } from '../../domain/verification';
import { RegisterRefusal, type StepContext } from './cause';
import { withGiven } from './given';
import { provenanceOfNew } from './provenance';
import { householdRecord } from './records';
import { isTakenBack } from './taken-back';

type HouseholdStep = Extract<RegisterStep, { type: 'create-household' | 'set-household' | 'end-household' }>;

export async function applyHouseholdStep(context: StepContext, step: HouseholdStep): Promise<void> {
  const { draft, cause, dwellingId } = context;
  const id = step.type === 'create-household' ? step.household.id : step.id;
  const held = await draft.find('household', id);
  if (held && step.type === 'create-household' && (await isTakenBack(context, held))) {
    addHousehold(context, step);
    return;
  }
  if (held && held.dwellingId !== dwellingId) throw new RegisterRefusal('id_taken', id);
  switch (step.type) {
    case 'create-household': {
      const { id: _id, ...fields } = step.household;
      // It had ended, or an earlier revision was approved: the same household, not a second one.
      if (held) draft.set({ ...held, fields: withGiven(held.fields, fields), endedAt: null });
      else addHousehold(context, step);
      return;
    }
    case 'set-household':
      if (!held) throw new RegisterRefusal('unknown_household', id);
      draft.set({ ...held, fields: withGiven(held.fields, step.fields), endedAt: null });
      if (cause.confirms) draft.confirm(id, 'all', step.except);
      return;
    case 'end-household':
      if (held && held.endedAt === null) draft.set({ ...held, endedAt: cause.at });
      return;
    default:
      step satisfies never;
  }
}

function addHousehold(
  { draft, dwellingId, origin }: StepContext,
  { household }: Extract<RegisterStep, { type: 'create-household' }>,
): void {
  draft.add(householdRecord({ ...household, dwellingId }, provenanceOfNew(origin)));
}
