/** What a verification says, ordered for reading: the dwelling, then household by household its people, each with its own rows. */
import type { Locale } from '../../domain/codes/codes';
import type { Difference } from '../../domain/differences';
import { asRecord, recordsOf, textOf } from '../../domain/json';
import { isRetiring } from '../../domain/outcomes';
import { ageOn } from '../../domain/part-date';
import { isPartDate } from '../../domain/part-date';
import { loadRecords, type Reader } from '../register/read';
import type { ReviewCase } from '../review/open';
import type { Path } from '../../domain/sides';
import type { Group, Row } from './case-view';
import { withThreeWays } from './three-ways';
import { placeTitle } from './titles';

type Body = Record<string, unknown>;
type Person = {
  id: string;
  name: string;
  relation: string | null;
  birthDate: string;
  presence: string;
  lives: boolean;
};

/** Fields whose value is another record's id: shown by name. */
const references = ['headId', 'sameAs', 'householdId', 'partOf'];

export async function changeGroups(
  db: Reader,
  communityId: string,
  opened: ReviewCase,
  body: Body,
  { today, locale }: { today: string; locale: Locale },
): Promise<Group[]> {
  const { row, differences, door } = opened;
  if (row.kind !== 'household-verification') return [];
  const registered = (door?.households ?? []).flatMap(({ residents }) => residents.map(personOf));
  const told = recordsOf(body['households']).flatMap(({ record, index }) =>
    recordsOf(record['residents']).map((entry) => ({
      path: ['households', index, 'residents', entry.index] satisfies Path,
      change: textOf(entry.record['change']),
      said: personOf(entry.record),
    })),
  );
  const names = await namesOf(db, communityId, opened, [...registered, ...told.map(({ said }) => said)]);
  const decided = row.review === 'approved' ? (opened.previous?.corrections ?? []) : [];
  const heads = new Map([
    ...recordsOf(body['households']).map(({ record }) => [textOf(record['id']), textOf(record['headId'])] as const),
    ...(door?.households ?? []).map(({ id, headId }) => [id, headId ?? ''] as const),
  ]);
  const named = (field: string, value: unknown) => nameOf(field, value, names, heads);
  const groups: Group[] = [];
  for (const difference of differences) {
    const group = groups.find(({ id, entity }) => id === difference.entityId && entity === difference.entity);
    const held = group ?? newGroup(difference);
    if (!group) groups.push(held);
    if (difference.kind !== 'confirmed') {
      const taken = decided.find(({ path }) => JSON.stringify(path) === JSON.stringify(difference.path));
      held.rows.push({
        ...rowOf(difference, difference.kind, named),
        ...originOf(difference, opened, locale),
        ...(taken && { taken: named(difference.field, taken.value) }),
      });
    }
  }
  for (const person of registered) {
    if (!person.lives || groups.some(({ id }) => id === person.id)) continue;
    if (['verified', 'partly-verified'].includes(row.outcome)) groups.push(unmentioned(person));
    if (row.outcome === 'moved-away') groups.push({ ...unmentioned(person), rows: [leaves(person)] });
    if (isRetiring(row.outcome)) groups.push({ ...unmentioned(person), withDoor: true });
  }
  const detailed = (group: Group): Group => {
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
  };
  return withThreeWays(groups.map(detailed), opened, named).map(detailed);
}

/** From which door somebody comes. */
function originOf({ field, after }: Difference, { cameFrom }: ReviewCase, locale: Locale): Pick<Row, 'from'> {
  const origin = field === 'sameAs' ? cameFrom.find(({ sameAs }) => sameAs === after) : undefined;
  if (!origin) return {};
  const { door, isHead, stay } = origin;
  return { from: { door: placeTitle(door, locale), doorId: door.id, isHead, stay } };
}

function rowOf(
  { path, field, before, after, entity }: Difference,
  kind: Exclude<Difference['kind'], 'confirmed'>,
  named: (field: string, value: unknown) => unknown,
): Row {
  return {
    path: field === 'householdId' ? path.slice(0, -1) : path,
    field,
    ...(field === 'outcome' && entity === 'dwelling' ? { list: 'visit-outcome' as const } : {}),
    before: named(field, before),
    after: named(field, after),
    kind,
    maskedBefore: field === 'idNumber' && Boolean(before),
    maskedAfter: field === 'idNumber' && Boolean(after),
    fixed: references.includes(field),
  };
}

/** Another record by its name; a household by its head's. */
function nameOf(
  field: string,
  value: unknown,
  names: ReadonlyMap<string, string>,
  heads: ReadonlyMap<string, string>,
): unknown {
  if (!references.includes(field) || typeof value !== 'string') return value;
  return names.get(field === 'householdId' ? (heads.get(value) ?? '') : value) ?? '';
}

function newGroup({ entity, entityId, name }: Difference): Group {
  return { id: entityId, entity, name, relation: null, age: null, change: null, path: null, rows: [] };
}

function unmentioned({ id, name, relation }: Person): Group {
  return { id, entity: 'resident', name, relation, age: null, change: null, path: null, rows: [] };
}

/** With the whole household: nothing in the body names them. */
function leaves({ presence }: Person): Row {
  return {
    path: null,
    field: 'presence',
    before: presence,
    after: 'moved-away',
    kind: 'left',
    maskedBefore: false,
    maskedAfter: false,
    fixed: true,
  };
}

function personOf(record: object): Person {
  const held = asRecord(record) ?? {};
  const presence = textOf(held['presence']);
  return {
    id: textOf(held['id']),
    name: textOf(held['name']),
    relation: textOf(held['relation']) || null,
    birthDate: textOf(held['birthDate']),
    presence,
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
  { differences, compared, since }: ReviewCase,
  people: readonly Person[],
): Promise<Map<string, string>> {
  const named = new Map(people.filter(({ name }) => name !== '').map(({ id, name }) => [id, name]));
  const asked = [
    ...differences.map(({ field, before, after }) => ({ field, values: [before, after] })),
    ...compared.map(({ field, basis, now }) => ({ field, values: [basis.known ? basis.value : '', now] })),
    ...since.map(({ field, before, now }) => ({ field, values: [before, now] })),
  ]
    .filter(({ field }) => references.includes(field))
    .flatMap(({ values }) => values.map(textOf))
    .filter((id) => id !== '' && !named.has(id));
  const records = await loadRecords(db, communityId, 'resident', asked);
  for (const { id, fields } of records.values()) named.set(id, fields.name);
  return named;
}
