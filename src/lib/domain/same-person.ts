/**
 * Who a record adds to a door and the register has there meanwhile, perhaps: asked, never joined by itself, for twins share name and day of birth. Who
 * comes along from a door that was struck off and found again (TWO-5) is added, too.
 */
import { findResident, isRegistered, type ResidentLike } from './door-like';
import { recordsOf, textOf } from './json';
import { mendIdentityNumber } from './identity-number';
import { mendName } from './personal-name';
import type { Path, Sides } from './sides';

type Body = Record<string, unknown>;

/** A person or a household that the record adds, and those in the register that may be the same. */
export type Likeness = {
  /** As `Compared.key`: the path where the other's id would stand. */
  key: string;
  path: Path;
  entity: 'household' | 'resident';
  /** The id that the record proposes. */
  entityId: string;
  name: string;
  candidates: { id: string; name: string }[];
};

const unnamed = '未取名';

/** Every addition that may be one with a record which came to the door since the worker saw it; pure. */
export function likenesses(sides: Sides, body: Body): Likeness[] {
  const { door } = sides;
  const isLeft = (id: string) => sides.former?.has(id) ?? false;
  if (!door) return [];
  const listed = recordsOf(body['households']).map(({ record, index }) => ({
    id: textOf(record['id']),
    path: ['households', index] satisfies Path,
    residents: recordsOf(record['residents']).map((entry) => entry.record),
  }));
  const named = new Set(
    listed.flatMap(({ id, residents }) => [
      id,
      ...residents.flatMap((one) => [oneOf(sides, one['id']), textOf(one['sameAs'])]),
    ]),
  );
  const isAddedSince = (id: string) =>
    sides.since?.some((change) => change.entityId === id && change.field === '*' && change.before === undefined) ??
    true;
  const candidates = door.households.filter(({ id, residents }) => !isLeft(id) && residents.some(isRegistered));
  const people = candidates
    .flatMap(({ residents }) => residents)
    .filter(({ id }) => isAddedSince(id) && !named.has(id));
  return listed.flatMap((household) => [
    ...ofHousehold(household),
    ...household.residents.flatMap((resident, at) => ofResident(household.path, resident, at)),
  ]);

  function ofResident(path: Path, resident: Body, at: number): Likeness[] {
    const id = textOf(resident['id']);
    const change = textOf(resident['change']);
    const one = oneOf(sides, id);
    const known = isLeft(one) ? findResident(door, one)?.resident : undefined;
    const isNew = known ? ['unchanged', 'corrected'].includes(change) : ['moved-in', 'born'].includes(change);
    if (!isNew || textOf(resident['sameAs']) !== '' || (!known && isHeld(sides, one))) return [];
    const said = { ...known, ...resident };
    const found = people.filter((other) => mayBeOne(said, other)).map(({ id: other, name }) => ({ id: other, name }));
    if (found.length === 0) return [];
    const place: Path = [...path, 'residents', at, 'sameAs'];
    const name = textOf(said['name']);
    return [{ key: JSON.stringify(place), path: place, entity: 'resident', entityId: id, name, candidates: found }];
  }

  /** A household that both added: one of its people lives in the other already. */
  function ofHousehold({ id, path, residents }: (typeof listed)[number]): Likeness[] {
    if (id === '' || (!isLeft(id) && door?.households.some((known) => known.id === id))) return [];
    const members = new Set(residents.flatMap((one) => [oneOf(sides, one['id']), oneOf(sides, one['sameAs'])]));
    const found = candidates
      .filter((known) => isAddedSince(known.id) && !named.has(known.id))
      .filter((known) => known.residents.some((resident) => isRegistered(resident) && members.has(resident.id)));
    if (found.length === 0) return [];
    const place: Path = [...path, 'id'];
    const byHead = found.map((known) => ({
      id: known.id,
      name: known.residents.find((resident) => resident.id === known.headId)?.name ?? known.residents[0]?.name ?? '',
    }));
    return [
      { key: JSON.stringify(place), path: place, entity: 'household', entityId: id, name: '', candidates: byHead },
    ];
  }
}

/** What says in the body that the addition is `id`, who is in the register. */
export function saidToBe({ path, entity }: Likeness, body: Body, id: string): { path: Path; value: string }[] {
  const same = { path, value: id };
  if (entity === 'household') return [same];
  const [, at, , person] = path;
  const household = recordsOf(body['households']).find(({ index }) => index === at)?.record;
  const change = recordsOf(household?.['residents']).find(({ index }) => index === person)?.record['change'];
  // Whoever is somebody else's record is not as they were.
  return change === 'unchanged' ? [{ path: [...path.slice(0, -1), 'change'], value: 'corrected' }, same] : [same];
}

/** One number; or one name, or a child without one, and birth dates that may be the same day. */
export function mayBeOne(said: Body, known: ResidentLike): boolean {
  const number = mendIdentityNumber(textOf(said['idNumber']));
  if (number !== '' && number === known.idNumber) return true;
  const name = mendName(textOf(said['name']));
  const birthDate = textOf(said['birthDate']);
  const mayBeOneDay = birthDate.startsWith(known.birthDate) || known.birthDate.startsWith(birthDate);
  if (name !== unnamed && name === known.name) return mayBeOneDay;
  const isUnnamed = name === unnamed || known.name === unnamed;
  return isUnnamed && mayBeOneDay && birthDate !== '' && known.birthDate !== '';
}

function oneOf(sides: Sides, id: unknown): string {
  return sides.aliases.get(textOf(id)) ?? textOf(id);
}

function isHeld({ door, elsewhere }: Sides, id: string): boolean {
  return (
    elsewhere.has(id) || (door?.households.some(({ residents }) => residents.some((one) => one.id === id)) ?? false)
  );
}
