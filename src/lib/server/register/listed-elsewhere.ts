/** Where else somebody is listed who is to be erased (REC-11): records of doors that the register does not know as theirs. */
import { asRecord, textOf } from '../../domain/json';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import { jsonOf } from '../readable';
import { loadRecords, type Reader } from './read';
import type { Traces } from './without-person';

export type Listed = {
  /** Records that speak of one of their ids or identity numbers. */
  submissions: readonly string[];
  /** Those of them that are about this person alone; of a record in quarantine its columns may not say so. */
  about: readonly string[];
  /** Ids that such records propose for them; the register has nobody of that id. */
  residents: readonly string[];
  /** Whether one of them has one of their ids where a person stands: an id of a door or a household stands in records too. */
  asPerson: boolean;
};

/** Under which names a record says who somebody is. */
const whoIs = ['sameAs', 'headId', 'residentId'] as const;

const page = 200;

/**
 * Reads the text of every revision, as nothing else finds a number in one: seconds in a large office, so not while anything is locked. Nobody is found
 * by a name alone, as others may have the same.
 */
export async function listedElsewhere(
  db: Reader,
  communityId: string,
  { ids, own }: Pick<Traces, 'ids' | 'own'>,
): Promise<Listed> {
  const submissions = new Set<string>();
  const about = new Set<string>();
  const proposed = new Set<string>();
  let asPerson = false;
  const traces = [...ids, ...own];
  const look = (held: unknown, under = ''): void => {
    if (Array.isArray(held)) {
      const entries: unknown[] = held;
      return entries.forEach((entry) => look(entry, under));
    }
    const record = asRecord(held);
    if (!record) return;
    const id = textOf(record['id']);
    const isThem = own.has(textOf(record['idNumber'])) || ids.has(textOf(record['sameAs']));
    if (isThem && id !== '') proposed.add(id);
    if (whoIs.some((name) => ids.has(textOf(record[name]))) || (under === 'residents' && ids.has(id))) asPerson = true;
    for (const [name, part] of Object.entries(record)) look(part, name);
  };
  const pages = inPages<{ id: string }>(page, (last) =>
    db
      .selectFrom('submission')
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const part of pages) {
    const rows = await db
      .selectFrom('revision')
      .select(['submission_id', 'text'])
      .where('community_id', '=', communityId)
      .where('submission_id', '>=', part[0]?.id ?? '')
      .where('submission_id', '<=', part.at(-1)?.id ?? '')
      .execute();
    for (const { submission_id, text } of rows) {
      const whole = open(text);
      if (!traces.some((trace) => whole.includes(trace))) continue;
      const record = jsonOf(whole);
      const target = asRecord(asRecord(record)?.['target']);
      if (target?.['type'] === 'resident' && ids.has(textOf(target['id']))) about.add(submission_id);
      submissions.add(submission_id);
      look(record);
    }
  }
  const others = await loadRecords(db, communityId, 'resident', [...proposed]);
  return {
    submissions: [...submissions].sort(),
    about: [...about].sort(),
    residents: [...proposed].filter((id) => !others.has(id)).sort(),
    asPerson: asPerson || about.size > 0,
  };
}
