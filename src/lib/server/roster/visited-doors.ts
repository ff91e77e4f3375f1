/** Doors that somebody verified, though the register does not say so yet: their record waits, was sent back, or confirmed no value. */
import type { Reader } from '../register/read';
import type { RosterChange } from './plan-door';

const CHUNK = 500;

/** Holds the grids of such doors, so that a person is asked; an attempt (nobody home) verifies nothing. */
export async function withVisitedAsked(
  db: Reader,
  communityId: string,
  changes: readonly RosterChange[],
): Promise<RosterChange[]> {
  const ids = changes.filter(({ kind, held }) => kind === 'grid' && !held).map(({ id }) => id);
  const visited = new Set<string | null>();
  for (let start = 0; start < ids.length; start += CHUNK) {
    const rows = await db
      .selectFrom('submission')
      .select('dwelling_id')
      .where('community_id', '=', communityId)
      .where('dwelling_id', 'in', ids.slice(start, start + CHUNK))
      .where('kind', '=', 'household-verification')
      .where('by_rule', '=', 0)
      .where('review', '!=', 'voided')
      .execute();
    for (const { dwelling_id } of rows) visited.add(dwelling_id);
  }
  return changes.map((change) =>
    change.kind === 'grid' && visited.has(change.id) ? { ...change, held: true } : change,
  );
}
