/**
 * Checking again what waits in quarantine for a cause that may be gone (QUA-6): each record in a transaction of its own, found again after a crash.
 * What is in order now becomes `pending` by itself; whose faults are others now says these; the receipts of before stay (REC-2).
 */
import type { Selectable } from 'kysely';
import { asRecord } from '../../domain/json';
import { DatabaseUnavailableError, type Transaction } from '../database/database';
import type { Problem } from '../../sync/protocol';
import type { AfterworkTable } from '../database/tables';
import { lockCommunity, lockSubmissions } from '../database/locks';
import { open, seal } from '../codec';
import { publish } from '../feeds/publish';
import { submissionChangesFor } from '../feeds/republish';
import { worded } from '../intake/words';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { decideWithin } from '../review/decide';
import { Refused } from '../review/decision';
import { problemsNow } from '../review/revision';
import { askRecheckOfAll, recheckKinds } from './ask-recheck';
import { changeRow, headOf, revisionRows, type RevisionRow } from './part';
import { isPassing } from './passing';

type Work = Selectable<AfterworkTable>;

const atOnce = 100;

export function isRecheck({ kind }: Pick<Work, 'kind'>): boolean {
  return recheckKinds.some((one) => one === kind);
}

/** Does one piece of `afterwork` and ends it; asked anew in the meantime, it stays. */
export async function recheckWork(office: Office, work: Work): Promise<void> {
  const { community_id: communityId, submission_id: subject, kind, at } = work;
  if (kind === 'recheck') await recheck(office, communityId, subject);
  else await recheckAll(office, communityId, kind === 'recheck-account' ? subject : null);
  await office.database.write((tx) =>
    tx
      .deleteFrom('afterwork')
      .where('community_id', '=', communityId)
      .where('submission_id', '=', subject)
      .where('kind', '=', kind)
      .where('at', '=', at)
      .execute(),
  );
}

/** For every day, and every start: asks for a look at all that waits, in each community where something does. */
export async function askDailyRecheck(office: Office): Promise<void> {
  await office.database.write(async (tx) => {
    const communities = await tx
      .selectFrom('submission')
      .select('community_id')
      .distinct()
      .where('review', '=', 'quarantined')
      .execute();
    const at = new Date(office.world.now()).toISOString();
    for (const { community_id } of communities) await askRecheckOfAll(tx, community_id, at);
  });
}

async function recheckAll(office: Office, communityId: string, accountId: string | null): Promise<void> {
  for (let last = ''; ;) {
    const rows = await office.database.read((db) =>
      db
        .selectFrom('submission')
        .select('id')
        .where('community_id', '=', communityId)
        .where('review', '=', 'quarantined')
        .$if(accountId !== null, (query) => query.where('account_id', '=', accountId ?? ''))
        .where('id', '>', last)
        .orderBy('id')
        .limit(atOnce)
        .execute(),
    );
    for (const { id } of rows) await recheck(office, communityId, id);
    last = rows.at(-1)?.id ?? '';
    if (rows.length < atOnce) return;
  }
}

/** Checks one record again. Answers what became of it: `pending`, still `quarantined`, or null where nothing waits there. */
export async function recheck(
  office: Office,
  communityId: string,
  submissionId: string,
): Promise<'pending' | 'quarantined' | null> {
  return office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    await lockSubmissions(tx, communityId, [submissionId]);
    const submission = await tx
      .selectFrom('submission')
      .selectAll()
      .where('community_id', '=', communityId)
      .where('id', '=', submissionId)
      .where('review', '=', 'quarantined')
      .forUpdate()
      .executeTakeFirst();
    const head = submission && headOf(await revisionRows(tx, communityId, submissionId), submission);
    if (!head) return null;
    const before = problemsNow(head);
    // Beside a first one, or damaged: only a person can say what counts.
    if (head.place !== 'first' || !mayPass(before, head)) return 'quarantined';
    const rule = { communityId, id: '', name: '', rule: 'recheck' };
    const { revision, digest, decision_id: previous } = submission;
    const decision = { submissionId, revision, digest, previous, kind: 'accept' } as const;
    try {
      await office.database.attempt(tx, () => decideWithin(tx, office.world, rule, decision));
      return 'pending';
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      await note(tx, head, before, problemsOf(error));
      return 'quarantined';
    }
  });
}

/** Where nothing is wrong any more, all that was has gone with somebody who was erased; of a record about them alone nothing is left to take in. */
function mayPass(problems: readonly Problem[], { text }: Pick<RevisionRow, 'text'>): boolean {
  if (problems.length > 0) return problems.some(isPassing);
  return Object.keys(asRecord(asRecord(JSON.parse(open(text)))?.['body']) ?? {}).length > 0;
}

function problemsOf(error: unknown): Problem[] {
  if (error instanceof Refused && error.answer && 'problems' in error.answer) return worded(error.answer.problems);
  log({ event: 'recheck', ...plainError(error) });
  return worded([{ path: [], code: 'internal', message: '' }]);
}

/** Says what is wrong now, where that is something else: to the desk, and to the author. */
async function note(tx: Transaction, row: RevisionRow, before: Problem[], now: Problem[]): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(now)) return;
  const { community_id, submission_id, account_id } = row;
  await changeRow(tx, row, { checked: seal(JSON.stringify(now)) });
  await publish(tx, community_id, submissionChangesFor(tx, community_id, [submission_id], account_id));
}
