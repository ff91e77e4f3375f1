/** What a record says of a door that was struck off counts for the one that was found in its place (TWO-5): whom it names moves there. */
import { doorKey } from '../../domain/door-key';
import type { RegisterStep } from '../../domain/verification';
import { RegisterRefusal, type StepContext } from './cause';
import type { DwellingRecord } from './records';

/**
 * Households that these steps name, with everybody in them, and people whom they name go from `former` to `door`; the others stay, and whoever is
 * one with somebody at `door`. Throws `RegisterRefusal` where they have not one address any more: which of them is meant has to be said at the door.
 */
export async function bringAlong(
  { draft }: StepContext,
  former: readonly DwellingRecord[],
  door: DwellingRecord,
  steps: readonly RegisterStep[],
): Promise<void> {
  if (former.some(({ fields }) => doorKey(fields) !== doorKey(door.fields)))
    throw new RegisterRefusal('door_there', door.id);
  for (const { id } of former) await draft.openDoor(id);
  const isLeft = ({ dwellingId }: { dwellingId: string }) => former.some(({ id }) => id === dwellingId);
  const named = new Set(steps.flatMap(householdsIn));
  for (const id of named) {
    const household = await draft.find('household', id);
    if (household && isLeft(household)) draft.set({ ...household, dwellingId: door.id });
  }
  for (const resident of draft.all('resident')) {
    const own = steps.find((step) => 'id' in step && step.id === resident.id);
    const comes = own ? own.type !== 'join-resident' : named.has(resident.householdId);
    if (isLeft(resident) && comes) draft.set({ ...resident, dwellingId: door.id });
  }
}

function householdsIn(step: RegisterStep): string[] {
  switch (step.type) {
    case 'create-household':
      return [step.household.id];
    case 'set-household':
    case 'end-household':
      return [step.id];
    case 'create-resident':
    case 'set-resident':
    case 'join-resident':
      return [step.householdId];
    default:
      return [];
  }
}
