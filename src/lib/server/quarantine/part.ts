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

type Copy = Pick<RevisionRow, 'revision' | 'account_id' | 'digest' | 'pushed_digest' | 'place' | 'received_at'>;

/**
 * The row that a submission stands for. Damaged copies may stand under the digest that it was pushed with (QUA-4): meant is the one that holds the place,
 * else the whole one, else the one that came first.
 */
export function headOf<Row extends Copy>(
  rows: readonly Row[],
  submission: { account_id: string; revision: number; digest: string },
): Row | null {
  const copies = rows.filter(
    (row) =>
      row.account_id === submission.account_id &&
      row.revision === submission.revision &&
      row.pushed_digest === submission.digest,
  );
  return copies.sort((one, other) => compareCopies(one, other))[0] ?? null;
}

/** Whether another row is meant by the digest that this one was pushed with: a damaged copy of it, which nothing can stand for. */
export function isCopy<Row extends Copy>(rows: readonly Row[], row: Row): boolean {
  return headOf(rows, { ...row, digest: row.pushed_digest }) !== row;
}

function compareCopies(one: Copy, other: Copy): number {
  const rank = (row: Copy) => (row.place === 'first' ? 0 : row.digest === row.pushed_digest ? 1 : 2);
  const key = (row: Copy) => `${row.received_at} ${row.digest}`;
  return rank(one) - rank(other) || (key(one) < key(other) ? -1 : 1);
}
