/**
 * What a record is about, and whether its author may write about it: by the scope of now (SCO-1) or, where that does not reach it, by the
 * one that held when it was recorded (SCO-2, SCO-4). An unknown target and a foreign one are told apart by nobody (SCO-6).
 */
import * as z from 'zod';
import { asRecord, textOf } from '../../domain/json';
import { Uuid } from '../../domain/register';
import type { SubmissionKind, Target } from '../../sync/protocol';
import { caredFor } from '../care/carers';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { ScopeMark } from '../database/tables';
import { carersOf } from '../feeds/bodies/recipient';
import { type DoorRecords, idsOf, loadRecords } from '../register/read';
import { doorOfResidentAt, gridOfDoorAt } from '../register/stood-at';
import { takenBackFrom } from '../register/taken-back';
import { feedsOf, gridsNowOrThen, type Scope } from '../scope';
import type { GatheredReads } from './reads';

/** Where a record stands in the community; `door` is the register's, null where the register lacks it. */
export type Place = {
  gridId: string;
  buildingId: string | null;
  dwellingId: string | null;
  door: DoorRecords | null;
  /** The register lacks the door, and an earlier submission of this account proposed it. */
  proposed: boolean;
};
/** `mark`: by which exception the target was in scope. */
export type MarkedPlace = Place & { mark: ScopeMark };

export type Asked = {
  submissionId: string;
  kind: SubmissionKind;
  target: Target;
  body: Record<string, unknown>;
  /** When it was recorded, by the office's clock: RFC 3339, UTC, milliseconds. */
  recordedAt: string;
};

/** How far an account reaches: by the scope of now alone, or also by the one that it, and a door, had `then`. */
type Reach = Pick<Scope, 'communityId' | 'id' | 'role' | 'grids'> & { then: string | null };

/** Null where the target is unknown, or foreign. */
export async function targetInScope(reads: GatheredReads, scope: Scope, asked: Asked): Promise<MarkedPlace | null> {
  if (scope.role !== 'grid-worker' && scope.role !== 'volunteer') return null;
  const { closed } = scope;
  const now = closed ? null : await place(reads, { ...scope, then: null }, asked);
  if (now) return { ...now, mark: '' };
  const then = asked.recordedAt;
  if (closed && then >= closed.at) return null;
  const held = await place(reads, { ...scope, grids: await gridsNowOrThen(reads.db, scope, then), then }, asked);
  return held && { ...held, mark: closed?.why ?? 'scope-ended' };
}

function place(reads: GatheredReads, reach: Reach, asked: Asked): Promise<Place | null> {
  switch (asked.target.type) {
    case 'dwelling':
      return dwellingInReach(reads, reach, asked);
    case 'resident':
      return residentInReach(reads, reach, asked.target.id);
    case 'grid':
      return Promise.resolve(covers(reach, asked.target.id) ? gridPlace(asked.target.id) : null);
    case 'task':
      return taskInReach(reads, reach, asked);
  }
}

/** Grids are the grid workers' scope; a volunteer's is the people in her care. */
function covers({ role, grids }: Reach, gridId: string): boolean {
  return role === 'grid-worker' && grids.includes(gridId);
}

async function coversDoor(db: ReadSnapshot, reach: Reach, door: { id: string; gridId: string }): Promise<boolean> {
  if (covers(reach, door.gridId)) return true;
  if (reach.then === null) return false;
  const gridThen = await gridOfDoorAt(db, reach.communityId, door.id, reach.then);
  return gridThen !== null && covers(reach, gridThen);
}

function gridPlace(gridId: string): Place {
  return { gridId, buildingId: null, dwellingId: null, door: null, proposed: false };
}

async function dwellingInReach(
  reads: GatheredReads,
  reach: Reach,
  { submissionId, kind, target, body }: Asked,
): Promise<Place | null> {
  const { db } = reads;
  // A door that was struck off and found again is another one's alias: what was saved at it is judged by the door that its author saw.
  const own = await reads.door(target.id);
  const id = own ? target.id : await reads.alias('dwelling', target.id);
  const held = own ?? (await reads.door(id));
  const never = held && (await takenBackFrom(db, reach.communityId, submissionId, [held.dwelling]));
  const door = never && never.size > 0 ? null : held;
  if (door) {
    const { gridId, buildingId } = door.dwelling;
    const reached = await coversDoor(db, reach, door.dwelling);
    return reached ? { gridId, buildingId, dwellingId: id, door, proposed: false } : null;
  }
  const proposal = await proposalOf(db, reach, 'dwelling', target.id);
  const address = kind === 'household-verification' ? asRecord(body['dwelling']) : null;
  // A new door counts to the grid that its body names; once proposed it is known, whatever form speaks of it next.
  const gridId = textOf(address?.['gridId']) || proposal?.grid_id;
  if (gridId === undefined || !covers(reach, gridId)) return null;
  const buildingId = await buildingAt(db, reach.communityId, gridId, address);
  return { gridId, buildingId, dwellingId: target.id, door: null, proposed: proposal !== undefined };
}

async function residentInReach(reads: GatheredReads, reach: Reach, targetId: string): Promise<Place | null> {
  const { db } = reads;
  const { communityId } = reach;
  const id = await reads.alias('resident', targetId);
  const resident = await reads.resident(id);
  if (!resident || resident.retiredAt !== null) {
    const proposal = await proposalOf(db, reach, 'resident', targetId);
    if (!proposal || !covers(reach, proposal.grid_id)) return null;
    return { ...gridPlace(proposal.grid_id), dwellingId: proposal.dwelling_id, proposed: true };
  }
  const doorThen = reach.then === null ? null : await doorOfResidentAt(db, communityId, id, reach.then);
  const doors = await loadRecords(db, communityId, 'dwelling', [resident.dwellingId, ...(doorThen ? [doorThen] : [])]);
  const dwelling = doors.get(resident.dwellingId);
  if (!dwelling) return null;
  const { gridId, buildingId } = dwelling;
  const here: Place = { gridId, buildingId, dwellingId: dwelling.id, door: null, proposed: false };
  for (const door of doors.values()) if (await coversDoor(db, reach, door)) return here;
  return (await inCare(db, reach, id)) ? here : null;
}

async function inCare(
  db: ReadSnapshot,
  { communityId, id: account, then }: Reach,
  residentId: string,
): Promise<boolean> {
  if ((await carersOf(db, communityId, residentId)).includes(account)) return true;
  if (then === null) return false;
  return caredFor(db, communityId, account, await idsOf(db, communityId, 'resident', residentId), then);
}

/** What a task of this office is about. */
const OwnTask = z.object({ target: z.object({ type: z.enum(['dwelling', 'resident', 'grid']), id: Uuid }) });

/** A task is known when one of the account's feeds tells it. */
async function taskInReach(reads: GatheredReads, reach: Reach, asked: Asked): Promise<Place | null> {
  const row = await reads.db
    .selectFrom('feed_item')
    .select(['feed_id', 'body'])
    .where('community_id', '=', reach.communityId)
    .where('feed_id', 'in', feedsOf(reach))
    .where('type', '=', 'task')
    .where('item_id', '=', asked.target.id)
    .where('gone', '=', 0)
    .executeTakeFirst();
  const task = OwnTask.safeParse(row ? JSON.parse(open(row.body)) : null);
  if (!task.success) return null;
  return place(reads, reach, { ...asked, target: task.data.target });
}

function proposalOf(db: ReadSnapshot, { communityId, id: account }: Reach, type: 'dwelling' | 'resident', id: string) {
  return db
    .selectFrom('proposal')
    .select(['grid_id', 'dwelling_id'])
    .where('community_id', '=', communityId)
    .where('type', '=', type)
    .where('id', '=', id)
    .where('account_id', '=', account)
    .orderBy('submission_id', 'desc')
    .executeTakeFirst();
}

const Address = z.object({ compound: z.string(), building: z.string() });

async function buildingAt(
  db: ReadSnapshot,
  communityId: string,
  gridId: string,
  given: Record<string, unknown> | null,
): Promise<string | null> {
  const address = Address.safeParse(given);
  if (!address.success) return null;
  const row = await db
    .selectFrom('building')
    .select('id')
    .where('community_id', '=', communityId)
    .where('grid_id', '=', gridId)
    .where('compound', '=', address.data.compound)
    .where('building', '=', address.data.building)
    .executeTakeFirst();
  return row?.id ?? null;
}
