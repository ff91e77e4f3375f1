/** One case of quarantine, opened: what came, what is wrong with it, beside what it stands, and which ways out are open. Numbers are masked. */
import { asRecord, textOf } from '../../domain/json';
import type { FormDefinition } from '../../forms/definition';
import { Target, type Problem } from '../../sync/protocol';
import { open } from '../codec';
import { masked } from '../feeds/bodies/mask';
import { formOf } from '../forms/known-forms';
import type { Reader } from '../register/read';
import { problemsNow } from '../review/revision';
import type { CaseKey, CaseLine } from './cases';
import { headOf, isCopy, partKey, revisionRows, type RevisionRow } from './part';
import { isPassing } from './passing';

/** A revision to be read beside another. */
export type Side = {
  revision: number;
  receivedAt: string;
  review: string;
  /** Its answers; null where they cannot be read. */
  body: Record<string, unknown> | null;
};

export type QuarantineCase = CaseKey &
  Pick<CaseLine, 'source'> & {
    accountId: string;
    ownerId: string;
    kind: string;
    revision: number;
    digest: string;
    /** What the next decision on it has to name (TWO-3). */
    previous: string | null;
    /** What the submission stands for: `accept` with `choose` names this. */
    head: { revision: number; digest: string; previous: string | null };
    review: string;
    recordedAt: string | null;
    receivedAt: string;
    /** When somebody was last erased from it (REC-11); null where nobody was. */
    erasedAt: string | null;
    problems: Problem[];
    /** Null where the office does not know the form. */
    definition: FormDefinition | null;
    this: Side;
    /** What stands beside it; null for a submission itself. */
    other: Side | null;
    /** Everything that was sent, for reading; and as it came, for whoever can read that. */
    raw: Record<string, unknown>;
    text: string;
    can: { accept: boolean; again: boolean; choose: boolean; sendBack: boolean; keep: boolean };
  };

/** A text longer than this helps nobody on a screen. */
const longestText = 20_000;

/** Null where there is no such case, or the revision is not one that waits or waited. */
export async function openCase(
  db: Reader,
  communityId: string,
  { submissionId, part }: CaseKey,
): Promise<QuarantineCase | null> {
  const submission = await db
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', '=', submissionId)
    .executeTakeFirst();
  const rows = await revisionRows(db, communityId, submissionId);
  const head = submission && headOf(rows, submission);
  if (!head) return null;
  const row = part === null ? head : rows.find((one) => partKey(one) === part);
  if (!row || (part !== null && (row === head || row.place === 'first'))) return null;
  const raw = asRecord(JSON.parse(open(row.text))) ?? {};
  const form = asRecord(raw['form']);
  const definition = await formOf(db, communityId, {
    id: textOf(form?.['id']),
    version: typeof form?.['version'] === 'number' ? form['version'] : 0,
  });
  const source = part === null ? 'record' : row.place === 'foreign' ? 'foreign' : 'beside';
  const review = part === null ? submission.review : row.review;
  const waits = review === 'quarantined';
  const problems = problemsNow(row);
  const isReadable = definition !== null && Target.safeParse(raw['target']).success && asRecord(raw['body']) !== null;
  const hidden = asRecord(masked(raw)) ?? {};
  return {
    submissionId,
    part,
    source,
    accountId: row.account_id,
    ownerId: submission.account_id,
    kind: typeof raw['kind'] === 'string' ? raw['kind'].slice(0, 40) : '',
    revision: row.revision,
    digest: row.pushed_digest,
    previous: part === null ? submission.decision_id : row.decision_id,
    head: { revision: submission.revision, digest: submission.digest, previous: submission.decision_id },
    review,
    recordedAt: typeof raw['recordedAt'] === 'string' && Date.parse(raw['recordedAt']) ? raw['recordedAt'] : null,
    receivedAt: row.received_at,
    erasedAt: row.erased_at,
    problems,
    definition,
    this: sideOf(row, row.review),
    other: part === null ? null : sideOf(otherOf(rows, row, head), submission.review),
    raw: hidden,
    text: JSON.stringify(hidden, null, 2).slice(0, longestText),
    can: {
      accept: waits && source === 'record' && isReadable,
      again: waits && row.place === 'first' && problems.some(isPassing),
      choose: waits && source === 'beside' && isReadable && row.revision >= submission.revision && !isCopy(rows, row),
      sendBack: waits && source === 'record',
      keep: waits,
    },
  };
}

/** The first of the same number where there is one, else what the submission stands for. */
function otherOf(rows: readonly RevisionRow[], row: RevisionRow, head: RevisionRow): RevisionRow {
  return rows.find((one) => one.place === 'first' && one.revision === row.revision) ?? head;
}

function sideOf(row: RevisionRow, review: string): Side {
  const body = asRecord(asRecord(JSON.parse(open(row.text)))?.['body']);
  return { revision: row.revision, receivedAt: row.received_at, review, body: asRecord(masked(body)) };
}
