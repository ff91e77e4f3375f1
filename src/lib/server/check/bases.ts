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
      .select(['feed_id', 'item_id', 'version'])
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', doors)
      .execute();
  const held = Map.groupBy([...(await versions('feed_item')), ...(await versions('feed_past'))], (row) => row.item_id);
  const missing = named.flatMap((one) => {
    const known = held.get(one.door) ?? [];
    // What a restored backup lacks is nobody's fault: after it every version is of a later era (RES-4).
    const isPast = known.some(({ version }) => version > one.version && eraOf(version) === eraOf(one.version));
    const isHeld = known.some(({ version }) => version === one.version);
    return isPast && !isHeld ? [{ ...one, feeds: known.map(({ feed_id }) => feed_id) }] : [];
  });
  const others = await ofOthers(db, communityId, missing);
  for (const { submission, revision, door, version, feeds } of missing) {
    // No door was ever told under it: the phone named what never was, and is answered as TWO-2 has it.
    if (feeds.some((feed) => others.has(`${feed} ${version}`))) continue;
    const subject = `revision ${submission}/${revision}`;
    found({
      check: 'past',
      communityId,
      subject,
      what: `version ${version} of dwelling ${door}, its basis, is not held`,
    });
  }
}

/** Versions of these feeds that stand for something else, as `feed version`. */
async function ofOthers(
  db: ReadSnapshot,
  communityId: string,
  missing: readonly { version: number; feeds: string[] }[],
): Promise<Set<string>> {
  if (missing.length === 0) return new Set();
  const feeds = [...new Set(missing.flatMap((one) => one.feeds))];
  const versions = [...new Set(missing.map(({ version }) => version))];
  const rows = (table: 'feed_item' | 'feed_past') =>
    db
      .selectFrom(table)
      .select(['feed_id', 'version'])
      .where('community_id', '=', communityId)
      .where('feed_id', 'in', feeds)
      .where('version', 'in', versions)
      .execute();
  const taken = [...(await rows('feed_item')), ...(await rows('feed_past'))];
  return new Set(taken.map(({ feed_id, version }) => `${feed_id} ${version}`));
}

function basesOf({ submission_id, revision, status, whole }: HeldRevision): Named[] {
  if (status !== 'stored' || whole?.['kind'] !== 'household-verification') return [];
  return Object.entries(asRecord(whole['basis']) ?? {}).flatMap(([door, version]) =>
    typeof version === 'number' && Number.isSafeInteger(version) && version > 0
      ? [{ submission: submission_id, revision, door, version }]
      : [],
  );
}

const eraOf = (version: number) => Math.floor(version / 2 ** 32);
