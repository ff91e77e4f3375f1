/** Whether the columns of a record and of its revisions say what stands in the revisions themselves: whose it is, what it is about, when it was. */
import type { Selectable } from 'kysely';
import { asRecord, textOf } from '../../domain/json';
import type { ReadSnapshot } from '../database/open';
import type { SubmissionTable } from '../database/tables';
import { outcomeOf, recordedAt, savedAtOffice } from '../intake/store';
import type { Finding } from './finding';
import type { HeldRevision } from './revisions';

const columns = [
  ...(['id', 'account_id', 'revision', 'digest', 'kind', 'target_type', 'target_id'] as const),
  ...(['outcome', 'recorded_at', 'received_at'] as const),
];
type Submission = Pick<Selectable<SubmissionTable>, (typeof columns)[number]>;
type Whole = HeldRevision & { whole: NonNullable<HeldRevision['whole']> };

/** `revisions`: all those of some submissions. */
export async function checkHeads(
  db: ReadSnapshot,
  communityId: string,
  revisions: readonly HeldRevision[],
  found: (finding: Finding) => void,
): Promise<void> {
  const say = (subject: string, what: string) => found({ check: 'submissions', communityId, subject, what });
  const readable = revisions.filter((row): row is Whole => row.whole !== null);
  for (const row of readable)
    for (const what of faultsOf(row)) say(`revision ${row.submission_id}/${row.revision}`, what);
  const bySubmission = Map.groupBy(readable, ({ submission_id }) => submission_id);
  if (bySubmission.size === 0) return;
  const submissions = await db
    .selectFrom('submission')
    .select(columns)
    .where('community_id', '=', communityId)
    .where('id', 'in', [...bySubmission.keys()])
    .execute();
  for (const submission of submissions) {
    const own = (bySubmission.get(submission.id) ?? []).filter(
      ({ account_id }) => account_id === submission.account_id,
    );
    const heads = own.filter(
      ({ revision, pushed_digest }) => revision === submission.revision && pushed_digest === submission.digest,
    );
    // Under one digest a damaged one and a whole one may stand (QUA-4): either may be meant.
    const faults = heads.map((head) => otherwise(submission, head));
    if (!faults.some(({ length }) => length === 0))
      for (const what of faults[0] ?? []) say(`submission ${submission.id}`, what);
    if (heads.length > 0 && !own.some((row) => isTimeOf(submission, row)))
      say(`submission ${submission.id}`, 'was recorded or came in when none of its revisions did');
  }
}

/** What is in quarantine may say anything of itself. */
function faultsOf({ submission_id, revision, digest, pushed_digest, status, whole, ...row }: Whole): string[] {
  const faults: string[] = [];
  if (row.recorded_at !== recordedAt(whole, { receivedAt: row.received_at }))
    faults.push('was not recorded when it says');
  if (status !== 'stored') return faults;
  if (whole['id'] !== submission_id || whole['revision'] !== revision) faults.push('is another than it says');
  if (digest !== pushed_digest) faults.push('is stored under a digest that is not its own');
  return faults;
}

function otherwise(submission: Submission, { status, erased_at, whole }: Whole): string[] {
  const target = asRecord(whole['target']);
  const isWhole = status === 'stored';
  const isSo = (column: string, said: unknown) => column === textOf(said) || (!isWhole && column === '');
  const faults: string[] = [];
  if (!isSo(submission.kind, whole['kind'])) faults.push('its kind is not what its revision says');
  if (!isSo(submission.target_type, target?.['type']) || !isSo(submission.target_id, target?.['id']))
    faults.push('is not about what its revision says');
  // In quarantine a coordinator may have mended it; of who was erased nothing is left.
  if (isWhole && erased_at === null && submission.outcome !== outcomeOf(asRecord(whole['body']) ?? {}))
    faults.push('its outcome is not what its revision says');
  return faults;
}

function isTimeOf(submission: Submission, { whole, received_at, clock_offset }: Whole): boolean {
  const delivery = { receivedAt: received_at, clockOffset: clock_offset };
  return submission.received_at === received_at && submission.recorded_at === savedAtOffice(whole, delivery);
}
