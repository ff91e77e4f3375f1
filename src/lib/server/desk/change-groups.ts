/** What a verification says, ordered for reading: the dwelling, then household by household its people, each with its own rows. */
import type { Difference } from '../../domain/differences';
import { asRecord, recordsOf, textOf } from '../../domain/json';
import { ageOn } from '../../domain/part-date';
import { isPartDate } from '../../domain/part-date';
import { loadRecords, type Reader } from '../register/read';
import type { ReviewCase } from '../review/open';
import type { Group, Path, Row } from './case-view';

type Body = Record<string, unknown>;
type Person = { id: string; name: string; relation: string | null; birthDate: string; lives: boolean };

/** Fields whose value is another record's id: shown by name. */
const references = ['headId', 'sameAs', 'householdId', 'partOf'];

export async function changeGroups(
  db: Reader,
  communityId: string,
  { row, differences, door }: ReviewCase,
  body: Body,
  today: string,
): Promise<Group[]> {
  if (row.kind !== 'household-verification') return [];
  const registered = (door?.households ?? []).flatMap(({ residents }) => residents.map(personOf));
  const told = recordsOf(body['households']).flatMap(({ record, index }) =>
    recordsOf(record['residents']).map((entry) => ({
      path: ['households', index, 'residents', entry.index] satisfies Path,
      change: textOf(entry.record['change']),
      said: personOf(entry.record),
    })),
  );
  const names = await namesOf(db, communityId, differences, [...registered, ...told.map(({ said }) => said)]);
  const groups: Group[] = [];
  for (const difference of differences) {
    const group = groups.find(({ id, entity }) => id === difference.entityId && entity === difference.entity);
    const held = group ?? newGroup(difference);
    if (!group) groups.push(held);
    if (difference.kind !== 'confirmed') held.rows.push(rowOf(difference, difference.kind, names, door));
  }
  const answered = ['verified', 'partly-verified'].includes(row.outcome);
  for (const person of registered) {
    if (answered && person.lives && !groups.some(({ id }) => id === person.id)) groups.push(unmentioned(person));
  }
  return groups.map((group) => {
    if (group.entity === 'household') return { ...group, name: headName(group.id, body, door, names) };
    if (group.entity !== 'resident') return group;
    const now = registered.find(({ id }) => id === group.id);
    const here = told.find(({ said }) => said.id === group.id);
    const birthDate = here?.said.birthDate || now?.birthDate || '';
    return {
      ...group,
      name: group.name || now?.name || here?.said.name || '',
      relation: here?.said.relation ?? now?.relation ?? null,
      age: isPartDate(birthDate) ? ageOn(birthDate, today) : null,
      change: here?.change ?? null,
      path: here?.path ?? null,
    };
  });
}

function rowOf(
  { path, field, before, after, entity }: Difference,
  kind: Exclude<Difference['kind'], 'confirmed'>,
  names: ReadonlyMap<string, string>,
  door: ReviewCase['door'],
): Row {
  const named = (value: unknown): unknown => {
    if (!references.includes(field) || typeof value !== 'string') return value;
    if (field !== 'householdId') return names.get(value) ?? '';
    return names.get(door?.households.find(({ id }) => id === value)?.headId ?? '') ?? '';
  };
  return {
    path: field === 'householdId' ? path.slice(0, -1) : path,
    field,
    ...(field === 'outcome' && entity === 'dwelling' ? { list: 'visit-outcome' as const } : {}),
    before: named(before),
    after: named(after),
    kind,
    maskedBefore: field === 'idNumber' && Boolean(before),
    maskedAfter: field === 'idNumber' && Boolean(after),
    fixed: references.includes(field),
  };
}

function newGroup({ entity, entityId, name }: Difference): Group {
  return { id: entityId, entity, name, relation: null, age: null, change: null, path: null, rows: [] };
}

function unmentioned({ id, name, relation }: Person): Group {
  return { id, entity: 'resident', name, relation, age: null, change: null, path: null, rows: [] };
}

function personOf(record: object): Person {
  const held = asRecord(record) ?? {};
  const presence = textOf(held['presence']);
  return {
    id: textOf(held['id']),
    name: textOf(held['name']),
    relation: textOf(held['relation']) || null,
    birthDate: textOf(held['birthDate']),
    lives: presence !== 'moved-away' && presence !== 'died',
  };
}

function headName(id: string, body: Body, door: ReviewCase['door'], names: ReadonlyMap<string, string>): string {
  const told = recordsOf(body['households']).find(({ record }) => textOf(record['id']) === id)?.record;
  const head = textOf(told?.['headId']) || (door?.households.find((household) => household.id === id)?.headId ?? '');
  return names.get(head) ?? '';
}

/** Of everybody here, and of those whom a difference names by id. */
async function namesOf(
  db: Reader,
  communityId: string,
  differences: readonly Difference[],
  people: readonly Person[],
): Promise<Map<string, string>> {
  const named = new Map(people.filter(({ name }) => name !== '').map(({ id, name }) => [id, name]));
  const asked = differences
    .filter(({ field }) => references.includes(field))
    .flatMap(({ before, after }) => [textOf(before), textOf(after)])
    .filter((id) => id !== '' && !named.has(id));
  const records = await loadRecords(db, communityId, 'resident', asked);
  for (const { id, fields } of records.values()) named.set(id, fields.name);
  return named;
}
