/** What a record is about, and whether its author may write about it (SCO-1). An unknown target and a foreign one are told apart by nobody (SCO-6). */
import * as z from 'zod';
import { asRecord, textOf } from '../../domain/json';
import type { SubmissionKind, Target } from '../../sync/protocol';
import { TaskItem } from '../../sync/items';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { carersOf } from '../feeds/bodies/recipient';
import { type DoorRecords, loadDoor, loadRecords, resolveAlias } from '../register/read';
import { feedsOf, type Scope } from '../scope';

/** Where a record stands in the community; `door` is the register's, null where the register lacks it. */
export type Place = {
  gridId: string;
  buildingId: string | null;
  dwellingId: string | null;
  door: DoorRecords | null;
  /** The register lacks the door, and an earlier submission of this account proposed it. */
  proposed: boolean;
};

export type Asked = { kind: SubmissionKind; target: Target; body: Record<string, unknown> };

/** Null where the target is unknown, or foreign. */
export function targetInScope(db: ReadSnapshot, scope: Scope, asked: Asked): Promise<Place | null> {
  if (scope.role !== 'grid-worker' && scope.role !== 'volunteer') return Promise.resolve(null);
  switch (asked.target.type) {
    case 'dwelling':
      return dwellingInScope(db, scope, asked);
    case 'resident':
      return residentInScope(db, scope, asked.target.id);
    case 'grid':
      return Promise.resolve(covers(scope, asked.target.id) ? gridPlace(asked.target.id) : null);
    case 'task':
      return taskInScope(db, scope, asked);
  }
}

/** Grids are the grid workers' scope; a volunteer's is the people in her care. */
function covers({ role, grids }: Scope, gridId: string): boolean {
  return role === 'grid-worker' && grids.includes(gridId);
}

function gridPlace(gridId: string): Place {
  return { gridId, buildingId: null, dwellingId: null, door: null, proposed: false };
}

async function dwellingInScope(db: ReadSnapshot, scope: Scope, { kind, target, body }: Asked): Promise<Place | null> {
  const id = await resolveAlias(db, scope.communityId, 'dwelling', target.id);
  const door = await loadDoor(db, scope.communityId, id);
  if (door) {
    const { gridId, buildingId } = door.dwelling;
    return covers(scope, gridId) ? { gridId, buildingId, dwellingId: id, door, proposed: false } : null;
  }
  const proposal = await proposalOf(db, scope, 'dwelling', target.id);
  const address = kind === 'household-verification' ? asRecord(body['dwelling']) : null;
  // A new door counts to the grid that its body names; once proposed it is known, whatever form speaks of it next.
  const gridId = textOf(address?.['gridId']) || proposal?.grid_id;
  if (gridId === undefined || !covers(scope, gridId)) return null;
  const buildingId = await buildingAt(db, scope.communityId, gridId, address);
  return { gridId, buildingId, dwellingId: target.id, door: null, proposed: proposal !== undefined };
}

async function residentInScope(db: ReadSnapshot, scope: Scope, targetId: string): Promise<Place | null> {
  const { communityId } = scope;
  const id = await resolveAlias(db, communityId, 'resident', targetId);
  const resident = (await loadRecords(db, communityId, 'resident', [id])).get(id);
  if (!resident || resident.retiredAt !== null) {
    const proposal = await proposalOf(db, scope, 'resident', targetId);
    if (!proposal || !covers(scope, proposal.grid_id)) return null;
    return { ...gridPlace(proposal.grid_id), dwellingId: proposal.dwelling_id, proposed: true };
  }
  const dwelling = (await loadRecords(db, communityId, 'dwelling', [resident.dwellingId])).get(resident.dwellingId);
  if (!dwelling) return null;
  const inCare = async () => (await carersOf(db, communityId, id)).includes(scope.id);
  if (!covers(scope, dwelling.gridId) && !(await inCare())) return null;
  const { gridId, buildingId } = dwelling;
  return { gridId, buildingId, dwellingId: dwelling.id, door: null, proposed: false };
}

/** A task is known when one of the account's feeds tells it. */
async function taskInScope(db: ReadSnapshot, scope: Scope, asked: Asked): Promise<Place | null> {
  const row = await db
    .selectFrom('feed_item')
    .select(['feed_id', 'body'])
    .where('community_id', '=', scope.communityId)
    .where('feed_id', 'in', feedsOf(scope))
    .where('type', '=', 'task')
    .where('item_id', '=', asked.target.id)
    .where('gone', '=', 0)
    .executeTakeFirst();
  const task = TaskItem.safeParse(row ? JSON.parse(open(row.body)) : null);
  if (!task.success) return null;
  return targetInScope(db, scope, { ...asked, target: task.data.target });
}

function proposalOf(db: ReadSnapshot, scope: Scope, type: 'dwelling' | 'resident', id: string) {
  return db
    .selectFrom('proposal')
    .select(['grid_id', 'dwelling_id'])
    .where('community_id', '=', scope.communityId)
    .where('type', '=', type)
    .where('id', '=', id)
    .where('account_id', '=', scope.id)
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
