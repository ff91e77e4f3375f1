/** Every revision that came in, read once for all checks that look at them: the revisions of some submissions at a time, in the order of their ids. */
import type { Selectable } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { RevisionTable } from '../database/tables';
import { jsonOf } from '../readable';
import { page } from './finding';

const columns = [
  ...(['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest'] as const),
  ...(['text', 'status', 'problems', 'erased_at', 'recorded_at', 'received_at', 'clock_offset'] as const),
];
/** `whole`: the revision as it came in; null where its text cannot be read. */
export type HeldRevision = Pick<Selectable<RevisionTable>, (typeof columns)[number]> & {
  whole: Readonly<Record<string, unknown>> | null;
};

/** All revisions of a submission are in one answer. */
export async function* revisionPages(db: ReadSnapshot, communityId: string): AsyncGenerator<HeldRevision[]> {
  for (let last = ''; ;) {
    const submissions = await db
      .selectFrom('revision')
      .select('submission_id')
      .distinct()
      .where('community_id', '=', communityId)
      .where('submission_id', '>', last)
      .orderBy('submission_id')
      .limit(page)
      .execute();
    const end = submissions.at(-1);
    if (!end) return;
    const rows = await db
      .selectFrom('revision')
      .select(columns)
      .where('community_id', '=', communityId)
      .where('submission_id', '>', last)
      .where('submission_id', '<=', end.submission_id)
      .orderBy('submission_id')
      .orderBy('revision')
      .execute();
    yield rows.map((row) => ({ ...row, whole: asRecord(jsonOf(open(row.text))) }));
    last = end.submission_id;
  }
}
