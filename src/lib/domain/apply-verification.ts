/** A verification laid over a door, as the phone shows it until the office has decided (DEV-8). */
import { type DoorLike, findResident, type HouseholdLike, type ResidentLike } from './door-like';
import { maskIdentityNumber } from './identity-number';
import { emptyResident, type ResidentFields } from './register';
import { planVerification, type RegisterStep } from './verification';

/** The door as it is if the body is taken as it stands; pure. A whole number is masked where the door holds masked ones. */
export function applyVerification<D extends DoorLike>(door: D, body: Record<string, unknown>): D {
  return planVerification(door, body).reduce(applyStep, door);
}

/** One step of a plan laid over a door; pure. */
export function applyStep<D extends DoorLike>(door: D, step: RegisterStep): D {
  switch (step.type) {
    case 'create-dwelling':
      return { ...door, ...step.dwelling };
    case 'set-dwelling':
      return { ...door, ...step.fields };
    case 'create-household':
      return { ...door, households: [...door.households, { ...step.household, residents: [] }] };
    case 'set-household':
      return withHousehold(door, step.id, (household) => ({ ...household, ...step.fields }));
    case 'end-household':
      return { ...door, households: door.households.filter(({ id }) => id !== step.id) };
    case 'set-resident':
      // Said of somebody who is not at this door any more: a name that nobody knows would be shown.
      if (!findResident(door, step.id)) return door;
      return place(door, step.id, step.householdId, step.fields);
    case 'create-resident':
      return place(door, step.id, step.householdId, step.fields);
    case 'join-resident':
      return join(door, step);
    case 'retire-dwelling':
    case 'restore-dwelling':
      return door;
  }
}

function withHousehold<D extends DoorLike>(
  door: D,
  id: string,
  change: (household: HouseholdLike) => HouseholdLike,
): D {
  return {
    ...door,
    households: door.households.map((household) => (household.id === id ? change(household) : household)),
  };
}

/**
 * Two records that are one person. Both at this door: the one that the body lists as this door's own stays, or, for an id that is
 * new, the one that the register has; it counts once. One elsewhere: the office brings it, until then what was said here stands.
 */
function join<D extends DoorLike>(door: D, step: Extract<RegisterStep, { type: 'join-resident' }>): D {
  const { id, sameAs, householdId, fields } = step;
  const present = { presence: 'here' as const, ...fields };
  const other = findResident(door, sameAs);
  if (!other) return place(door, id, householdId, present);
  if (!findResident(door, id)) return place(door, sameAs, householdId, present);
  const households = door.households.map((household) => ({
    ...household,
    residents: household.residents.filter((resident) => resident.id !== sameAs),
  }));
  return place({ ...door, households }, id, householdId, present);
}

/** Puts a resident into a household, taken out of the one where they were. */
function place<D extends DoorLike>(door: D, id: string, householdId: string, fields: Partial<ResidentFields>): D {
  const known = door.households.flatMap(({ residents }) => residents).find((resident) => resident.id === id);
  const isMasked = !door.households.some(({ residents }) =>
    residents.some((resident) => resident.idNumber !== undefined),
  );
  const { idNumber: _number, ...unknown } = emptyResident;
  const placed = withFields(known ?? { ...unknown, id }, fields, isMasked);
  return {
    ...door,
    households: door.households.map((household) => {
      const stays = household.id === householdId;
      const at = household.residents.findIndex((resident) => resident.id === id);
      if (stays && at >= 0)
        return {
          ...household,
          residents: household.residents.map((resident) => (resident.id === id ? placed : resident)),
        };
      const others = household.residents.filter((resident) => resident.id !== id);
      return { ...household, residents: stays ? [...others, placed] : others };
    }),
  };
}

function withFields(resident: ResidentLike, fields: Partial<ResidentFields>, isMasked: boolean): ResidentLike {
  const { idNumber, ...rest } = fields;
  const number =
    idNumber === undefined ? {} : isMasked ? { idNumberMasked: maskIdentityNumber(idNumber) } : { idNumber };
  return { ...(isMasked ? { idNumberMasked: '' } : {}), ...resident, ...rest, ...number };
}
