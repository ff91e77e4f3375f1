/** What the office has beside a record: its basis, the register now, people elsewhere, ids that are one. */
import { textOf, recordsOf } from '../../domain/json';
import { maskIdentityNumber } from '../../domain/identity-number';
import type { Sides } from '../../domain/sides';
import { changesSince, type SinceChange } from '../../domain/since';
import { open } from '../codec';
import { wholeOf, type Reader } from '../register/read';
import { livesOn } from '../register/records';
import { allOfDoor, basisOf, writtenSince } from './basis';
import type { ReviewedDoor } from './door';
import { officeTime, type StoredRevision } from './revision';
import type { Basis, WeighingReads } from './weighing-reads';

type Body = Record<string, unknown>;
export type SidesOfRecord = {
  sides: Sides;
  basis: Basis | null;
  /** What the register got since, also where only its history can say so. */
  since: SinceChange[];
};

/** `body`: the record's, with what the coordinator corrected. */
export async function sidesOf(
  reads: WeighingReads,
  revision: StoredRevision,
  body: Body,
  door: ReviewedDoor | null,
): Promise<SidesOfRecord> {
  const nobody: Sides = {
    door: null,
    ended: new Set(),
    retired: false,
    former: null,
    since: null,
    unsure: new Set(),
    elsewhere: new Map(),
    aliases: new Map(),
  };
  if (!door) return { sides: nobody, basis: null, since: [] };
  const { db, communityId } = reads;
  const basis = door.twin ? null : await basisOf(reads, revision, door.dwelling.id);
  const named = namedIn(body);
  const aliases = await reads.aliases(named);
  const told = basis?.door.households.flatMap(({ residents }) => residents.map(({ id }) => id)) ?? [];
  const here = new Set(door.residents.map(({ id }) => id));
  const asked = [...named.map((id) => aliases.get(id) ?? id), ...told].filter((id) => !here.has(id));
  const away = await reads.residents([...new Set(asked)]);
  const elsewhere = new Map(
    away
      .filter(({ retiredAt }) => retiredAt === null)
      .map(({ id, householdId, fields }) => [id, { householdId, resident: { id, ...fields } }]),
  );
  const whole = wholeOf(door);
  const ended = new Set(door.households.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  const since = basis && changesSince(basis.door, whole, ended, elsewhere);
  const gone = door.residents.filter((resident) => !livesOn(resident)).map(({ id }) => id);
  const outside = [...elsewhere.keys(), ...gone].filter((id) => !told.includes(id));
  const numbers = new Map(door.residents.map(({ id, fields }) => [id, fields.idNumber]));
  return {
    sides: {
      door: whole,
      ended,
      retired: door.dwelling.retiredAt !== null,
      former: door.former && door.former.left,
      since,
      unsure: basis
        ? await unsureOf(db, communityId, revision, { told: basis.newest ? [] : told, outside, numbers })
        : new Set(),
      elsewhere,
      aliases,
    },
    basis,
    since: since ?? (door.twin ? allOfDoor(door) : await writtenSince(db, communityId, revision, door)),
  };
}

/** Ids of people whom a body names, as its own and as somebody's whom the register has. */
function namedIn(body: Body): string[] {
  const people = recordsOf(body['households']).flatMap(({ record }) => recordsOf(record['residents']));
  return [...new Set(people.flatMap(({ record }) => [textOf(record['id']), textOf(record['sameAs'])]))].filter(Boolean);
}

/**
 * Values that the basis does not tell: numbers, of which it has the end only, contacts, and all of people outside of it. Where the
 * register's history has another value that would have looked the same, nobody knows which one the worker's phone had.
 */
async function unsureOf(
  db: Reader,
  communityId: string,
  revision: StoredRevision,
  {
    told,
    outside,
    numbers,
  }: { told: readonly string[]; outside: readonly string[]; numbers: ReadonlyMap<string, string> },
): Promise<Set<string>> {
  if (told.length + outside.length === 0) return new Set();
  const rows = await db
    .selectFrom('register_change')
    .select(['entity_id', 'field', 'before', 'after', 'at'])
    .where('community_id', '=', communityId)
    .where('entity_type', '=', 'resident')
    .where('entity_id', 'in', [...told, ...outside])
    .execute();
  const made = officeTime({ ...revision, body: {} });
  const isUnsure = ({ entity_id, field, before, after, at }: (typeof rows)[number]): boolean => {
    if (outside.includes(entity_id)) return Date.parse(at) >= made;
    if (field === 'contacts') return true;
    const now = numbers.get(entity_id) ?? '';
    const looksAlike = (number: string) => number !== now && maskIdentityNumber(number) === maskIdentityNumber(now);
    return field === 'idNumber' && [before, after].some((value) => looksAlike(textOf(JSON.parse(open(value)))));
  };
  return new Set(rows.filter(isUnsure).map(({ entity_id, field }) => `${entity_id}/${field}`));
}
