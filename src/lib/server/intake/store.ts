/** What a revision leaves in the office's tables: itself, where its submission stands, what it proposes, what is to be done afterwards. */
import type { Insertable, Selectable } from 'kysely';
import { differences, countChanges } from '../../domain/differences';
import { isFilled, recordsOf, textOf } from '../../domain/json';
import { isAttempt } from '../../domain/outcomes';
import type { Problem } from '../../sync/protocol';
import { seal } from '../codec';
import { ConflictError, type Transaction } from '../database/open';
import type { ProposalTable, RevisionTable, SubmissionTable } from '../database/tables';
import { wholeOf } from '../register/read';
import { isUnsafeText } from '../../forms/text-safety';
import type { Examined } from './examine';
import type { Judged } from './judge';
import { worded } from './words';

export type Submission = Pick<
  Selectable<SubmissionTable>,
  'id' | 'account_id' | 'revision' | 'digest' | 'review' | 'dwelling_id'
>;
export type Revision = Pick<
  Selectable<RevisionTable>,
  'submission_id' | 'revision' | 'account_id' | 'digest' | 'pushed_digest' | 'status' | 'place'
> & { problems: Problem[] };

/** From whom, through which device, and when: the same for all revisions of a request. */
export type Delivery = {
  communityId: string;
  accountId: string;
  deviceId: string;
  /** RFC 3339 UTC, the office's clock. */
  receivedAt: string;
  /** Milliseconds that the device's clock was ahead (TIME-2). */
  clockOffset: number;
};

export async function storeRevision(
  tx: Transaction,
  delivery: Delivery,
  { entry, digest, pushedDigest, text, raw }: Examined,
  place: RevisionTable['place'],
  judged: Judged,
): Promise<Revision> {
  const problems = worded(judged.problems);
  const status = problems.length > 0 ? 'quarantined' : 'stored';
  const known = {
    submission_id: entry.id,
    revision: entry.revision,
    account_id: delivery.accountId,
    digest,
    pushed_digest: pushedDigest,
    status,
    place,
  } as const;
  const row: Insertable<RevisionTable> = {
    ...known,
    community_id: delivery.communityId,
    device_id: delivery.deviceId,
    problems: seal(JSON.stringify(problems)),
    review: status === 'stored' ? 'pending' : 'quarantined',
    text: seal(text),
    recorded_at: recordedAt(raw, delivery),
    received_at: delivery.receivedAt,
    clock_offset: delivery.clockOffset,
    mark: judged.place?.mark ?? '',
    erased_at: null,
  };
  await tx.insertInto('revision').values(row).execute();
  return { ...known, problems };
}

/** Makes this revision the one that its submission stands for. What was decided before stays named by `decision_id` (TWO-4). */
export async function storeHead(
  tx: Transaction,
  delivery: Delivery,
  { entry, pushedDigest, raw }: Examined,
  status: Revision['status'],
  judged: Judged,
): Promise<{ submission: Submission; afterwork: boolean }> {
  const head = { revision: entry.revision, digest: pushedDigest };
  const facts = factsOf(judged, raw);
  const row = {
    ...head,
    ...facts,
    by_rule: status === 'stored' ? facts.by_rule : 0,
    review: status === 'stored' ? 'pending' : 'quarantined',
    recorded_at: recordedAt(raw, delivery),
    received_at: delivery.receivedAt,
  } as const;
  const written = await tx
    .insertInto('submission')
    .values({
      ...row,
      community_id: delivery.communityId,
      id: entry.id,
      account_id: delivery.accountId,
      decision_id: null,
      decided_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'id']).doUpdateSet(row).where('submission.account_id', '=', delivery.accountId),
    )
    .returning('id')
    .executeTakeFirst();
  // Another account's push of this id was faster: looked at once more, this one is the foreign one (REC-7).
  if (!written) throw new ConflictError('submission');
  const byRule = row.by_rule === 1;
  if (byRule) await storeAttempt(tx, delivery.communityId, entry.id, delivery.receivedAt);
  const { review, dwelling_id } = row;
  const submission = { ...head, id: entry.id, account_id: delivery.accountId, review, dwelling_id };
  return { submission, afterwork: byRule };
}

/** What a submission's row says of the revision that it stands for. `by_rule`: what holds once the revision is in order. */
export function factsOf({ revision, place, body, brought }: Judged, raw: Readonly<Record<string, unknown>>) {
  const outcome = shortText(body['outcome']);
  const changes = revision && place ? changesOf(revision.kind, place, body, brought) : 0;
  // An attempt says only that somebody was there. With something about the door beside it, a person looks.
  const byRule = revision?.kind === 'household-verification' && isAttempt(outcome) && changes === 0;
  return {
    kind: revision?.kind ?? shortText(raw['kind']),
    target_type: revision?.target.type ?? '',
    target_id: revision?.target.id ?? '',
    grid_id: place?.gridId ?? null,
    building_id: place?.buildingId ?? null,
    dwelling_id: place?.dwellingId ?? null,
    outcome: outcome || shortText(body['category']) || shortText(body['reason']),
    changes,
    by_rule: byRule ? 1 : 0,
    stale: 0,
  } as const;
}

/** Ids that a stored verification proposes: targets of what comes next from this account (SCO-6), and of what waits for them (QUA-6). */
export async function storeProposals(
  tx: Transaction,
  delivery: Pick<Delivery, 'communityId' | 'accountId'>,
  { revision, place, body }: Judged,
): Promise<string[]> {
  if (revision?.kind !== 'household-verification' || !place || place.dwellingId === null) return [];
  const proposed: [ProposalTable['type'], string][] = place.door ? [] : [['dwelling', revision.target.id]];
  for (const { record: household } of recordsOf(body['households'])) {
    const id = textOf(household['id']);
    if (!place.door?.households.some((held) => held.id === id)) proposed.push(['household', id]);
    for (const { record: resident } of recordsOf(household['residents'])) {
      const isNew = ['moved-in', 'born'].includes(textOf(resident['change']));
      if (isNew || isFilled(resident['sameAs'])) proposed.push(['resident', textOf(resident['id'])]);
    }
  }
  const rows = new Map(proposed.filter(([, id]) => id !== '').map(([type, id]) => [`${type} ${id}`, { type, id }]));
  if (rows.size === 0) return [];
  const { gridId, dwellingId } = place;
  await tx
    .insertInto('proposal')
    .values(
      [...rows.values()].map((row) => ({
        ...row,
        community_id: delivery.communityId,
        submission_id: revision.id,
        account_id: delivery.accountId,
        dwelling_id: dwellingId,
        grid_id: gridId,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['community_id', 'type', 'id', 'submission_id'])
        .doUpdateSet((set) => ({ grid_id: set.ref('excluded.grid_id'), dwelling_id: set.ref('excluded.dwelling_id') })),
    )
    .execute();
  return [...rows.values()].map(({ id }) => id);
}

/** A rule accepts it after this commit, and finds it here after a crash (FEED-10). */
export async function storeAttempt(
  tx: Transaction,
  communityId: string,
  submissionId: string,
  at: string,
): Promise<void> {
  await tx
    .insertInto('afterwork')
    .values({ community_id: communityId, submission_id: submissionId, kind: 'attempt', at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** How many values differ from the register as it is now; 0 is *all as registered*. */
function changesOf(
  kind: string,
  { door }: NonNullable<Judged['place']>,
  body: Record<string, unknown>,
  brought: Judged['brought'],
): number {
  if (kind !== 'household-verification') return 0;
  return countChanges(differences(door ? wholeOf(door) : null, body, brought));
}

/** The device's time in UTC; where it names none, the office's own (the text as pushed stays as it is). */
function recordedAt(raw: Readonly<Record<string, unknown>>, { receivedAt }: Delivery): string {
  const time = Date.parse(textOf(raw['recordedAt']));
  return Number.isFinite(time) ? new Date(time).toISOString() : receivedAt;
}

/** What a column may hold of an answer that nobody has checked: a code, or nothing. */
function shortText(value: unknown): string {
  return typeof value === 'string' && value.length <= 40 && !isUnsafeText(value) ? value : '';
}
