/** The register forgets a person: their rows, who they were to others, and what its history says of them. */
import type { ResidentFields } from '../../domain/register';
import { asRecord } from '../../domain/json';
import { open, seal } from '../codec';
import type { Transaction } from '../database/open';
import { isUnreadable, jsonOf, orNull } from '../readable';
import { dwellingOf, householdOf, residentOf } from './columns';
import type { Person } from './find-traces';
import type { Origin } from './provenance';
import { type DoorRecords, loadDoors, loadRecords } from './read';
import { livesOn, type ResidentRecord } from './records';
import { forgetResidents, updateDwelling, updateHousehold, updateResident } from './rows';
import { mentions, ofEntity, phonesBesideNames, type Traces, withoutPerson } from './without-person';

type When = { at: string; by: string };
/** Doors, and what tells the person there. */
export type Place = Pick<Person, 'doors' | 'traces' | 'left'>;

/** Answers how many rows of the history were emptied. */
export async function eraseFromRegister(
  tx: Transaction,
  communityId: string,
  person: Person,
  { at, by }: When,
): Promise<number> {
  const origin: Origin = { since: at, from: 'correction', by, confirmedAt: null, confirmedBy: null, how: null, at };
  const erased = await loadRecords(tx, communityId, 'resident', [...person.traces.ids]);
  const places = placesOf(person);
  for (const place of places) {
    await eraseFromDoors(tx, communityId, place, { erased: [...erased.values()], origin });
    await eraseFromEnded(tx, communityId, place, origin);
  }
  await forgetResidents(tx, communityId, [...erased.values()], origin);
  let emptied = 0;
  for (const place of places) emptied += await eraseHistory(tx, communityId, place);
  return emptied;
}

/** At a door that was never theirs somebody of the same name may live: there only ids and numbers tell. */
export function placesOf({ doors, furtherDoors, traces, left }: Person): Place[] {
  const nameless = { ...traces, names: new Set<string>(), phones: new Set<string>() };
  return [
    { doors, traces, left },
    { doors: furtherDoors, traces: nameless, left },
  ];
}

async function eraseFromDoors(
  tx: Transaction,
  communityId: string,
  { doors, traces, left }: Place,
  { erased, origin }: { erased: readonly ResidentRecord[]; origin: Origin },
): Promise<void> {
  for (const { dwelling, households, residents } of (await loadReadable(tx, communityId, doors, left)).values()) {
    const fields = changed(dwelling.fields, traces);
    if (fields) await updateDwelling(tx, communityId, dwelling.id, { fields }, origin);
    const others = residents.filter(({ id }) => !traces.ids.has(id));
    for (const { id, fields: held } of others) {
      await updateResident(tx, communityId, id, { fields: withoutTies(held, traces) }, origin);
    }
    for (const { id, fields: held } of households) {
      const isHead = held.headId !== null && traces.ids.has(held.headId);
      const wasHome = erased.some(({ householdId }) => householdId === id);
      const isEmpty = wasHome && !others.some((one) => one.householdId === id && livesOn(one));
      if (!isHead && !isEmpty) continue;
      const update = { ...(isHead && { fields: { headId: null } }), ...(isEmpty && { place: { endedAt: origin.at } }) };
      await updateHousehold(tx, communityId, id, update, origin);
    }
  }
}

/** As `loadDoors`; of a door where something cannot be read all the rest, and `left` names what stays. */
async function loadReadable(
  tx: Transaction,
  communityId: string,
  doors: readonly string[],
  left: Set<string>,
): Promise<Map<string, DoorRecords>> {
  try {
    return await loadDoors(tx, communityId, doors);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const held = new Map<string, DoorRecords>();
  const dwellings = await tx
    .selectFrom('dwelling')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', 'in', doors)
    .execute();
  for (const row of dwellings) {
    const [dwelling] = readOr(left, `dwelling ${row.id}`, () => dwellingOf(row));
    if (dwelling) held.set(row.id, { dwelling, households: [], residents: [] });
  }
  const households = await tx
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', doors)
    .where('ended_at', 'is', null)
    .execute();
  for (const row of households)
    held.get(row.dwelling_id)?.households.push(...readOr(left, `household ${row.id}`, () => householdOf(row)));
  const residents = await tx
    .selectFrom('resident')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', doors)
    .where('retired_at', 'is', null)
    .execute();
  for (const row of residents)
    held.get(row.dwelling_id)?.residents.push(...readOr(left, `resident ${row.id}`, () => residentOf(row)));
  return held;
}

/** None where it cannot be read: it stays, and is named. */
function readOr<T>(left: Set<string>, name: string, read: () => T): T[] {
  const record = orNull(read);
  if (record === null) left.add(name);
  return record === null ? [] : [record];
}

/** Households of the doors that ended, and people there who were joined to others: their rows and their history stay, without the person. */
async function eraseFromEnded(
  tx: Transaction,
  communityId: string,
  { traces, doors, left }: Place,
  origin: Origin,
): Promise<void> {
  if (doors.length === 0) return;
  const households = await tx
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', doors)
    .where('ended_at', 'is not', null)
    .orderBy('id')
    .execute();
  for (const { id, fields } of households.flatMap((row) =>
    readOr(left, `household ${row.id}`, () => householdOf(row)),
  )) {
    if (fields.headId === null || !traces.ids.has(fields.headId)) continue;
    await updateHousehold(tx, communityId, id, { fields: { headId: null } }, origin);
  }
  const joined = await tx
    .selectFrom('resident')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', doors)
    .where('retired_at', 'is not', null)
    .orderBy('id')
    .execute();
  for (const { id, fields } of joined.flatMap((row) => readOr(left, `resident ${row.id}`, () => residentOf(row)))) {
    if (!traces.ids.has(id)) await updateResident(tx, communityId, id, { fields: withoutTies(fields, traces) }, origin);
  }
}

/** Of somebody else: whom to call, and who gave consent for them. */
function withoutTies({ contacts, consent }: ResidentFields, traces: Traces): Partial<ResidentFields> {
  const isTheirs = ({ residentId = '', name }: { residentId?: string; name: string }) =>
    traces.ids.has(residentId) || traces.names.has(name);
  return {
    ...(contacts?.some(isTheirs) && { contacts: contacts.filter((contact) => !isTheirs(contact)) }),
    ...(consent && traces.names.has(consent.by) && { consent: { ...consent, by: '' } }),
  };
}

/** Fields of a door that name the person, empty; null where none does. */
function changed<Fields extends object>(fields: Fields, traces: Traces): Partial<Fields> | null {
  const left = withoutPerson(fields, traces, 'closed');
  return JSON.stringify(left) === JSON.stringify(fields) ? null : (left as Partial<Fields>);
}

async function eraseHistory(
  tx: Transaction,
  communityId: string,
  { doors, left: stays, ...person }: Place,
): Promise<number> {
  const rows = await tx
    .selectFrom('register_change')
    .select(['id', 'entity_type', 'entity_id', 'field', 'before', 'after', 'reason'])
    .where('community_id', '=', communityId)
    .where((eb) => eb.or([eb('entity_id', 'in', [...person.traces.ids]), eb('dwelling_id', 'in', [...doors, ''])]))
    .execute();
  const beginnings = rows.filter(({ field }) => field === '*').map(({ after }) => jsonOf(open(after)));
  const traces = withPhones(person.traces, beginnings);
  let emptied = 0;
  for (const { id, entity_type, entity_id, field, before, after, reason } of rows) {
    const isTheirs = entity_type === 'resident' && traces.ids.has(entity_id);
    if (!isTheirs && [before, after].some((value) => jsonOf(open(value)) === undefined)) {
      stays.add(`register_change ${id}`);
      continue;
    }
    const left = (value: string) =>
      isTheirs ? 'null' : valueWithout(JSON.parse(value), field, ofEntity(traces, entity_type, entity_id));
    const row = {
      before: left(open(before)),
      after: left(open(after)),
      reason: isTheirs || mentions(reason, traces) ? '' : reason,
    };
    if (row.before === open(before) && row.after === open(after) && row.reason === reason) continue;
    emptied += 1;
    await tx
      .updateTable('register_change')
      .set({ ...row, before: seal(row.before), after: seal(row.after) })
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .execute();
  }
  return emptied;
}

/** One value as it would be left in its record, so that each change still begins where the one before it ended. */
function valueWithout(value: unknown, field: string, traces: Traces): string {
  if (field === '*') return JSON.stringify(withoutPerson(value, traces, 'closed'));
  return JSON.stringify(asRecord(withoutPerson({ [field]: value }, traces, 'closed'))?.[field] ?? null);
}

/** A telephone that went along with the person's name in a record goes wherever the history has it by itself. */
function withPhones(traces: Traces, records: readonly unknown[]): Traces {
  const phones = records.flatMap((record) => phonesBesideNames(record, traces.names));
  return { ...traces, phones: new Set([...traces.phones, ...phones]) };
}
