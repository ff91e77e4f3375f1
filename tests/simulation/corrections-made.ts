/** What coordinators typed over in records that they approved, written down outside of the office: each approval that stands says just that. */
import * as z from 'zod';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import { Correction } from '../../src/lib/sync/items';
import { canonical } from './ledger';
import { saysLess } from './erasures';

export class CorrectionsMade {
  /** By submission: all that was ever asked for, whether or not an answer came. */
  readonly #typed = new Map<string, string[]>();
  /** By decision, where the desk heard that it was taken. */
  readonly #taken = new Map<string, string>();

  /** Somebody approves a record with these; the returned function is told the decision that came of it. */
  typing(submissionId: string, corrections: readonly Correction[]): (decisionId: string) => void {
    const text = canonical(corrections);
    this.#typed.set(submissionId, [...(this.#typed.get(submissionId) ?? []), text]);
    return (decisionId) => void this.#taken.set(decisionId, text);
  }

  /** What is wrong with what approvals by people say was corrected, in words. `mayBeEmptied`: somebody was erased. */
  async compare(db: ReadSnapshot, communityId: string, mayBeEmptied: boolean): Promise<string[]> {
    const rows = await db
      .selectFrom('decision')
      .select(['id', 'submission_id', 'corrections'])
      .where('community_id', '=', communityId)
      .where('kind', '=', 'approve')
      .where('by_rule', '=', 'person')
      .execute();
    return rows.flatMap(({ id, submission_id, corrections }) => {
      const taken = this.#taken.get(id);
      const asked = taken === undefined ? (this.#typed.get(submission_id) ?? []) : [taken];
      const isSo = (text: string) =>
        text === canonical(JSON.parse(corrections)) || (mayBeEmptied && isLeftOf(corrections, text));
      return asked.some(isSo)
        ? []
        : [`[TWO-3] the approval ${id} says that something else was corrected: ${corrections}`];
    });
  }
}

/** Whether what an approval says is what was typed, with something taken out of it. */
function isLeftOf(left: string, typed: string): boolean {
  const [some, all] = [left, typed].map((text) => z.array(Correction).parse(JSON.parse(text)));
  return (some ?? []).every(({ path, value }) =>
    (all ?? []).some((one) => canonical(one.path) === canonical(path) && saysLess(value ?? null, one.value ?? null)),
  );
}
