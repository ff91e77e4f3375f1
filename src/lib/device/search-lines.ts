/** A door and the people behind it as search knows them: one line each. */
import { placeLabel } from '../domain/door-label';
import { isObject } from './door-head';
import type { SearchHit } from './phone';
import { fold, type DoorQuery } from './search-query';

export type Line = {
  hit: Omit<SearchHit, 'by'>;
  /** Of a person, folded. */
  name: string;
  /** Of a person, digits. */
  phone: string;
  /** Of a door. */
  place: Place | null;
};
/** All folded. A house of its own has no room: its building stands for it. `levels`: from the room upwards. */
type Place = { room: string; isHouse: boolean; levels: string[] };

/** The door's own line first; none for what cannot be read. `door`: an item's body, as it came. */
export function linesOf(dwellingId: string, door: unknown): Line[] {
  if (!isObject(door) || typeof door.building !== 'string' || typeof door.room !== 'string') return [];
  const [compound, building, unit, room] = [text(door.compound), door.building, text(door.unit), door.room];
  const floor = typeof door.floor === 'number' ? door.floor : 1;
  const label = placeLabel({ compound, building, unit, floor, room });
  const people = (Array.isArray(door.households) ? door.households : []).flatMap(residentsOf).map((resident): Line => ({
    hit: { dwellingId, label, kind: 'resident', residentId: resident.id, name: resident.name },
    name: fold(resident.name),
    phone: resident.phone.replace(/\D/g, ''),
    place: null,
  }));
  const hit = { dwellingId, label, kind: 'door', residentId: null, name: people[0]?.hit.name ?? '' } as const;
  const place = placeOf([compound, building, unit, room].map(fold));
  return [{ hit, name: '', phone: '', place }, ...people];
}

/** Whether the words before the room name what is above it, each something higher than the one before. */
export function isUnder({ isHouse, levels, room }: Place, query: DoorQuery): boolean {
  if (isHouse && room !== query.room) return false;
  let level = 0;
  for (const { word, isName } of query.above) {
    while (level < levels.length && !(levels[level] === word || (isName && levels[level]?.includes(word)))) level += 1;
    if (level === levels.length) return false;
    level += 1;
  }
  return true;
}

function placeOf([compound = '', building = '', unit = '', room = '']: string[]): Place {
  return room === ''
    ? { room: building, isHouse: true, levels: [compound] }
    : { room, isHouse: false, levels: [unit, building, compound].filter(Boolean) };
}

/** Who lives there, of a household as it came. */
function residentsOf(household: unknown): { id: string; name: string; phone: string }[] {
  const residents: unknown = isObject(household) ? household.residents : [];
  return (Array.isArray(residents) ? residents : []).flatMap((resident: unknown) => {
    if (!isObject(resident) || typeof resident.id !== 'string' || typeof resident.name !== 'string') return [];
    if (resident.presence === 'moved-away' || resident.presence === 'died') return [];
    return { id: resident.id, name: resident.name, phone: text(resident.phone) };
  });
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
