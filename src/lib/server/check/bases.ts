/** Whether what records were prefilled from is still held (TWO-2): the door as its feed told it, under the version that the record names. */
import { asRecord } from '../../domain/json';
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';
import type { HeldRevision } from './revisions';

type Named = { submission: string; revision: number; door: string; version: number };

export async function checkBases(
  db: ReadSnapshot,
  communityId: string,
  revisions: readonly HeldRevision[],
  found: (finding: Finding) => void,
): Promise<void> {
  const named = revisions.flatMap(basesOf);
  const doors = [...new Set(named.map(({ door }) => door))];
  if (doors.length === 0) return;
  const versions = (table: 'feed_item' | 'feed_past') =>
    db
      .selectFrom(table)
      .select(['item_id', 'version'])
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', doors)
      .execute();
  const held = Map.groupBy([...(await versions('feed_item')), ...(await versions('feed_past'))], (row) => row.item_id);
  for (const { submission, revision, door, version } of named) {
    const known = held.get(door)?.map((row) => row.version) ?? [];
    // What a restored backup lacks is nobody's fault: after it every version is of a later era (RES-4).
    const isPast = known.some((other) => other > version && eraOf(other) === eraOf(version));
    if (isPast && !known.includes(version)) {
      const subject = `revision ${submission}/${revision}`;
      found({
        check: 'past',
        communityId,
        subject,
        what: `version ${version} of dwelling ${door}, its basis, is not held`,
      });
    }
  }
}

function basesOf({ submission_id, revision, status, whole }: HeldRevision): Named[] {
  if (status !== 'stored' || whole?.['kind'] !== 'household-verification') return [];
  return Object.entries(asRecord(whole['basis']) ?? {}).flatMap(([door, version]) =>
    typeof version === 'number' && Number.isSafeInteger(version)
      ? [{ submission: submission_id, revision, door, version }]
      : [],
  );
}

const eraOf = (version: number) => Math.floor(version / 2 ** 32);
