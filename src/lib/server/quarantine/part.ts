/** Which revision is meant, where a submission's id is not enough: one beside it, or another account's (REC-3, REC-7, QUA-4). */
import { createHash } from 'node:crypto';
import type { Selectable, Updateable } from 'kysely';
import type { Transaction } from '../database/database';
import type { RevisionTable } from '../database/tables';
import type { Reader } from '../register/read';

export type RevisionRow = Selectable<RevisionTable>;

/** Names one row of `revision` among those of its submission, in 22 letters; says nothing of what stands in it. */
export function partKey(row: Pick<RevisionRow, 'revision' | 'account_id' | 'digest' | 'pushed_digest'>): string {
  const key = JSON.stringify([row.revision, row.account_id, row.digest, row.pushed_digest]);
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}

/** All revisions of a submission, whoever pushed them, the newest first. */
export async function revisionRows(db: Reader, communityId: string, submissionId: string): Promise<RevisionRow[]> {
  return db
    .selectFrom('revision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', '=', submissionId)
    .orderBy('revision', 'desc')
    .orderBy('received_at', 'desc')
    .execute();
}

/** Changes this row alone, whichever of its submission it is. */
export async function changeRow(
  tx: Transaction,
  row: Pick<RevisionRow, 'community_id' | 'submission_id' | 'revision' | 'account_id' | 'digest' | 'pushed_digest'>,
  change: Updateable<RevisionTable>,
): Promise<void> {
  await tx
    .updateTable('revision')
    .set(change)
    .where('community_id', '=', row.community_id)
    .where('submission_id', '=', row.submission_id)
    .where('revision', '=', row.revision)
    .where('account_id', '=', row.account_id)
    .where('digest', '=', row.digest)
    .where('pushed_digest', '=', row.pushed_digest)
    .execute();
}

/** The row that a submission stands for. */
export function headOf(
  rows: readonly RevisionRow[],
  submission: { account_id: string; revision: number; digest: string },
): RevisionRow | null {
  return (
    rows.find(
      (row) =>
        row.account_id === submission.account_id &&
        row.revision === submission.revision &&
        row.pushed_digest === submission.digest,
    ) ?? null
  );
}
