/** What waits in quarantine for a person: submissions whose newest revision is not in order, and revisions beside or foreign that nobody decided on. */
import { sql } from 'kysely';
import { open } from '../codec';
import type { Reader } from '../register/read';
import { problemsNow } from '../review/revision';
import { headOf, partKey, revisionRows } from './part';

/** `part` is null for what a submission stands for. */
export type CaseKey = { submissionId: string; part: string | null };
export type CaseLine = CaseKey & {
  /** `record`: a submission itself; `beside`: next to the first of its number; `foreign`: pushed by another account than the submission's. */
  source: 'record' | 'beside' | 'foreign';
  accountId: string;
  /** Of the first problem; '' where none is told. */
  code: string;
  receivedAt: string;
  /** Canonical JSON of the revision. */
  text: string;
};

/** Oldest first. `page` from 1. */
export async function quarantineCases(
  db: Reader,
  communityId: string,
  { page, limit }: { page: number; limit: number },
): Promise<CaseLine[]> {
  const heads = db
    .selectFrom('submission')
    .select(['id', 'account_id', 'revision', 'digest as pushed_digest', 'received_at'])
    .select(sql<string>`''`.as('digest'))
    .where('community_id', '=', communityId)
    .where('review', '=', 'quarantined');
  const rows = await heads
    .unionAll(
      asides(db, communityId).select(['id', 'account_id', 'revision', 'pushed_digest', 'received_at', 'digest']),
    )
    .orderBy('received_at')
    .orderBy('id')
    .orderBy('digest')
    .limit(limit)
    .offset(limit * (page - 1))
    .execute();
  const lines: CaseLine[] = [];
  for (const row of rows) {
    const all = await revisionRows(db, communityId, row.id);
    const found =
      row.digest === ''
        ? headOf(all, { ...row, digest: row.pushed_digest })
        : all.find((one) => one.digest === row.digest && partKey(one) === partKey(row));
    if (!found) continue;
    lines.push({
      submissionId: row.id,
      part: row.digest === '' ? null : partKey(found),
      source: row.digest === '' ? 'record' : found.place === 'foreign' ? 'foreign' : 'beside',
      accountId: found.account_id,
      code: problemsNow(found)[0]?.code ?? '',
      receivedAt: found.received_at,
      text: open(found.text),
    });
  }
  return lines;
}

export async function countCases(db: Reader, communityId: string): Promise<number> {
  const heads = await db
    .selectFrom('submission')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('community_id', '=', communityId)
    .where('review', '=', 'quarantined')
    .executeTakeFirst();
  const beside = await asides(db, communityId)
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirst();
  return Number(heads?.n ?? 0) + Number(beside?.n ?? 0);
}

/** Whether another row than `revision` is meant by its digest, as `headOf` says. */
const isOtherMeant = sql<boolean>`exists (
  select 1 from revision as other
  where other.community_id = revision.community_id and other.submission_id = revision.submission_id
    and other.account_id = revision.account_id and other.revision = revision.revision
    and other.pushed_digest = revision.pushed_digest and other.digest <> revision.digest
    and (other.place = 'first' or other.digest = other.pushed_digest
      or (revision.digest <> revision.pushed_digest
        and (other.received_at, other.digest) < (revision.received_at, revision.digest))))`;

/** The conditions on place and review are those of the index `revision_waiting_aside`, word for word. */
function asides(db: Reader, communityId: string) {
  return db.selectFrom((eb) =>
    eb
      .selectFrom('revision')
      .select(['submission_id as id', 'account_id', 'revision', 'pushed_digest', 'received_at', 'digest'])
      .where('revision.community_id', '=', communityId)
      .where(sql<boolean>`place <> 'first' and review = 'quarantined'`)
      .where((one) =>
        one.not(
          one.exists(
            one
              .selectFrom('submission')
              .select('submission.id')
              .whereRef('submission.community_id', '=', 'revision.community_id')
              .whereRef('submission.id', '=', 'revision.submission_id')
              .whereRef('submission.account_id', '=', 'revision.account_id')
              .whereRef('submission.revision', '=', 'revision.revision')
              .whereRef('submission.digest', '=', 'revision.pushed_digest')
              .where((two) => two.not(isOtherMeant)),
          ),
        ),
      )
      .as('aside'),
  );
}
