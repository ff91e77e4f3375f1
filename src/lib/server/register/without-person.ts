/** Taking one person out of what the office holds as JSON, and leaving everything that is said of others (REC-11). */
import { asRecord, textOf } from '../../domain/json';

/**
 * How the person is known in texts. `ids`: every id that counts for them. `phones`: their telephones, which may be others' as well and tell
 * something only where a door names somebody to call.
 */
export type Traces = Readonly<Record<'ids' | 'names' | 'numbers' | 'phones', ReadonlySet<string>>> & {
  /** Of `numbers` those that are theirs now: one that they had by mistake may be somebody else's, and says nothing of who lists it. */
  own: ReadonlySet<string>;
  /** Who else has one of `numbers` in the register: the number, by the resident's id. */
  others: ReadonlyMap<string, string>;
};

/**
 * Where a value stands. In a body an entry of theirs becomes null, so that the paths of comments and corrections still lead to the others (`kept`);
 * what it says to the register is not said, as an empty answer would take a value away (`unsaid`); an item of a feed simply lacks them (`closed`).
 */
type Places = 'kept' | 'unsaid' | 'closed';
/** Parts of a body that are answers about the register. */
const answers: ReadonlySet<string> = new Set(['dwelling', 'households']);

/** Free words: those that name the person are about the person, and go whole. */
const freeWords: ReadonlySet<string> = new Set(['note', 'text', 'reason', 'description', 'title', 'where', 'how']);
/** Where somebody is named who has no record of their own there. */
const parties: ReadonlySet<string> = new Set(['informant', 'raisedBy', 'parties', 'contacts']);
/** A dwelling names people too, with the telephone that goes along. */
const namedWithPhone: Readonly<Record<string, string>> = { contactName: 'contactPhone', ownerName: 'ownerPhone' };

/** Names of one sign, or shared by everybody without one, tell nobody apart. */
export function isTellingName(name: string): boolean {
  return [...name].length > 1 && name !== '未取名';
}

/** The value without the person; `key` is the name under which it stands. */
export function withoutPerson(value: unknown, traces: Traces, places: Places, key = ''): unknown {
  if (typeof value === 'string') return isAbout(value, key, traces) ? '' : value;
  if (Array.isArray(value)) {
    const entries: unknown[] = value;
    const isGone = (entry: unknown): boolean => {
      if (key === 'residents') return isOfPerson(entry, traces);
      // Whom a record that told a part listed, as a door is told it.
      if (key === 'listed') return isIn(entry, traces.ids);
      return places === 'unsaid' && isNamed(asRecord(entry) ?? {}, key, traces);
    };
    const isClosed = places === 'closed' || key !== 'residents';
    return entries.flatMap((entry) => {
      if (!isGone(entry))
        return [withoutPerson(entry, key === 'residents' ? beside(traces, entry) : traces, places, key)];
      return isClosed ? [] : [null];
    });
  }
  const record = asRecord(value);
  if (!record) return value;
  const left: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(record)) {
    const isTheirId = (name === 'headId' || name === 'residentId') && isIn(part, traces.ids);
    if (!isTheirId)
      left[name] = withoutPerson(part, traces, places === 'kept' && answers.has(name) ? 'unsaid' : places, name);
    // A household whose head a body does not name keeps the one that it has.
    else if (name === 'residentId' || places === 'closed') left[name] = null;
  }
  const whole = { ...left, ...emptied(record, key, traces) };
  return places === 'unsaid'
    ? Object.fromEntries(Object.entries(whole).filter(([name, part]) => part !== '' || record[name] === ''))
    : whole;
}

/** What is theirs in an entry that lists somebody else: a number that the register has as the other's stays the other's. */
export function beside(traces: Traces, entry: unknown): Traces {
  const number = traces.others.get(textOf(asRecord(entry)?.['id'])) ?? '';
  return { ...traces, numbers: traces.own.difference(new Set([number])) };
}

/** What is theirs in a row of the register or its history. */
export function ofEntity(traces: Traces, type: string, id: string): Traces {
  return type === 'resident' && !traces.ids.has(id) ? beside(traces, { id }) : traces;
}

/** The same with its gaps closed: for whom null in a list of people is a mistake. */
export function withoutGaps(body: Record<string, unknown>): Record<string, unknown> {
  const households = body['households'];
  if (!Array.isArray(households)) return body;
  const entries: unknown[] = households;
  const closed = entries.map((entry) => {
    const household = asRecord(entry);
    const residents = household?.['residents'];
    if (!household || !Array.isArray(residents)) return entry;
    const people: unknown[] = residents;
    return { ...household, residents: people.filter((person) => person !== null) };
  });
  return { ...body, households: closed };
}

/** Lists of what a roster's row keeps: each entry is about one person or door, and their birth date or telephone stands beside a name. */
const rosterLists: ReadonlySet<string> = new Set(['preview', 'questions', 'changes']);

/**
 * What was only kept to be looked at once, of a roster: entries that name the person or carry their number are not there any more, and any other such text
 * is empty. `key`: as `withoutPerson` has it.
 */
export function withoutMentions(value: unknown, traces: Traces, key = ''): unknown {
  if (typeof value === 'string') return mentions(value, traces) ? '' : value;
  if (Array.isArray(value)) {
    const entries: unknown[] = value;
    const isTheirs = (entry: unknown) => rosterLists.has(key) && mentions(JSON.stringify(entry), traces);
    return entries.filter((entry) => !isTheirs(entry)).map((entry) => withoutMentions(entry, traces, key));
  }
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([name, part]) => [name, withoutMentions(part, traces, name)]));
}

export function mentions(text: string, { names, numbers }: Traces): boolean {
  return [...names, ...numbers].some((trace) => text.includes(trace));
}

/** Names, numbers and telephones that a value gives the person where it lists them. */
export function tracesIn(value: unknown, ids: ReadonlySet<string>): Record<'names' | 'numbers' | 'phones', string[]> {
  const found: ReturnType<typeof tracesIn> = { names: [], numbers: [], phones: [] };
  const look = (held: unknown): void => {
    if (Array.isArray(held)) {
      const entries: unknown[] = held;
      for (const entry of entries) look(entry);
    }
    const record = asRecord(held);
    if (!record) return;
    if (isOfPerson(record, { ids })) {
      found.names.push(textOf(record['name']));
      found.numbers.push(textOf(record['idNumber']));
      found.phones.push(textOf(record['phone']));
    }
    for (const part of Object.values(record)) look(part);
  };
  look(value);
  return found;
}

/** Telephones that a record of a dwelling has beside one of these names. */
export function phonesBesideNames(value: unknown, names: ReadonlySet<string>): string[] {
  const record = asRecord(value) ?? {};
  return Object.entries(namedWithPhone)
    .filter(([name]) => names.has(textOf(record[name])))
    .map(([, phone]) => textOf(record[phone]))
    .filter((phone) => phone !== '');
}

function isAbout(text: string, key: string, traces: Traces): boolean {
  if (freeWords.has(key)) return mentions(text, traces);
  if (key in namedWithPhone) return traces.names.has(text);
  if (Object.values(namedWithPhone).includes(key)) return traces.phones.has(text);
  return [...traces.numbers].some((number) => text.includes(number));
}

/** Whether an entry of a list of people is the person, under whichever id. */
function isOfPerson(entry: unknown, { ids }: Pick<Traces, 'ids'>): boolean {
  const record = asRecord(entry);
  return record !== null && (isIn(record['id'], ids) || isIn(record['sameAs'], ids));
}

function isNamed(record: Record<string, unknown>, key: string, { ids, names }: Traces): boolean {
  return isIn(record['residentId'], ids) || (parties.has(key) && names.has(textOf(record['name'])));
}

/** Names and telephones of the person in an object that names them. */
function emptied(record: Record<string, unknown>, key: string, traces: Traces): Record<string, string> {
  const { names } = traces;
  const empty: Record<string, string> = {};
  if (isNamed(record, key, traces)) {
    for (const field of ['name', 'phone']) if (field in record) empty[field] = '';
  }
  if (key === 'consent' && names.has(textOf(record['by']))) empty['by'] = '';
  for (const [name, phone] of Object.entries(namedWithPhone)) {
    if (names.has(textOf(record[name])) && phone in record) empty[phone] = '';
  }
  return empty;
}

const isIn = (value: unknown, among: ReadonlySet<string>): boolean => typeof value === 'string' && among.has(value);
