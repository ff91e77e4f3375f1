/** Intake: a push becomes stored revisions and receipts. Every revision is kept, one bad one blocks no other (QUA-1). */
import * as z from 'zod';
import { Problem, type Receipt } from '../../sync/protocol';
import { open } from '../codec';
import { DatabaseUnavailableError, type ReadSnapshot, type Transaction } from '../database/open';
import { lockAccount } from '../database/locks';
import { reach } from '../fault-point';
import { publish } from '../feeds/publish';
import { submissionChange } from '../feeds/republish';
import { askCounting, askTelling } from '../coverage/ask-counting';
import type { Asker, Office } from '../office';
import { askRecheckOf } from '../quarantine/ask-recheck';
import { type Closed, mayHandOver, type Scope, scopeOf, trueDevice } from '../scope';
import { type Examined } from './examine';
import { judge, type Judged, problem } from './judge';
import { type Delivery, type Revision, storeHead, storeProposals, storeRevision, type Submission } from './store';

/** The community has no such account; or its account or phone was closed so long ago that it may not even hand over. Nothing was stored. */
export class NoScopeError extends Error {
  override name = 'NoScopeError';
  constructor(readonly closed: Closed['why'] | null) {
    super('the account has no scope');
  }
}

/** The scope that a push is judged by. Throws a NoScopeError. */
async function scopeOfPush(
  db: ReadSnapshot,
  { communityId, id, session }: Asker,
  device: { id: string },
  now: number,
): Promise<Scope> {
  const scope = await scopeOf(db, communityId, id, { id: device.id, session });
  if (!scope) throw new NoScopeError(null);
  const { closed } = scope;
  if (closed && !mayHandOver(closed, now)) throw new NoScopeError(closed.why);
  return scope;
}

export type TakenIn = { receipts: Receipt[]; afterwork: boolean };

/**
 * Stores what an account pushed, in the order pushed, and tells the account's own feed; answers after the commit is durable (REC-1).
 * `clockOffset`: milliseconds that the device's clock was ahead (TIME-2). Throws a NoScopeError, or a DatabaseUnavailableError.
 */
export function takeIn(
  office: Office,
  account: Asker,
  device: { id: string },
  push: readonly Examined[],
  clockOffset: number,
): Promise<TakenIn> {
  return office.database.writeTogether(async (tx) => {
    reach('push:begun');
    await lockAccount(tx, account.communityId, account.id);
    const now = office.world.now();
    const scope = await scopeOfPush(tx, account, device, now);
    const intake = new Intake(office, tx, scope, {
      communityId: account.communityId,
      accountId: account.id,
      deviceId: trueDevice(scope, device.id),
      receivedAt: new Date(now).toISOString(),
      clockOffset,
    });
    await intake.read(push);
    const receipts: Receipt[] = [];
    for (const examined of push) receipts.push(await intake.take(examined));
    await intake.tell();
    reach('push:told');
    return { receipts, afterwork: intake.afterwork };
  });
}

class Intake {
  afterwork = false;
  readonly #office: Office;
  readonly #tx: Transaction;
  readonly #scope: Scope;
  readonly #delivery: Delivery;
  readonly #submissions = new Map<string, Submission>();
  readonly #revisions = new Map<string, Revision[]>();
  readonly #touched = new Set<string>();
  /** Doors whose records came or went; doors of which phones were told what is open again (TWO-4). */
  readonly #counted = new Set<string>();
  readonly #reopened = new Set<string>();

  constructor(office: Office, tx: Transaction, scope: Scope, delivery: Delivery) {
    this.#office = office;
    this.#tx = tx;
    this.#scope = scope;
    this.#delivery = delivery;
  }

  /** What the office knows of these submissions, read once for the whole push. */
  async read(push: readonly Examined[]): Promise<void> {
    const ids = [...new Set(push.map(({ entry }) => entry.id))];
    const submissions = await this.#tx
      .selectFrom('submission')
      .select(['id', 'account_id', 'revision', 'digest', 'review', 'dwelling_id'])
      .where('community_id', '=', this.#scope.communityId)
      .where('id', 'in', ids)
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of submissions) this.#submissions.set(row.id, row);
    const revisions = await this.#tx
      .selectFrom('revision')
      .select(['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest', 'status', 'place', 'problems'])
      .where('community_id', '=', this.#scope.communityId)
      .where('submission_id', 'in', ids)
      .where('account_id', '=', this.#scope.id)
      .execute();
    for (const row of revisions) {
      this.#remember({ ...row, problems: z.array(Problem).parse(JSON.parse(open(row.problems))) });
    }
  }

  async take(examined: Examined): Promise<Receipt> {
    const before = this.#of(examined).find(
      (row) =>
        row.revision === examined.entry.revision &&
        row.digest === examined.digest &&
        row.pushed_digest === examined.pushedDigest,
    );
    return receiptOf(examined, before ?? (await this.#store(examined)));
  }

  /** Own feed only (FEED-10), last in the transaction; what it means for doors comes afterwards. */
  async tell(): Promise<void> {
    const { communityId, id } = this.#scope;
    const { receivedAt } = this.#delivery;
    await askCounting(this.#tx, communityId, [...this.#counted], receivedAt);
    await askTelling(this.#tx, communityId, [...this.#reopened], receivedAt);
    await publish(
      this.#tx,
      communityId,
      [...this.#touched].map((submission) => submissionChange(this.#tx, communityId, submission, id)),
    );
  }

  async #store(examined: Examined): Promise<Revision> {
    const { database } = this.#office;
    const stored = await database
      .attempt(this.#tx, () => this.#judgeAndStore(examined))
      .catch((error: unknown) => {
        if (error instanceof DatabaseUnavailableError) throw error;
        // Our own fault, not the worker's: kept whole, and the rest of the push goes on (QUA-7).
        return database.attempt(this.#tx, () => this.#storeAside(examined));
      });
    this.#remember(stored.revision);
    if (stored.head) this.#submissions.set(stored.head.id, stored.head);
    this.afterwork ||= stored.afterwork;
    this.#touched.add(examined.entry.id);
    reach('push:revision-stored');
    return stored.revision;
  }

  async #judgeAndStore(examined: Examined): Promise<Stored> {
    const place = this.#placeOf(examined);
    const judged = place.problem
      ? unjudged([place.problem])
      : await judge(this.#tx, this.#scope, examined, this.#delivery);
    return this.#write(examined, place.is, judged);
  }

  #storeAside(examined: Examined): Promise<Stored> {
    return this.#write(examined, this.#placeOf(examined).is, unjudged([problem('internal', [])]));
  }

  /** First come, first placed: nothing that came is overwritten or taken for another (REC-3, REC-7, QUA-4). */
  #placeOf({ entry, digest, pushedDigest }: Examined): { is: Revision['place']; problem?: Problem } {
    const submission = this.#submissions.get(entry.id);
    if (submission && submission.account_id !== this.#scope.id) {
      return { is: 'foreign', problem: problem('author', ['id']) };
    }
    if (digest !== pushedDigest) return { is: 'beside', problem: problem('digest', ['digest']) };
    const taken = this.#revisions
      .get(entry.id)
      ?.some((row) => row.revision === entry.revision && row.place === 'first');
    return taken ? { is: 'beside', problem: problem('duplicate_revision', ['revision']) } : { is: 'first' };
  }

  async #write(examined: Examined, place: Revision['place'], judged: Judged): Promise<Stored> {
    const revision = await storeRevision(this.#tx, this.#delivery, examined, place, judged);
    const { status } = revision;
    const proposed = status === 'stored' ? await storeProposals(this.#tx, this.#delivery, judged) : [];
    const { communityId, receivedAt } = this.#delivery;
    const awaited = await askRecheckOf(this.#tx, communityId, proposed, receivedAt);
    if (!this.#leads(examined, place)) return { revision, head: null, afterwork: awaited };
    const before = this.#submissions.get(examined.entry.id);
    const { submission, afterwork } = await storeHead(this.#tx, this.#delivery, examined, status, judged);
    const door = judged.revision?.kind === 'household-verification' ? judged.place?.dwellingId : null;
    // Where an attempt is accepted by rule, that counts its door.
    const doors = [before?.dwelling_id, afterwork ? null : door].filter((id) => typeof id === 'string');
    for (const id of doors) this.#counted.add(id);
    if (before?.review === 'approved' && before.dwelling_id !== null) this.#reopened.add(before.dwelling_id);
    return { revision, head: submission, afterwork: afterwork || awaited || doors.length > 0 };
  }

  /** A submission stands for its newest revision in place; one that has none in place yet, for the newest beside it (REC-6). */
  #leads({ entry }: Examined, place: Revision['place']): boolean {
    if (place === 'foreign') return false;
    const head = this.#submissions.get(entry.id);
    if (!head) return true;
    const isPlaced = this.#revisions
      .get(entry.id)
      ?.some((row) => row.place === 'first' && row.revision === head.revision && row.pushed_digest === head.digest);
    if (place === 'first') return !isPlaced || entry.revision > head.revision;
    return !isPlaced && entry.revision > head.revision;
  }

  #of({ entry }: Examined): readonly Revision[] {
    return this.#revisions.get(entry.id) ?? [];
  }

  #remember(row: Revision): void {
    const rows = this.#revisions.get(row.submission_id);
    if (rows) rows.push(row);
    else this.#revisions.set(row.submission_id, [row]);
  }
}

type Stored = { revision: Revision; head: Submission | null; afterwork: boolean };

function unjudged(problems: Problem[]): Judged {
  return { problems, revision: null, place: null, body: {} };
}

/** Names the revision as it was pushed (REC-4), and says what was said the first time (REC-2). */
function receiptOf({ entry }: Examined, { status, problems }: Revision): Receipt {
  return {
    id: entry.id,
    revision: entry.revision,
    digest: entry.digest,
    status,
    ...(problems.length > 0 && { problems }),
  };
}
