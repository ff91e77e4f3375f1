/** The three sides on the screen: which rows of a case have a basis of their own, which ask, and what the register got that nobody here spoke of. */
import type { Likeness } from '../../domain/same-person';
import type { Compared } from '../../domain/sides';
import type { SinceChange } from '../../domain/since';
import type { ReviewCase } from '../review/open';
import type { Group, Question, Row } from './case-view';

type Named = (field: string, value: unknown) => unknown;

/** The groups with what the comparison says; new rows stand at the end of their group. Pure. */
export function withThreeWays(
  groups: readonly Group[],
  { compared, likenesses, since, stale, basisHeld, twinOf }: ReviewCase,
  named: Named,
): Group[] {
  const all = groups.map((group) => ({ ...group, rows: [...group.rows] }));
  for (const value of compared) {
    // Somebody found to be one with another stands here as the record has them.
    const told = all.find(({ id, rows, path }) => rows.some((row) => isOf(row, value, id)) || holds(path, value));
    const group = told ?? groupOf(all, value.entity, value.entityId, value.name);
    const at = group.rows.findIndex((row) => isOf(row, value, group.id));
    const row = group.rows[at];
    const sides = sidesOf(value, named, twinOf !== null);
    if (row && value.verdict === 'same') group.rows.splice(at, 1);
    else if (row) group.rows[at] = { ...row, before: named(value.field, value.now), ...sides };
    else if (value.verdict === 'ask') group.rows.push({ ...rowOf(value, named), ...sides });
  }
  for (const likeness of likenesses) {
    const group = groupOf(all, likeness.entity, likeness.entityId, likeness.name);
    // The answer stands in the question.
    group.rows = [who(likeness), ...group.rows.filter(({ field, kind }) => field !== 'sameAs' || kind !== 'joined')];
  }
  if (!stale) return all;
  for (const change of since) addSince(all, change, { compared, basisHeld }, named);
  const shownElsewhere = new Set(all.flatMap((group) => standingIn(group, compared)));
  return all.filter(({ id, rows }) => rows.length > 0 || !shownElsewhere.has(id));
}

/** Ids of those whom the register has and whose values stand in this group, under another id. */
function standingIn(group: Group, compared: readonly Compared[]): string[] {
  return compared
    .filter((value) => holds(group.path, value) && value.entityId !== group.id)
    .map(({ entityId }) => entityId);
}

function groupOf(groups: Group[], entity: Group['entity'], id: string, name: string): Group {
  const found = groups.find((group) => group.id === id && group.entity === entity);
  if (found) return found;
  const made: Group = { id, entity, name, relation: null, age: null, change: null, path: null, rows: [] };
  groups.push(made);
  return made;
}

function holds(path: Group['path'], value: Compared): boolean {
  return path !== null && value.path !== null && JSON.stringify(value.path.slice(0, -1)) === JSON.stringify(path);
}

function isOf({ field, path }: Row, value: Compared, groupId: string): boolean {
  if (field !== value.field) return false;
  if (path === null && value.path === null) return groupId === value.entityId;
  return field === 'householdId' || JSON.stringify(path) === value.key;
}

/** What the worker saw stands beside the register only where the two differ, or where nobody knows; of a door `unknown` to them it was nothing. */
function sidesOf(value: Compared, named: Named, unknown: boolean): Pick<Row, 'basis' | 'ask'> {
  const { basis, field, verdict } = value;
  const moved = !unknown && (verdict === 'ask' || !basis.known);
  return {
    ...(moved && { basis: basis.known ? { known: true, value: named(field, basis.value) } : { known: false } }),
    ...(verdict === 'ask' && { ask: questionOf(value) }),
  };
}

function questionOf({ key, takes, path }: Compared): Question {
  return { key, takes, path, candidates: [] };
}

function rowOf({ field, now, proposed, path }: Compared, named: Named): Row {
  return {
    path: null,
    field,
    ...(field === 'outcome' && { list: 'visit-outcome' as const }),
    before: named(field, now),
    after: named(field, proposed),
    kind: 'changed',
    maskedBefore: false,
    maskedAfter: false,
    fixed: path === null,
  };
}

function who({ key, path, entity, candidates }: Likeness): Row {
  return {
    path: null,
    field: entity === 'resident' ? 'sameAs' : 'sameHousehold',
    before: candidates.map(({ name }) => name),
    after: null,
    kind: 'joined',
    maskedBefore: false,
    maskedAfter: false,
    fixed: true,
    ask: { key, takes: ['proposal'], path, candidates },
  };
}

/** What changed in the register without a word of it here, or with the same word: it stays, and is worth a look. */
function addSince(
  groups: Group[],
  change: SinceChange,
  { compared, basisHeld }: Pick<ReviewCase, 'compared' | 'basisHeld'>,
  named: Named,
): void {
  const field = change.field === 'idNumberMasked' ? 'idNumber' : change.field;
  const group = groupOf(groups, change.entity, change.entityId, change.name);
  if (field === '*') {
    if (change.before === undefined && change.now !== undefined) group.cameSince = true;
    else if (change.now === undefined) group.wentSince = true;
    return;
  }
  if (group.rows.some((row) => row.field === field)) return;
  const said = compared.find((value) => value.entityId === change.entityId && value.field === field);
  group.rows.push({
    path: null,
    field,
    basis: basisHeld ? { known: true, value: named(field, change.before) } : { known: false },
    before: named(field, change.now),
    after: said ? named(field, said.proposed) : null,
    kind: 'since',
    maskedBefore: false,
    maskedAfter: false,
    fixed: true,
  });
}
