/**
 * What of a body can stand on the screens of its form, whoever wrote it: a record that came back may say anything. What is merely wrong – too
 * long, of an impossible day – is read, for somebody to mend it; what no screen could hold is named.
 */
import { asRecord, isFilled } from '../domain/json';
import type { Field, FieldType, FormDefinition } from './definition';
import { fieldsOf, type Path } from './paths';
import { checkValue } from './values';

type Body = Record<string, unknown>;
const lists: readonly FieldType[] = ['list', 'codes', 'references'];
export type Readable = {
  /** Lists are lists of groups that say which entry they are, each once, and stand in every entry that has some; groups are groups; what the form does not name stays as it is. */
  body: Body;
  /** Where in the body something stood that is left out. */
  unread: Path[];
};

/** Any JSON value read as a body of the form; never throws. */
export function readable(definition: FormDefinition, body: unknown): Readable {
  const record = asRecord(body);
  if (!record) return { body: {}, unread: [[]] };
  const unread: Path[] = [];
  return { body: readGroup(fieldsOf(definition), record, [], new Map(), unread), unread };
}

/** Entries that were read already, by the name of their list: nobody is listed twice, under another group neither. */
type Seen = Map<string, Set<unknown>>;

function readGroup(fields: readonly Field[], group: Body, path: Path, seen: Seen, unread: Path[]): Body {
  return Object.fromEntries(
    Object.entries(group).flatMap(([name, value]): [string, unknown][] => {
      const at = [...path, name];
      const masked = fields.find((one) => one.type === 'identity-number' && name === `${one.name}Masked`);
      const field = fields.find((one) => one.name === name);
      if (masked && typeof value !== 'string') return left(unread, at);
      if (!field) return [[name, value]];
      // An empty list is the answer of a list alone, and a list has no other empty one.
      if (!isFilled(value)) return lists.includes(field.type) === Array.isArray(value) ? empty(field, value) : [];
      if (field.type === 'list') return readList(field, value, at, seen, unread);
      if (field.type === 'group') return readInner(field, value, at, seen, unread);
      const kept = readLeaf(field, value);
      if (kept === undefined) return left(unread, at);
      if (Array.isArray(value) && Array.isArray(kept) && kept.length < value.length) unread.push(at);
      return [[name, kept]];
    }),
  );
}

function empty({ name, type }: Field, value: unknown): [string, unknown][] {
  return type === 'group' ? [] : [[name, value]];
}

function readInner(field: Field, value: unknown, at: Path, seen: Seen, unread: Path[]): [string, unknown][] {
  if (typeof value === 'string' && field.orWords?.includes(value)) return [[field.name, value]];
  const record = asRecord(value);
  return record ? [[field.name, readGroup(field.fields ?? [], record, at, seen, unread)]] : left(unread, at);
}

function readList(field: Field, value: unknown, at: Path, seen: Seen, unread: Path[]): [string, unknown][] {
  if (!Array.isArray(value)) return left(unread, at);
  const { name, fields = [] } = field;
  const needed = neededOf(fields);
  const known = seen.get(name) ?? new Set();
  seen.set(name, known);
  const entries = value.flatMap((one: unknown, index) => {
    const record = asRecord(one);
    const first = needed[0] && record?.[needed[0].name];
    const isWhole = record && needed.every((part) => checkValue(part, record[part.name]) === null);
    if (!isWhole || known.has(first)) {
      unread.push([...at, index]);
      return [];
    }
    if (needed.length > 0) known.add(first);
    return [{ ...emptyLists(fields), ...readGroup(fields, record, [...at, index], seen, unread) }];
  });
  return [[name, entries]];
}

/** Lists of people, who may be told apart, stand empty in an entry without them; any other list is an answer, or none. */
function emptyLists(fields: readonly Field[]): Body {
  const found = fields.filter(({ type, fields: inner = [] }) => type === 'list' && neededOf(inner).length > 0);
  return Object.fromEntries(found.map(({ name }) => [name, []]));
}

/** Which entry it is, and what it is about: without these a screen has no place for it. */
function neededOf(fields: readonly Field[]): Field[] {
  return fields.filter(
    ({ required, type, initial }) =>
      required === true && initial === undefined && (type === 'reference' || type === 'code'),
  );
}

/** `undefined` for what no control could show. */
function readLeaf(field: Field, value: unknown): unknown {
  switch (field.type) {
    case 'codes':
      return Array.isArray(value)
        ? [...new Set(value)].filter((code: unknown) => checkValue(field, [code]) === null)
        : undefined;
    case 'whole-number':
    case 'scale':
      return typeof value === 'number' ? value : undefined;
    case 'text':
    case 'long-text':
    case 'person-name':
    case 'phone':
    case 'part-date':
    case 'identity-number':
      return typeof value === 'string' ? value : undefined;
    default:
      return checkValue(field, value) === null ? value : undefined;
  }
}

function left(unread: Path[], at: Path): [] {
  unread.push(at);
  return [];
}
