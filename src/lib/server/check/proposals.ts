/** Whether who and what stored records bring to the register is known under the ids that their phones gave it (SCO-6), and nothing else is. */
import { asRecord, isFilled, recordsOf, textOf } from '../../domain/json';
import type { ReadSnapshot } from '../database/open';
import { everJoined } from './ever-joined';
import type { Finding } from './finding';
import type { HeldRevision } from './revisions';

/** Answers how many proposals were looked at. `revisions`: all those of some submissions. */
export async function checkProposals(
  db: ReadSnapshot,
  communityId: string,
  revisions: readonly HeldRevision[],
  found: (finding: Finding) => void,
): Promise<number> {
  const bySubmission = Map.groupBy(revisions, ({ submission_id }) => submission_id);
  const rows = await db
    .selectFrom('proposal')
    .select(['type', 'id', 'submission_id', 'dwelling_id'])
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', [...bySubmission.keys()])
    .execute();
  const proposed = Map.groupBy(rows, ({ submission_id }) => submission_id);
  const doors = await knownDoors(db, communityId, revisions);
  const joined = await everJoined(db, communityId, 'dwelling');
  for (const [submission, own] of bySubmission) {
    const say = (what: string) => found({ check: 'proposals', communityId, subject: `submission ${submission}`, what });
    const held = proposed.get(submission) ?? [];
    const lacking = own
      .flatMap((row) => broughtBy(row, doors))
      .filter(({ type, id }) => !held.some((one) => one.type === type && one.id === id));
    for (const key of new Set(lacking.map(({ type, id }) => `${type} ${id}`)))
      say(`${key}, which it brings, is not known`);
    if (own.some(({ erased_at, whole }) => erased_at !== null || !whole)) continue;
    const named = own.flatMap(({ whole }) => (whole ? [targetOf(whole)] : []));
    const isOther = named.some((id) => joined.has(id));
    for (const { type, id, dwelling_id } of held) {
      if (!own.some(({ text }) => text.includes(id))) say(`${type} ${id} is known from a revision that is not there`);
      else if (!isOther && !named.includes(dwelling_id))
        say(`${type} ${id} is known at a door that no revision is about`);
    }
  }
  return rows.length;
}

type Brought = { type: 'dwelling' | 'resident'; id: string };

/** What a stored verification brings whatever the register held when it came: newcomers, people who are somebody else, a door that is not in the register. */
function broughtBy({ status, erased_at, whole }: HeldRevision, doors: ReadonlySet<string>): Brought[] {
  if (status !== 'stored' || erased_at !== null || whole?.['kind'] !== 'household-verification') return [];
  const target = targetOf(whole);
  const door: Brought[] = target === '' || doors.has(target) ? [] : [{ type: 'dwelling', id: target }];
  const people = recordsOf(asRecord(whole['body'])?.['households']).flatMap(({ record }) =>
    recordsOf(record['residents']),
  );
  const newcomers = people
    .filter(({ record }) => ['moved-in', 'born'].includes(textOf(record['change'])) || isFilled(record['sameAs']))
    .map(({ record }): Brought => ({ type: 'resident', id: textOf(record['id']) }));
  return [...door, ...newcomers.filter(({ id }) => id !== '')];
}

function targetOf(whole: Readonly<Record<string, unknown>>): string {
  return textOf(asRecord(whole['target'])?.['id']);
}

/** Of the doors that these are about, those that are in the register, under this id or as another. */
async function knownDoors(
  db: ReadSnapshot,
  communityId: string,
  revisions: readonly HeldRevision[],
): Promise<Set<string>> {
  // What is in quarantine may name anything, also what no database takes.
  const stored = revisions.filter(({ status }) => status === 'stored');
  const ids = [...new Set(stored.flatMap(({ whole }) => (whole ? targetOf(whole) : [])))];
  if (ids.length === 0) return new Set();
  const held = await db
    .selectFrom('dwelling')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .execute();
  const aliases = await db
    .selectFrom('alias')
    .select('id')
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('id', 'in', ids)
    .execute();
  return new Set([...held, ...aliases].map(({ id }) => id));
}
