/** Whether each door stands in the rounds as its records and the register say: phones are told of it, and the overview counts it, from there. */
import type { Insertable, Selectable } from 'kysely';
import { open } from '../codec';
import { type DoorStates, statesOf } from '../coverage/door-states';
import { allRounds } from '../coverage/rounds-of';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { DoorStateTable } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { page, type Finding } from './finding';
import { isUnreadable, jsonOf } from './readable';
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
  const pages = inPages<{ dwelling_id: string }>(page, (last) =>
    db
      .selectFrom('door_state')
      .select('dwelling_id')
      .distinct()
      .where('community_id', '=', communityId)
      .where('dwelling_id', '>', last?.dwelling_id ?? '')
      .orderBy('dwelling_id')
      .limit(page)
      .execute(),
  );
  for await (const doors of pages) {
    const ids = doors.map((row) => row.dwelling_id).filter((id) => !waiting.has(id));
    const stored = await db
      .selectFrom('door_state')
      .selectAll()
      .where('community_id', '=', communityId)
      .where('dwelling_id', 'in', ids)
      .execute();
    const rows = new Map(stored.map((row) => [`${row.dwelling_id} ${row.round_id}`, row]));
    for (const id of ids) {
      const say = () => found({ check: 'doors', communityId, subject: `dwelling ${id}`, what: workedOut.door });
      const now = await statesNow(db, communityId, id, settled);
      for (const state of now?.states ?? []) {
        const row = rows.get(`${id} ${state.round_id}`);
        if (!row || saidBy(row) !== saidBy(state)) say();
      }
      // It counts where it does not belong: in a round of other grids, or though nothing says any more that there is such a door.
      if (now && (now.states === null || now.left.length > 0)) say();
    }
    looked += ids.length;
  }
  return looked;
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
