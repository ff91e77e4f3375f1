/** Whether each door stands in the rounds as its records and the register say: phones are told of it, and the overview counts it, from there. */
import type { Insertable, Selectable } from 'kysely';
import { open } from '../codec';
import { type DoorStates, statesOf } from '../coverage/door-states';
import { proposedDoors } from '../coverage/proposed-doors';
import { allRounds, type RoundOfGrids } from '../coverage/rounds-of';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { DoorStateTable } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { isUnreadable, jsonOf } from '../readable';
import { page, type Finding } from './finding';
import { workedOut } from './renewed';

/** Answers how many doors were looked at. What of them cannot be read is told by others. */
export async function checkDoorStates(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const rounds = await allRounds(db, communityId);
  const waiting = await notCountedYet(db, communityId);
  const settled = rounds.filter(({ id }) => !waiting.has(id));
  let looked = 0;
  const look = async (doors: readonly string[]): Promise<void> => {
    const ids = doors.filter((id) => !waiting.has(id));
    const rows = await rowsOf(db, communityId, ids);
    for (const id of ids) {
      const say = () => found({ check: 'doors', communityId, subject: `dwelling ${id}`, what: workedOut.door });
      const now = await statesNow(db, communityId, id, settled);
      for (const state of now?.states ?? []) {
        const row = rows.get(`${id} ${state.round_id}`);
        if (!row || saidBy(row) !== saidBy(state)) say();
      }
      // It counts where it does not belong: in a round of other grids, or though nothing says any more that there is such a door.
      if (now && rows.has(id) && (now.states === null || now.left.length > 0)) say();
    }
    looked += ids.length;
  };
  for await (const doors of doorsThatCount(db, communityId, settled)) await look(doors);
  return looked;
}

/** Every door that counts in a round or may have to: of the register in grids where one runs, and proposed. */
async function* doorsThatCount(
  db: ReadSnapshot,
  communityId: string,
  rounds: readonly RoundOfGrids[],
): AsyncGenerator<string[]> {
  const counted = () =>
    db.selectFrom('door_state').select('dwelling_id').distinct().where('community_id', '=', communityId);
  const ids = (rows: readonly { dwelling_id: string }[]) => rows.map((row) => row.dwelling_id);
  const pages = inPages<{ dwelling_id: string }>(page, (last) =>
    counted()
      .where('dwelling_id', '>', last?.dwelling_id ?? '')
      .orderBy('dwelling_id')
      .limit(page)
      .execute(),
  );
  for await (const rows of pages) yield ids(rows);
  const open = rounds.filter(({ closed_at }) => closed_at === null);
  const grids = [...new Set(open.flatMap(({ gridIds }) => gridIds))];
  if (grids.length === 0) return;
  const others = inPages<{ dwelling_id: string }>(page, (last) =>
    db
      .selectFrom('dwelling')
      .select('id as dwelling_id')
      .where('community_id', '=', communityId)
      .where('grid_id', 'in', grids)
      .where('retired_at', 'is', null)
      .where('id', 'not in', counted())
      .where('id', '>', last?.dwelling_id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const rows of others) yield ids(rows);
  const proposed = inPages<string>(page, (last) => proposedDoors(db, communityId, last ?? '', page));
  for await (const doors of proposed) {
    const known = new Set(ids(await counted().where('dwelling_id', 'in', doors).execute()));
    yield doors.filter((id) => !known.has(id));
  }
}

/** By door and round, and by the door alone whether it counts in any. */
async function rowsOf(
  db: ReadSnapshot,
  communityId: string,
  ids: readonly string[],
): Promise<Map<string, Selectable<DoorStateTable>>> {
  if (ids.length === 0) return new Map();
  const stored = await db
    .selectFrom('door_state')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', ids)
    .execute();
  return new Map(
    stored.flatMap((row) => [[`${row.dwelling_id} ${row.round_id}`, row] as const, [row.dwelling_id, row] as const]),
  );
}

/** Null where it cannot be read. */
async function statesNow(...about: Parameters<typeof statesOf>): Promise<DoorStates | null> {
  try {
    return await statesOf(...about);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

/** Doors, and rounds, that work which is left to be done counts; records stand for their doors. */
async function notCountedYet(db: ReadSnapshot, communityId: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('afterwork')
    .leftJoin('submission', (join) =>
      join
        .onRef('submission.community_id', '=', 'afterwork.community_id')
        .onRef('submission.id', '=', 'afterwork.submission_id'),
    )
    .select(['afterwork.submission_id as subject', 'submission.dwelling_id'])
    .where('afterwork.community_id', '=', communityId)
    .execute();
  return new Set(rows.flatMap(({ subject, dwelling_id }) => [subject, ...(dwelling_id === null ? [] : [dwelling_id])]));
}

/** In one text, whatever the order of fields in what it holds. */
function saidBy({ note, coverage, attempts, listed, ...row }: Selectable<DoorStateTable> | Insertable<DoorStateTable>) {
  const held = [coverage, attempts, listed].map((text) => jsonOf(text) ?? null);
  return canonicalText({ ...row, note: open(note), held });
}
