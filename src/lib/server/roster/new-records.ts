/** What a roster says of somebody or some door whom the register lacks, as whole records. */
import type { Code } from '../../domain/codes/codes';
import type { Household } from '../../domain/register';
import type { NewDwelling, NewResident } from '../register/records';
import type { RosterDoor, RosterHousehold } from './build';
import type { RosterPerson } from './person';

type Ids = { id: string; dwellingId: string };

export function newDwelling(
  { place, stated }: RosterDoor,
  home: { id: string; gridId: string; buildingId: string },
): NewDwelling {
  const { compound, building, unit, floor, room } = place;
  const empty = { use: null, note: '', contactName: '', contactPhone: '' };
  return {
    ...home,
    ...empty,
    ...stated,
    compound: compound.slice(0, 60),
    building: building.slice(0, 30),
    unit: unit.slice(0, 20),
    floor,
    room: room.slice(0, 20),
  };
}

export function newHousehold(
  { kind, tenure, phone }: RosterHousehold,
  { id, dwellingId }: Ids,
  headId: string | null,
): Household {
  return { id, dwellingId, kind, tenure, headId: kind === 'collective' ? null : headId, phone };
}

export function newResident(
  { stated, careGroups, name }: RosterPerson,
  ids: Ids & { householdId: string },
): NewResident {
  const unknown = {
    sex: '0' as Code<'sex'>,
    birthDate: '',
    idType: null,
    idNumber: '',
    phone: '',
    relation: null,
    residence: null,
    registeredAddress: '',
    since: '',
    careGroups: [],
    presence: 'here' as Code<'presence'>,
  };
  return { ...ids, ...unknown, ...stated, name, suggestedCareGroups: careGroups };
}
