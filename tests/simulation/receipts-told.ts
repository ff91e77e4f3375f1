/** What receipts said, by the answers that reached phones: at rest, and before a backup is put back, the office's rows say the same (REC-2, REC-4). */
import type { ReadSnapshot } from '../../src/lib/server/database/open';

export type Receipt = { digest: string; status: string; problems: number };

export class ReceiptsTold {
  /** By the epoch in which they were given. */
  #told = new Map<string, Receipt[]>();

  add(epoch: string, receipt: Receipt): void {
    this.#told.set(epoch, [...(this.#told.get(epoch) ?? []), receipt]);
  }

  /** What is wrong with the receipts of the epoch that this database is in, in words. */
  async compare(db: ReadSnapshot, communityId: string): Promise<string[]> {
    const { epoch } = await db
      .selectFrom('community')
      .select('epoch')
      .where('community_id', '=', communityId)
      .executeTakeFirstOrThrow();
    const rows = await db
      .selectFrom('revision')
      .select(['submission_id', 'revision', 'pushed_digest', 'status'])
      .where('community_id', '=', communityId)
      .execute();
    const held = new Map(rows.map((row) => [row.pushed_digest, row]));
    return (this.#told.get(epoch) ?? []).flatMap(({ digest, status, problems }) => {
      const row = held.get(digest);
      if (!row) return [`[REC-1] a receipt was given for ${digest}, which the office does not have`];
      const name = `${row.submission_id}/${row.revision}`;
      if (row.status !== status) return [`[REC-4] a receipt said "${status}" of ${name}, which is ${row.status}`];
      return (problems === 0) === (status === 'stored')
        ? []
        : [`[REC-4] a receipt said "${status}" of ${name}, beside ${problems} problems`];
    });
  }
}
