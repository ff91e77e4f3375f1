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
import { Timestamp } from '../../sync/revision';
import { savedAt } from '../review/revision';
import { isUnsafeText } from '../../forms/text-safety';
import type { Examined } from './examine';
import type { Judged } from './judge';
import { worded } from './words';

export type Submission = Pick<
  Selectable<SubmissionTable>,
  'id' | 'account_id' | 'revision' | 'digest' | 'review' | 'kind' | 'target_id' | 'dwelling_id'
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

/** A revision on its way in: what came, where it stands beside those that came before, and what was found of it. */
export type Incoming = { examined: Examined; place: RevisionTable['place']; judged: Judged };

/** Each becomes a row; what is known of them afterwards comes back in the same order. */
export async function storeRevisions(
  tx: Transaction,
  delivery: Delivery,
  incoming: readonly Incoming[],
): Promise<Revision[]> {
  const stored = incoming.map((one) => revisionRow(delivery, one));
  await tx
    .insertInto('revision')
    .values(stored.map(({ row }) => row))
    .execute();
  return stored.map(({ known }) => known);
}

function revisionRow(
  delivery: Delivery,
  { examined: { entry, digest, pushedDigest, text, raw }, place, judged }: Incoming,
): { row: Insertable<RevisionTable>; known: Revision } {
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
  return { row, known: { ...known, problems } };
}

/**
 * Makes each of these revisions the one that its submission stands for; no two are of one submission. What was decided before stays named by
 * `decision_id` (TWO-4). Answers the submissions by id, and whether a rule accepts them.
 */
export async function storeHeads(
  tx: Transaction,
  delivery: Delivery,
  incoming: readonly Incoming[],
): Promise<Map<string, Submission & { byRule: boolean }>> {
  const rows = incoming.map((one) => headRow(delivery, one)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (rows.length === 0) return new Map();
  const written = await tx
    .insertInto('submission')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['community_id', 'id'])
        .doUpdateSet((set) => Object.fromEntries(renewed.map((column) => [column, set.ref(`excluded.${column}`)])))
        .where('submission.account_id', '=', delivery.accountId),
    )
    .returning('id')
    .execute();
  // Another account's push of one of these ids was faster: looked at once more, this one is the foreign one (REC-7).
  if (written.length < rows.length) throw new ConflictError('submission');
  const byRule = rows.filter((row) => row.by_rule === 1).map(({ id }) => id);
  await storeAttempts(tx, delivery.communityId, byRule, delivery.receivedAt);
  return new Map(rows.map((row) => [row.id, { ...row, byRule: row.by_rule === 1 }]));
}

/** Of a submission's row, what a newer revision of it says anew. */
const renewed = [
  'revision',
  'digest',
  'kind',
  'target_type',
  'target_id',
  'grid_id',
  'building_id',
  'dwelling_id',
  'outcome',
  'changes',
  'by_rule',
  'stale',
  'review',
  'recorded_at',
  'received_at',
] as const satisfies (keyof SubmissionTable)[];

function headRow(delivery: Delivery, { examined: { entry, pushedDigest, raw }, judged }: Incoming) {
  const facts = factsOf(judged, raw);
  const isWhole = judged.problems.length === 0;
  return {
    ...facts,
    community_id: delivery.communityId,
    id: entry.id,
    account_id: delivery.accountId,
    revision: entry.revision,
    digest: pushedDigest,
    by_rule: isWhole ? facts.by_rule : 0,
    review: isWhole ? ('pending' as const) : ('quarantined' as const),
    recorded_at: savedAtOffice(raw, delivery),
    received_at: delivery.receivedAt,
    decision_id: null,
    decided_at: null,
  };
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
    outcome: outcomeOf(body),
    changes,
    by_rule: byRule ? 1 : 0,
    stale: 0,
  } as const;
}

/** For the queue's filters: visit outcome, care outcome or concern category. */
export function outcomeOf(body: Readonly<Record<string, unknown>>): string {
  return shortText(body['outcome']) || shortText(body['category']) || shortText(body['reason']);
}

/** Ids that a stored verification proposes: targets of what comes next from this account (SCO-6), and of what waits for them (QUA-6). */
export async function storeProposals(
  tx: Transaction,
  { communityId, accountId }: Pick<Delivery, 'communityId' | 'accountId'>,
  judged: readonly Judged[],
): Promise<string[]> {
  const rows = judged.flatMap((one) =>
    proposalsOf(one).map((row) => ({ ...row, community_id: communityId, account_id: accountId })),
  );
  if (rows.length === 0) return [];
  await tx
    .insertInto('proposal')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['community_id', 'type', 'id', 'submission_id'])
        .doUpdateSet((set) => ({ grid_id: set.ref('excluded.grid_id'), dwelling_id: set.ref('excluded.dwelling_id') })),
    )
    .execute();
  return rows.map(({ id }) => id);
}

type Proposal = Pick<ProposalTable, 'type' | 'id' | 'submission_id' | 'dwelling_id' | 'grid_id'>;

function proposalsOf({ revision, place, body }: Judged): Proposal[] {
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
  const ids = new Map(proposed.filter(([, id]) => id !== '').map(([type, id]) => [`${type} ${id}`, { type, id }]));
  const where = { submission_id: revision.id, dwelling_id: place.dwellingId, grid_id: place.gridId };
  return [...ids.values()].map((named) => ({ ...named, ...where }));
}

/** A rule accepts these after this commit, and finds them here after a crash (FEED-10). */
export async function storeAttempts(
  tx: Transaction,
  communityId: string,
  submissionIds: readonly string[],
  at: string,
): Promise<void> {
  if (submissionIds.length === 0) return;
  await tx
    .insertInto('afterwork')
    .values(submissionIds.map((id) => ({ community_id: communityId, submission_id: id, kind: 'attempt', at })))
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

/** The device's time in UTC; where it names none of these years, the office's own (the text as pushed stays as it is). */
export function recordedAt(
  raw: Readonly<Record<string, unknown>>,
  { receivedAt }: Pick<Delivery, 'receivedAt'>,
): string {
  const time = Date.parse(textOf(raw['recordedAt']));
  if (!Number.isFinite(time)) return receivedAt;
  const recorded = new Date(time).toISOString();
  return Timestamp.safeParse(recorded).success ? recorded : receivedAt;
}

/** The same as the desk tells and orders it: a wrong clock taken out. */
export function savedAtOffice(
  raw: Readonly<Record<string, unknown>>,
  delivery: Pick<Delivery, 'receivedAt' | 'clockOffset'>,
): string {
  const { receivedAt, clockOffset } = delivery;
  return new Date(savedAt({ recordedAt: recordedAt(raw, delivery), receivedAt, clockOffset })).toISOString();
}

/** What a column may hold of an answer that nobody has checked: a code, or nothing. */
function shortText(value: unknown): string {
  return typeof value === 'string' && value.length <= 40 && !isUnsafeText(value) ? value : '';
}
