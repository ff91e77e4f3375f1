/** What the office has of the submissions in a push: it says whether a revision came before, where it stands, and whether it leads. */
import * as z from 'zod';
import { Problem } from '../../sync/protocol';
import { open } from '../codec';
import type { Transaction } from '../database/open';
import type { Asker } from '../office';
import type { Examined } from './examine';
import { problem } from './judge';
import type { Revision, Submission } from './store';

export class KnownRecords {
  readonly #accountId: string;
  readonly #submissions: Map<string, Submission>;
  readonly #revisions = new Map<string, Revision[]>();

  private constructor(accountId: string, submissions: readonly Submission[], revisions: readonly Revision[]) {
    this.#accountId = accountId;
    this.#submissions = new Map(submissions.map((row) => [row.id, row]));
    this.keep(revisions, []);
  }

  /** Read once for the whole push; the submissions are held until it commits. */
  static async read(
    tx: Transaction,
    { communityId, id: accountId }: Asker,
    push: readonly Examined[],
  ): Promise<KnownRecords> {
    const ids = [...new Set(push.map(({ entry }) => entry.id))];
    const submissions = await tx
      .selectFrom('submission')
      .select(['id', 'account_id', 'revision', 'digest', 'review', 'kind', 'target_id', 'dwelling_id'])
      .where('community_id', '=', communityId)
      .where('id', 'in', ids)
      .orderBy('id')
      .forUpdate()
      .execute();
    const rows = await tx
      .selectFrom('revision')
      .select(['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest', 'status', 'place', 'problems'])
      .where('community_id', '=', communityId)
      .where('submission_id', 'in', ids)
      .where('account_id', '=', accountId)
      .execute();
    const revisions = rows.map((row) => ({ ...row, problems: z.array(Problem).parse(JSON.parse(open(row.problems))) }));
    return new KnownRecords(accountId, submissions, revisions);
  }

  /** Where the submission stands; undefined where nothing of it is here. */
  head(submissionId: string): Submission | undefined {
    return this.#submissions.get(submissionId);
  }

  /** What was stored when this very revision came before (REC-2). */
  storedAs({ entry, digest, pushedDigest }: Examined): Revision | undefined {
    return this.#of(entry.id).find(
      (row) => row.revision === entry.revision && row.digest === digest && row.pushed_digest === pushedDigest,
    );
  }

  /** First come, first placed: nothing that came is overwritten or taken for another (REC-3, REC-7, QUA-4). */
  placeOf({ entry, digest, pushedDigest }: Examined): { is: Revision['place']; fault?: Problem } {
    const submission = this.#submissions.get(entry.id);
    if (submission && submission.account_id !== this.#accountId) {
      return { is: 'foreign', fault: problem('author', ['id']) };
    }
    if (digest !== pushedDigest) return { is: 'beside', fault: problem('digest', ['digest']) };
    const taken = this.#of(entry.id).some((row) => row.revision === entry.revision && row.place === 'first');
    return taken ? { is: 'beside', fault: problem('duplicate_revision', ['revision']) } : { is: 'first' };
  }

  /** A submission stands for its newest revision in place; one that has none in place yet, for the newest beside it (REC-6). */
  leads({ entry }: Examined, place: Revision['place']): boolean {
    if (place === 'foreign') return false;
    const head = this.#submissions.get(entry.id);
    if (!head) return true;
    const isPlaced = this.#of(entry.id).some(
      (row) => row.place === 'first' && row.revision === head.revision && row.pushed_digest === head.digest,
    );
    if (place === 'first') return !isPlaced || entry.revision > head.revision;
    return !isPlaced && entry.revision > head.revision;
  }

  /** What was stored since, and what submissions stand for now. */
  keep(revisions: readonly Revision[], heads: readonly Submission[]): void {
    for (const row of revisions) {
      const rows = this.#revisions.get(row.submission_id);
      if (rows) rows.push(row);
      else this.#revisions.set(row.submission_id, [row]);
    }
    for (const head of heads) this.#submissions.set(head.id, head);
  }

  #of(submissionId: string): readonly Revision[] {
    return this.#revisions.get(submissionId) ?? [];
  }
}
