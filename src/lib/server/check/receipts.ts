/** Whether every receipt can be given again as it was: the text is there, and is what its digest was made of. */
import type { Selectable } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { RevisionTable } from '../database/tables';
import { digestOf } from '../intake/examine';
import { page, type Finding } from './finding';

const key = ['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest'] as const;
type Key = Pick<Selectable<RevisionTable>, (typeof key)[number]>;

/** Answers how many revisions were looked at. What was erased (REC-11) is not compared. */
export async function checkReceipts(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  let rows = await revisionsAfter(db, communityId, null);
  while (rows.length > 0) {
    for (const row of rows) {
      if (row.erased_at !== null) continue;
      const subject = `revision ${row.submission_id}/${row.revision}`;
      const revision = readText(open(row.text));
      if (!revision) found({ check: 'receipts', communityId, subject, what: 'its text cannot be read' });
      else if (digestOf(revision) !== row.digest) {
        found({ check: 'receipts', communityId, subject, what: 'its text is not what its digest was made of' });
      }
      if ((row.status === 'stored') !== (open(row.problems) === '[]'))
        found({
          check: 'receipts',
          communityId,
          subject,
          what: `its receipt says ${row.status}, its problems otherwise`,
        });
    }
    looked += rows.length;
    rows = rows.length < page ? [] : await revisionsAfter(db, communityId, rows.at(-1) ?? null);
  }
  return looked;
}

function revisionsAfter(db: ReadSnapshot, communityId: string, last: Key | null) {
  let query = db
    .selectFrom('revision')
    .select([...key, 'text', 'status', 'problems', 'erased_at'])
    .where('community_id', '=', communityId)
    .orderBy('submission_id')
    .orderBy('revision')
    .orderBy('account_id')
    .orderBy('digest')
    .orderBy('pushed_digest')
    .limit(page);
  if (last) {
    const { submission_id, revision, account_id, digest, pushed_digest } = last;
    query = query.where((is) =>
      is(is.refTuple(...key), '>', is.tuple(submission_id, revision, account_id, digest, pushed_digest)),
    );
  }
  return query.execute();
}

function readText(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return null;
  }
}
