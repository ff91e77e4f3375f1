/** Rows that one submission alone brought to the register, and that the undo of its approval took out again: for that submission they never were. */
import type { StepContext } from './cause';
import type { Reader } from './read';
import type { RegisterRecord } from './records';

/** Ids, of `records`, of those that `submissionId` made and an undo took back. Nothing is read where none of them is retired or ended. */
export async function takenBackFrom(
  db: Reader,
  communityId: string,
  submissionId: string,
  records: readonly RegisterRecord[],
): Promise<Set<string>> {
  const out = records.flatMap((record) => {
    const since = outSince(record);
    return since === null ? [] : [{ id: record.id, since }];
  });
  if (out.length === 0) return new Set();
  const changes = await db
    .selectFrom('register_change')
    .select(['entity_id', 'field', 'source', 'at'])
    .where('community_id', '=', communityId)
    .where('submission_id', '=', submissionId)
    .where(
      'entity_id',
      'in',
      out.map(({ id }) => id),
    )
    .where('field', 'in', ['*', 'retiredAt', 'endedAt'])
    .execute();
  const taken = out.filter(({ id, since }) => {
    const own = changes.filter(({ entity_id }) => entity_id === id);
    // An undo that put back how a row stood before names the time of then, not its own.
    return own.some(({ field }) => field === '*') && own.some(({ source, at }) => source === 'undo' && at === since);
  });
  return new Set(taken.map(({ id }) => id));
}

/** The same of one row, for the submission that changes the register now. */
export async function isTakenBack(
  { tx, communityId, cause }: Pick<StepContext, 'tx' | 'communityId' | 'cause'>,
  record: RegisterRecord,
): Promise<boolean> {
  if (!cause.submissionId) return false;
  return (await takenBackFrom(tx, communityId, cause.submissionId, [record])).has(record.id);
}

/** When it left the register; null while it stands in it. */
function outSince(record: RegisterRecord): string | null {
  switch (record.type) {
    case 'building':
      return null;
    case 'household':
      return record.endedAt;
    case 'dwelling':
    case 'resident':
      return record.retiredAt;
  }
}
