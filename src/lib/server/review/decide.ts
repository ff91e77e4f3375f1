/**
 * Review 审核: the office's word on a submission. A decision is taken once (TWO-3), on the newest revision (TWO-4), in one
 * transaction with what it does to the register, its history, the feeds and the audit. Locks are taken in the order submissions,
 * register rows, feeds.
 */
import type { Selectable } from 'kysely';
import type { World } from '../../domain/world';
import type { Correction, ReviewComment, ReviewState } from '../../sync/items';
import { seal } from '../codec';
import { audit } from '../audit/audit';
import { planAfterVisits } from '../care/plans';
import { whoseVisits } from '../care/visits';
import { placeProposedDoors } from '../coverage/new-buildings';
import { recomputeDoors } from '../coverage/recompute';
import type { Transaction } from '../database/database';
import type { SubmissionTable } from '../database/tables';
import { lockCommunity } from '../database/locks';
import { submissionChanges } from '../feeds/republish';
import type { Office, SignedIn } from '../office';
import { acceptRecord } from '../quarantine/accept';
import { askRecheckOf } from '../quarantine/ask-recheck';
import { changeRow, headOf, revisionRows } from '../quarantine/part';
import { republishTouched } from '../register/republish';
import { approveRecord } from './approve';
import { Refused, problem, type Decision, type DecisionAnswer } from './decision';
import { alsoProposedAs } from './proposed-doors';
import { takenBy } from './taken';
import { undoDecision } from './undo';

export type Submission = Selectable<SubmissionTable>;
/** Who decides: a person, or a rule by its name. */
export type Decider = { communityId: string; id: string; name: string; rule?: string };
/** What a decision did beyond the submission itself. */
export type Touched = { doors: string[]; buildings: string[]; residents: string[] };
export const nothingTouched: Touched = { doors: [], buildings: [], residents: [] };

/** Takes a decision in a transaction of its own; a refusal has changed nothing. */
export async function decide(office: Office, account: SignedIn, decision: Decision): Promise<DecisionAnswer> {
  try {
    return { done: await office.database.write((tx) => decideWithin(tx, office.world, account, decision)) };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

/** As `decide`, inside a transaction or savepoint that the caller takes back when `Refused` is thrown. Answers the decision's id. */
export async function decideWithin(
  tx: Transaction,
  world: World,
  decider: Decider,
  decision: Decision,
): Promise<string> {
  await lockCommunity(tx, decider.communityId);
  const submission = await standing(tx, decider.communityId, decision);
  const at = new Date(world.now()).toISOString();
  const context: DecisionContext = { tx, world, decider, decision, submission, id: world.uuid(), at };
  const alikeBefore = await alsoProposedAs(tx, decider.communityId, submission.id);
  const outcome = await outcomeOf(context);
  await record(context, outcome);
  const { doors, residents } = outcome.touched;
  // Another copy that it stands for from now on may be about something else.
  const about = outcome.head ? [submission, await standsAs(tx, submission)] : [submission];
  const ownDoors = about.flatMap(({ dwelling_id }) => dwelling_id ?? []);
  const allDoors = await recomputeDoors(tx, decider.communityId, [...new Set([...ownDoors, ...doors])]);
  // What was corrected in it may have moved the door that it proposes, to an address of which others propose one, or from there.
  const alike = [...alikeBefore, ...(await alsoProposedAs(tx, decider.communityId, submission.id))];
  await recomputeDoors(tx, decider.communityId, [...new Set(alike)]);
  await placeProposedDoors(tx, decider.communityId, outcome.touched.buildings);
  const visits = about.filter(({ kind }) => kind === 'care-visit');
  const targets = visits.map(({ target_id }) => target_id);
  const visited = await whoseVisits(tx, decider.communityId, targets);
  // Whom it joined or took apart has other visits than before.
  for (const id of new Set([...residents, ...visited])) await planAfterVisits(tx, decider.communityId, id);
  const isVerification = about.some(({ kind }) => kind === 'household-verification');
  const changesDoors = isVerification && outcome.review !== submission.review;
  const told = await submissionChanges(tx, decider.communityId, submission.id);
  const touched = { ...outcome.touched, doors: changesDoors ? allDoors : doors, residents: [...residents, ...visited] };
  if (decision.kind === 'approve') {
    // What was about a door or a person that the register lacked until now.
    await askRecheckOf(tx, decider.communityId, [...new Set([submission.target_id, ...doors, ...residents])], at);
  }
  await republishTouched(tx, decider.communityId, touched, told);
  return context.id;
}

export type DecisionContext = {
  tx: Transaction;
  world: World;
  decider: Decider;
  decision: Decision;
  submission: Submission;
  /** The new decision's id, and when it is taken (RFC 3339, UTC). */
  id: string;
  at: string;
};

/** `corrections`: all of the office's. `head`: what the submission stands for from now on, where that is another revision. */
export type Outcome = {
  review: ReviewState;
  touched: Touched;
  undoes?: string;
  corrections?: Correction[];
  head?: Head;
};
export type Head = { revision: number; digest: string };

async function standing(
  tx: Transaction,
  communityId: string,
  { submissionId, revision, digest, previous, erasedAt }: Decision,
): Promise<Submission> {
  const submission = await tx
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', '=', submissionId)
    .forUpdate()
    .executeTakeFirst();
  if (!submission || revision > submission.revision) throw new Refused({ refused: 'unknown' });
  if (revision !== submission.revision || digest !== submission.digest) {
    throw new Refused({ refused: 'newer-revision', revision: submission.revision, digest: submission.digest });
  }
  if (submission.decision_id !== previous) {
    const taken = await takenBy(tx, communityId, submission.decision_id);
    throw new Refused(taken ? { refused: 'decided', ...taken } : { refused: 'unknown' });
  }
  if (erasedAt !== undefined) {
    const head = headOf(await revisionRows(tx, communityId, submissionId), submission);
    if (head?.erased_at && head.erased_at !== erasedAt) throw new Refused({ refused: 'erased', at: head.erased_at });
  }
  return submission;
}

export const isDecided = (review: ReviewState) => review === 'approved' || review === 'returned' || review === 'voided';

/** The submission's row as it is now. */
function standsAs(tx: Transaction, { community_id, id }: Submission): Promise<Submission> {
  return tx
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', community_id)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** What a record stands as when it may be decided on so. */
export const openTo: Record<Decision['kind'], readonly ReviewState[]> = {
  accept: ['quarantined'],
  approve: ['pending'],
  return: ['pending', 'quarantined'],
  void: ['pending', 'quarantined', 'returned'],
  undo: ['approved', 'returned', 'voided', 'pending', 'quarantined'],
};

async function outcomeOf(context: DecisionContext): Promise<Outcome> {
  const { decision, submission } = context;
  // Which of two revisions counts can be said whatever became of the one that came first.
  if (!decision.choose && !openTo[decision.kind].includes(submission.review)) {
    throw new Refused({ refused: 'not-open', review: submission.review });
  }
  switch (decision.kind) {
    case 'accept':
      return acceptRecord(context);
    case 'approve':
      return { review: 'approved', ...(await approveRecord(context)) };
    case 'return':
      if (wordsOf(decision).length === 0) throw invalid('comment_needed');
      return { review: 'returned', touched: nothingTouched };
    case 'void':
      if (!decision.reason?.trim()) throw invalid('reason_needed');
      return { review: 'voided', touched: nothingTouched };
    case 'undo':
      return undoDecision(context);
  }
}

function invalid(code: string): Refused {
  return new Refused({ refused: 'invalid', problems: [problem(code)] });
}

/** Comments with words in them. */
function wordsOf({ comments = [] }: Decision) {
  return comments.map(({ path, text }) => ({ path, text: text.trim() })).filter(({ text }) => text !== '');
}

async function record(context: DecisionContext, { review, undoes, corrections, head }: Outcome): Promise<void> {
  const { tx, world, decider, decision, submission, id, at } = context;
  const { communityId } = decider;
  // An undo is about what it takes back.
  const about = decision.kind === 'undo' ? submission : (head ?? submission);
  const comments: ReviewComment[] = wordsOf(decision).map((comment) => ({ ...comment, by: decider.name, at }));
  await tx
    .insertInto('decision')
    .values({
      community_id: communityId,
      id,
      submission_id: submission.id,
      revision: about.revision,
      digest: about.digest,
      kind: decision.kind,
      previous_id: submission.decision_id,
      review_before: submission.review,
      comments: seal(JSON.stringify(comments)),
      corrections: seal(JSON.stringify(corrections ?? [])),
      reason: seal(decision.reason?.trim() ?? ''),
      by_account: decider.id,
      by_rule: decider.rule ?? 'person',
      at,
      undone_at: null,
      head_before: head ? JSON.stringify({ revision: submission.revision, digest: submission.digest }) : null,
    })
    .execute();
  await tx
    .updateTable('submission')
    .set({ review, decision_id: id, decided_at: isDecided(review) ? at : null, ...head })
    .where('community_id', '=', communityId)
    .where('id', '=', submission.id)
    .execute();
  if (undoes) {
    await tx
      .updateTable('decision')
      .set({ undone_at: at })
      .where('community_id', '=', communityId)
      .where('id', '=', undoes)
      .execute();
  }
  // Of a damaged copy that stands for the submission, where nothing came whole (QUA-4).
  const rows = await revisionRows(tx, communityId, submission.id);
  const row = headOf(rows, { ...submission, ...head });
  if (row?.place === 'beside') await changeRow(tx, row, { review });
  if (!decider.rule) {
    await audit(tx, world, decider, `review.${decision.kind}`, { type: 'submission', id: submission.id });
  }
}
