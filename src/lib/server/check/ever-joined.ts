/** Ids that are, or were until an undo, one with another (TWO-5): what was recorded on them may stand at the other. */
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { jsonOf } from '../readable';

/** Those that approvals joined, and those of which an approval was taken back that may have joined them. */
export async function everJoined(
  db: ReadSnapshot,
  communityId: string,
  type: 'dwelling' | 'resident',
): Promise<Set<string>> {
  const aliases = await db
    .selectFrom('alias')
    .select('id')
    .where('community_id', '=', communityId)
    .where('type', '=', type)
    .execute();
  const undone = await db
    .selectFrom('decision_effect')
    .innerJoin('decision', (join) =>
      join
        .onRef('decision.community_id', '=', 'decision_effect.community_id')
        .onRef('decision.id', '=', 'decision_effect.decision_id'),
    )
    .select(['decision_effect.entity_id as id', 'decision_effect.before'])
    .where('decision_effect.community_id', '=', communityId)
    .where('decision_effect.entity_type', '=', type)
    .where('decision.undone_at', 'is not', null)
    .execute();
  const taken = undone.filter(({ before }) => type === 'resident' || stoodNowhere(jsonOf(open(before))));
  return new Set([...aliases, ...taken].map(({ id }) => id));
}

/** A door that stands in the register is found under its own id. */
function stoodNowhere(before: unknown): boolean {
  const record = asRecord(before);
  return !record || record['retiredAt'] !== null;
}
