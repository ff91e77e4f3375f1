/** Where a person stands in the office's tables: ids, names and numbers, doors, and the submissions that speak of them. */
import { asRecord, textOf } from '../../domain/json';
import { open } from '../codec';
import { jsonOf } from '../readable';
import type { Listed } from './listed-elsewhere';
import { numberHolders } from './number-holders';
import { idsOf, loadRecords, type Reader, resolveAlias } from './read';
import { isTellingName, type Traces, tracesIn } from './without-person';

export type Person = {
  /** The id that counts. */
  id: string;
  traces: Traces;
  /** Every door at which they lived or were listed, under all its ids. */
  doors: string[];
  /** Further doors, of which a record speaks of one of their ids or their number. */
  furtherDoors: string[];
  /** Submissions about the person alone, and those about a door of theirs; in the order of their ids. */
  about: string[];
  atDoors: string[];
  /** What cannot be read and stays, as table and id: filled as it is come upon. */
  left: Set<string>;
};

const nowhere: Listed = { submissions: [], about: [], residents: [], asPerson: false };

/** Null where no table has ever heard of a resident of that id, nor lists them `elsewhere`: what is known of them besides. */
export async function findTraces(
  tx: Reader,
  communityId: string,
  residentId: string,
  elsewhere: Listed = nowhere,
): Promise<Person | null> {
  const id = await resolveAlias(tx, communityId, 'resident', residentId);
  const ids = [...new Set([...(await idsOf(tx, communityId, 'resident', id)), ...elsewhere.residents])];
  const records = [...(await loadRecords(tx, communityId, 'resident', ids)).values()];
  const changes = await tx
    .selectFrom('register_change')
    .select(['dwelling_id', 'submission_id', 'field', 'before', 'after'])
    .where('community_id', '=', communityId)
    .where('entity_type', '=', 'resident')
    .where('entity_id', 'in', ids)
    .execute();
  const proposals = await tx
    .selectFrom('proposal')
    .select(['dwelling_id', 'submission_id'])
    .where('community_id', '=', communityId)
    .where('type', '=', 'resident')
    .where('id', 'in', ids)
    .execute();
  const about = await tx
    .selectFrom('submission')
    .select(['id', 'dwelling_id'])
    .where('community_id', '=', communityId)
    .where('target_type', '=', 'resident')
    .where('target_id', 'in', ids)
    .orderBy('id')
    .execute();
  if (records.length + changes.length + proposals.length + about.length === 0 && !elsewhere.asPerson) return null;

  const moves = changes
    .filter(({ field }) => field === 'dwellingId')
    .flatMap(({ before, after }) => [textOf(jsonOf(open(before))), textOf(jsonOf(open(after)))]);
  const named = [
    ...records.map(({ dwellingId }) => dwellingId),
    ...[...changes, ...proposals].map(({ dwelling_id }) => dwelling_id),
    ...moves,
  ];
  const doors = new Set<string>();
  for (const door of new Set(named)) {
    if (door !== '') for (const one of await idsOf(tx, communityId, 'dwelling', door)) doors.add(one);
  }
  const ofOthers = [
    ...[...changes, ...proposals].flatMap(({ submission_id }) => submission_id ?? []),
    ...elsewhere.submissions,
  ];
  const atDoors = await tx
    .selectFrom('submission')
    .select(['id', 'dwelling_id'])
    .where('community_id', '=', communityId)
    .where((eb) =>
      eb.or([
        eb('dwelling_id', 'in', listOf(doors)),
        eb('target_id', 'in', listOf(doors)),
        eb('id', 'in', listOf(ofOthers)),
      ]),
    )
    .orderBy('id')
    .execute();
  const alone = [...new Set([...about.map((row) => row.id), ...elsewhere.about])].sort();
  const shared = atDoors.map((row) => row.id).filter((one) => !alone.includes(one));
  const texts = await tx
    .selectFrom('revision')
    .select('text')
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', listOf([...alone, ...shared]))
    .execute();
  const told = [
    ...records.map(({ id: own, fields }) => ({ id: own, ...fields })),
    ...changes.flatMap(({ field, before, after }) =>
      [before, after].map((value) => valueOf(field, jsonOf(open(value)), id)),
    ),
    ...texts.map(({ text }) => jsonOf(open(text))),
  ].map((value) => tracesIn(value, new Set(ids)));
  const names = told.flatMap((trace) => trace.names).filter(isTellingName);
  const numbers = told.flatMap((trace) => trace.numbers).filter((number) => number.length > 5);
  const phones = told.flatMap((trace) => trace.phones).filter((phone) => phone !== '');
  const registered = records.map(({ fields }) => fields.idNumber);
  const own = new Set(records.length > 0 ? numbers.filter((number) => registered.includes(number)) : numbers);
  const holders = await numberHolders(tx, communityId, new Set(numbers));
  const others = holders.filter((holder) => !ids.includes(holder.id));
  const traces: Traces = {
    ids: new Set(ids),
    names: new Set(names),
    numbers: new Set(numbers),
    phones: new Set(phones),
    own,
    others: new Map(others.map((other) => [other.id, other.fields.idNumber])),
  };
  const furtherDoors = new Set<string>();
  for (const door of new Set(atDoors.flatMap(({ dwelling_id }) => dwelling_id ?? []))) {
    for (const one of await idsOf(tx, communityId, 'dwelling', await resolveAlias(tx, communityId, 'dwelling', door))) {
      if (!doors.has(one)) furtherDoors.add(one);
    }
  }
  return {
    ...{ id, traces, about: alone, atDoors: shared, left: new Set() },
    ...{ doors: [...doors].sort(), furtherDoors: [...furtherDoors].sort() },
  };
}

/** A value of the history, as an entry that lists the person. */
function valueOf(field: string, value: unknown, id: string): unknown {
  return field === '*' ? { ...asRecord(value), id } : { [field]: value, id };
}

/** PostgreSQL takes no empty list; no id is empty. */
function listOf(ids: Iterable<string>): string[] {
  const list = [...new Set(ids)];
  return list.length > 0 ? list : [''];
}
