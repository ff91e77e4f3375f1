/** Where doors stand in the rounds (`door-states.ts`), written down whenever one of their records, or the register, changes. */
import type { Insertable } from 'kysely';
import { isAttempt } from '../../domain/outcomes';
import type { Transaction } from '../database/database';
import type { DoorStateTable } from '../database/tables';
import { lockDoors } from '../database/locks';
import { endedAt, withPast } from '../register/find-door';
import { resolveAlias, type DoorRecords } from '../register/read';
import { reviewedDoor } from '../review/door';
import { stalenessOf, weigh, type Staleness } from '../review/weigh';
import { WeighingReads } from '../review/weighing-reads';
import { statesOf } from './door-states';
import type { DoorRecord } from './records-of-door';
import { allRounds, type RoundOfGrids } from './rounds-of';

/**
 * Works out one door, which is held, in each of `rounds`, those of its community; answers the id that counts for it.
 */
async function recomputeDoor(
  tx: Transaction,
  communityId: string,
  dwellingId: string,
  rounds: readonly RoundOfGrids[],
): Promise<string> {
  const id = await resolveAlias(tx, communityId, 'dwelling', dwellingId);
  const { records, held, states, left } = await statesOf(tx, communityId, id, rounds);
  await markPending(tx, communityId, records, held);
  if (!states) {
    await forget(tx, communityId, id);
    return id;
  }
  if (dwellingId !== id) await forget(tx, communityId, dwellingId);
  for (const roundId of left) await forget(tx, communityId, id, roundId);
  for (const state of states) await write(tx, state);
  return id;
}

/**
 * Works out doors, which it holds from then on (`lockDoors`); answers the ids that count for them. To be called in the transaction that changed a
 * record or the register, or in the one that does what such a one asked for (`askCounting`).
 */
export async function recomputeDoors(
  tx: Transaction,
  communityId: string,
  dwellingIds: readonly string[],
): Promise<string[]> {
  if (dwellingIds.length === 0) return [];
  await lockDoors(tx, communityId, dwellingIds);
  const ids: string[] = [];
  const rounds = await allRounds(tx, communityId);
  for (const id of dwellingIds) ids.push(await recomputeDoor(tx, communityId, id, rounds));
  return [...new Set(ids)];
}

/** The queue's mark of records whose basis is not the register's any more. */
async function markPending(
  tx: Transaction,
  communityId: string,
  records: readonly DoorRecord[],
  held: DoorRecords | null,
): Promise<void> {
  // An attempt that says nothing of the register is never behind it.
  const pending = records.filter(
    ({ review, outcome, changes }) => review === 'pending' && !(isAttempt(outcome) && changes === 0),
  );
  if (pending.length === 0) return;
  const reads = new WeighingReads(tx, communityId);
  const ended = held ? await endedAt(tx, communityId, held.dwelling.id) : [];
  const weighedAnew = async (record: DoorRecord): Promise<{ record: DoorRecord; now: Staleness }> => {
    const { submissionId, stale, revision } = record;
    const isNamed = held?.dwelling.id === revision.target.id;
    const known = held && isNamed ? await withPast(tx, communityId, held, ended, submissionId) : null;
    const about = { submissionId, dwellingId: revision.target.id, body: revision.body };
    const door = known ? { ...known, twin: false, former: null } : await reviewedDoor(tx, communityId, about);
    const weighed = await weigh(reads, revision, door);
    return { record, now: 'wrongPath' in weighed ? stale : stalenessOf(weighed) };
  };
  const all = pending.map(weighedAnew);
  // None is left asking when another one failed: its transaction ends without it.
  await Promise.allSettled(all);
  for (const { record, now } of await Promise.all(all)) {
    if (now === record.stale) continue;
    await tx
      .updateTable('submission')
      .set({ stale: now })
      .where('community_id', '=', communityId)
      .where('id', '=', record.submissionId)
      .execute();
  }
}

/** In one round, or in all of them. */
async function forget(tx: Transaction, communityId: string, dwellingId: string, roundId?: string): Promise<void> {
  const rows = tx
    .deleteFrom('door_state')
    .where('community_id', '=', communityId)
    .where('dwelling_id', '=', dwellingId);
  await (roundId === undefined ? rows : rows.where('round_id', '=', roundId)).execute();
}

async function write(tx: Transaction, row: Insertable<DoorStateTable>): Promise<void> {
  const { community_id: _community, round_id: _round, dwelling_id: _dwelling, ...changed } = row;
  await tx
    .insertInto('door_state')
    .values(row)
    .onConflict((conflict) => conflict.columns(['community_id', 'round_id', 'dwelling_id']).doUpdateSet(changed))
    .execute();
}
