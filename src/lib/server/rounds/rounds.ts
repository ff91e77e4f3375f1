/** Rounds: a time in which every door of some grids is to be verified. Starting one is long work, done in pieces and found again after a crash. */
import * as z from 'zod';
import { dayOf } from '../../domain/calendar';
import { isCode, type Code } from '../../domain/codes/codes';
import { audit } from '../audit/audit';
import { proposedDoors } from '../coverage/proposed-doors';
import { recomputeDoors } from '../coverage/recompute';
import { allRounds, type RoundOfGrids } from '../coverage/rounds-of';
import type { Transaction } from '../database/database';
import { lockCommunity } from '../database/locks';
import { publish } from '../feeds/publish';
import { gridItem, republishDoors } from '../feeds/republish';
import type { Office, SignedIn } from '../office';
import { eachReadable, logLeftOut } from '../readable';
import type { Reader } from '../register/read';

export type NewRound = {
  /** Of the press that asks for it; left out: a new one. */
  id?: string;
  name: string;
  kind: string;
  closesOn: string;
  startsOn?: string;
  gridIds: string[];
};
export type RoundTold = {
  id: string;
  name: string;
  kind: Code<'round-kind'>;
  startsOn: string;
  closesOn: string;
  gridIds: string[];
  startedAt: string;
  closedAt: string | null;
  /** Doors of its grids are still being taken in. */
  starting: boolean;
};
/** `before`: the very same press started it already. */
export type RoundRefusal = {
  refused: 'name' | 'running' | 'kind' | 'closes-on' | 'grids' | 'unknown' | 'closed' | 'before';
};

/** Doors a transaction: well under 200 ms. */
const piece = 100;

/** Starts a round in these grids; answers its id when every door of them that can be read stands in it and phones are told. Days are the community's. */
export async function startRound(
  office: Office,
  account: SignedIn,
  { id = office.world.uuid(), name, kind, closesOn, startsOn, gridIds }: NewRound,
): Promise<{ id: string } | RoundRefusal> {
  const today = dayOf(office.world.now());
  const starts = startsOn ?? today;
  if (name.trim() === '' || [...name].length > 60) return { refused: 'name' };
  if (!isCode('round-kind', kind)) return { refused: 'kind' };
  if (!z.iso.date().safeParse(closesOn).success || closesOn < starts) return { refused: 'closes-on' };
  const grids = [...new Set(gridIds)].sort();
  const refusal = await office.database.write(async (tx): Promise<RoundRefusal | null> => {
    await lockCommunity(tx, account.communityId);
    if (await findRound(tx, account.communityId, id)) return { refused: 'before' };
    if (!(await areGrids(tx, account.communityId, grids))) return { refused: 'grids' };
    if (await isRunning(tx, account.communityId, name.trim(), grids)) return { refused: 'running' };
    const at = new Date(office.world.now()).toISOString();
    await tx
      .insertInto('round')
      .values({
        community_id: account.communityId,
        id,
        name: name.trim(),
        kind,
        starts_on: starts,
        closes_on: closesOn,
        grid_ids: JSON.stringify(grids),
        started_at: at,
        closed_at: null,
      })
      .execute();
    await tx
      .insertInto('afterwork')
      .values({ community_id: account.communityId, submission_id: id, kind: 'round', at })
      .execute();
    await audit(tx, office.world, account, 'rounds.start', { type: 'round', id });
    return null;
  });
  if (refusal) return refusal;
  await resumeRound(office, account.communityId, id);
  return { id };
}

/**
 * Takes the doors that a starting round lacks into it, piece by piece; a round that has them all is left as it is. A door of which something cannot be
 * read is left out, and the log says which: it keeps no other from being counted.
 */
export async function resumeRound(office: Office, communityId: string, roundId: string): Promise<void> {
  const round = await office.database.read((db) => findRound(db, communityId, roundId));
  for (const gridId of round?.gridIds ?? []) {
    await office.database.write(async (tx) => {
      await lockCommunity(tx, communityId);
      await publish(tx, communityId, await gridItem(tx, communityId, gridId));
    });
    await tellDoors(office, communityId, gridId);
  }
  await countProposed(office, communityId);
  await office.database.write((tx) =>
    tx
      .deleteFrom('afterwork')
      .where('community_id', '=', communityId)
      .where('submission_id', '=', roundId)
      .where('kind', '=', 'round')
      .execute(),
  );
}

/** Closes a round: records seen later count in it no more, ones that come in later but were seen before still do. */
export async function closeRound(
  office: Office,
  account: SignedIn,
  roundId: string,
): Promise<{ closed: string } | RoundRefusal> {
  const { communityId } = account;
  const at = new Date(office.world.now()).toISOString();
  const answer = await office.database.write(async (tx): Promise<RoundOfGrids | RoundRefusal> => {
    await lockCommunity(tx, communityId);
    const round = await findRound(tx, communityId, roundId);
    if (!round) return { refused: 'unknown' };
    if (round.closed_at !== null) return { refused: 'closed' };
    await tx
      .updateTable('round')
      .set({ closed_at: at })
      .where('community_id', '=', communityId)
      .where('id', '=', roundId)
      .execute();
    await audit(tx, office.world, account, 'rounds.close', { type: 'round', id: roundId });
    // Telling the doors is the same long work as at the start.
    await tx
      .insertInto('afterwork')
      .values({ community_id: communityId, submission_id: roundId, kind: 'round', at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return round;
  });
  if ('refused' in answer) return answer;
  await resumeRound(office, communityId, roundId);
  return { closed: at };
}

/** All rounds, the newest first. */
export async function listRounds(db: Reader, communityId: string): Promise<RoundTold[]> {
  const rounds = await allRounds(db, communityId);
  const starting = await db
    .selectFrom('afterwork')
    .select('submission_id')
    .where('community_id', '=', communityId)
    .where('kind', '=', 'round')
    .execute();
  const left = new Set(starting.map(({ submission_id }) => submission_id));
  return rounds.reverse().map((round) => ({
    id: round.id,
    name: round.name,
    kind: round.kind,
    startsOn: round.starts_on,
    closesOn: round.closes_on,
    gridIds: round.gridIds,
    startedAt: round.started_at,
    closedAt: round.closed_at,
    starting: left.has(round.id),
  }));
}

/** Works out where each door of a grid stands and tells phones; a door whose item says nothing new keeps its version. */
function tellDoors(office: Office, communityId: string, gridId: string): Promise<void> {
  const after = async (db: Reader, last: string) => {
    const rows = await db
      .selectFrom('dwelling')
      .select('id')
      .where('community_id', '=', communityId)
      .where('grid_id', '=', gridId)
      .where('id', '>', last)
      .orderBy('id')
      .limit(piece)
      .execute();
    return rows.map(({ id }) => id);
  };
  return inPieces(office, communityId, after, async (tx, doors) => {
    await recomputeDoors(tx, communityId, doors);
    await republishDoors(tx, communityId, doors);
  });
}

function countProposed(office: Office, communityId: string): Promise<void> {
  const after = (db: Reader, last: string) => proposedDoors(db, communityId, last, piece);
  return inPieces(office, communityId, after, async (tx, doors) => {
    await recomputeDoors(tx, communityId, doors);
  });
}

/** `after`: those that come after an id, in the order of ids; none is the end. `work` does them, in a transaction. */
async function inPieces(
  office: Office,
  communityId: string,
  after: (db: Reader, last: string) => Promise<string[]>,
  work: (tx: Transaction, ids: readonly string[]) => Promise<void>,
): Promise<void> {
  const doThese = (ids: readonly string[]) =>
    office.database.write(async (tx) => {
      await lockCommunity(tx, communityId);
      await work(tx, ids);
    });
  let last = '';
  for (;;) {
    const ids = await office.database.read((db) => after(db, last));
    const end = ids.at(-1);
    if (end === undefined) return;
    await eachReadable(ids, doThese, logLeftOut('round', 'dwelling'));
    last = end;
  }
}

async function findRound(db: Reader, communityId: string, id: string): Promise<RoundOfGrids | null> {
  return (await allRounds(db, communityId)).find((round) => round.id === id) ?? null;
}

/** A round of that name runs in one of these grids: nobody could tell the two apart. */
async function isRunning(
  tx: Transaction,
  communityId: string,
  name: string,
  grids: readonly string[],
): Promise<boolean> {
  const rounds = await allRounds(tx, communityId);
  return rounds.some(
    (round) => round.closed_at === null && round.name === name && round.gridIds.some((grid) => grids.includes(grid)),
  );
}

async function areGrids(tx: Transaction, communityId: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const rows = await tx
    .selectFrom('grid')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .execute();
  return rows.length === ids.length;
}
