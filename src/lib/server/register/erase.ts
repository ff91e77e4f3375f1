/**
 * Erasing a person (REC-11): the register forgets them, what was recorded of them is emptied, phones are told – and what was pushed once
 * is known by id, revision and digest as before, so that nothing of it is asked for again.
 */
import { audit } from '../audit/audit';
import { setCarers } from '../care/carers';
import { open, seal } from '../codec';
import { recomputeDoors } from '../coverage/recompute';
import { lockCommunity } from '../database/locks';
import type { Transaction } from '../database/open';
import { asRecord } from '../../domain/json';
import type { FeedChange } from '../feeds/publish';
import { doorChanges, submissionChanges } from '../feeds/republish';
import type { Office } from '../office';
import { eachReadable, isUnreadable, jsonOf } from '../readable';
import { TaskItem } from '../../sync/items';
import { noOutcome } from '../roster/jobs';
import { type Emptied, eraseRecords } from './erase-records';
import { eraseFromRegister, placesOf, type Place } from './erase-from-register';
import { findTraces, type Person } from './find-traces';
import { type Listed, listedElsewhere } from './listed-elsewhere';
import { isNoPerson } from './no-person';
import type { Reader } from './read';
import { republishTouched } from './republish';
import { withoutMentions, withoutPerson } from './without-person';

export type Erasure = Emptied & {
  /** Rows of the register's history, and older states of doors, that were emptied. */
  history: number;
  /** Rosters that were uploaded and not imported yet: they may hold the person, and are dropped at the desk. */
  filesLeft: number;
  /** Rows that cannot be read and are not the person's alone, as table and id: they stay, and may name the person. */
  left: string[];
};

/**
 * Erases a resident in one transaction, and what records of other doors have of them; what it did not find it does not miss, so that it can be asked
 * again. `by`: who does it; null for whoever runs the office from its terminal. Answers null where the community has nothing of such a resident.
 */
export async function eraseResident(
  office: Office,
  communityId: string,
  residentId: string,
  by: { id: string } | null = null,
): Promise<Erasure | null> {
  const now = office.world.now();
  const at = new Date(now).toISOString();
  const elsewhere = await office.database.read((db) => elsewhereOf(db, communityId, residentId));
  if (!elsewhere) return null;
  return office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const person = await findTraces(tx, communityId, residentId, elsewhere);
    if (!person) return null;
    const { id, traces } = person;
    const emptied = await eraseRecords(tx, communityId, person, at);
    const changes = await eraseFromRegister(tx, communityId, person, { at, by: by?.id ?? '' });
    await eraseCare(tx, communityId, traces.ids, at);
    const filesLeft = await eraseFromRosters(tx, communityId, person);
    // At the time that its records say, though the clock is set right meanwhile.
    const then = { ...office.world, now: () => now };
    await audit(tx, then, { communityId, id: by?.id ?? '' }, 'register.erase', { type: 'resident', id });
    const doors = await countReadable(office, tx, communityId, person);
    const told: FeedChange[] = [];
    for (const id of [...person.about, ...person.atDoors]) {
      told.push(...(await readableChanges(tx, communityId, person, 'submission', id)));
    }
    const whole: string[] = [];
    for (const id of doors) {
      const changes = await readableChanges(tx, communityId, person, 'dwelling', id);
      if (person.left.has(`dwelling ${id}`)) told.push(...changes);
      else whole.push(id);
    }
    told.push(...(await tasksOf(tx, communityId, traces.ids)));
    await republishTouched(tx, communityId, { doors: whole, buildings: [], residents: [...traces.ids] }, told);
    // Only now: telling what a door is keeps what it was.
    let past = 0;
    for (const place of placesOf(person)) past += await erasePast(tx, communityId, place);
    return { ...emptied, history: changes + past, filesLeft, left: [...person.left].sort() };
  });
}

/**
 * Where else they are listed. Whom no table knows, as a backup of before they came was put back, a record that came in since may list by their id. Null
 * where nobody is: of the id of a door, too, which records name in every place.
 */
async function elsewhereOf(db: Reader, communityId: string, residentId: string): Promise<Listed | null> {
  if (await isNoPerson(db, communityId, residentId)) return null;
  const known = await findTraces(db, communityId, residentId);
  if (known) return listedElsewhere(db, communityId, known.traces);
  const byId = await listedElsewhere(db, communityId, { ids: new Set([residentId]), own: new Set() });
  const listed = await findTraces(db, communityId, residentId, byId);
  return listed && listedElsewhere(db, communityId, listed.traces);
}

/** Doors in the rounds; one of which something cannot be read stays as it was counted. */
async function countReadable(
  { database }: Office,
  tx: Transaction,
  communityId: string,
  { doors, furtherDoors, left }: Person,
): Promise<string[]> {
  const all = [...doors, ...furtherDoors];
  const counted: string[] = [];
  const count = (ids: readonly string[]) =>
    database.attempt(tx, async () => void counted.push(...(await recomputeDoors(tx, communityId, ids))));
  await eachReadable(all, count, (id) => {
    left.add(`dwelling ${id}`);
    counted.push(id);
  });
  return [...new Set(counted)];
}

/** What feeds are told of a door or a record; where that cannot be read, they are told what they hold, without the person. */
async function readableChanges(
  tx: Transaction,
  communityId: string,
  { traces, left }: Person,
  type: 'dwelling' | 'submission',
  id: string,
): Promise<FeedChange[]> {
  const changes =
    type === 'dwelling' ? await doorChanges(tx, communityId, [id]) : await submissionChanges(tx, communityId, id);
  try {
    for (const change of changes) if ('body' in change && typeof change.body === 'function') await change.body();
    return type === 'dwelling' ? doorChanges(tx, communityId, [id]) : submissionChanges(tx, communityId, id);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  left.add(`${type} ${id}`);
  const rows = await tx
    .selectFrom('feed_item')
    .select(['feed_id', 'body'])
    .where('community_id', '=', communityId)
    .where('type', '=', type)
    .where('item_id', '=', id)
    .where('gone', '=', 0)
    .execute();
  return rows.flatMap(({ feed_id: feed, body }): FeedChange[] => {
    const held = asRecord(withoutPerson(jsonOf(open(body)), traces, 'closed'));
    return held ? [{ feed, type, id, body: held }] : [];
  });
}

async function eraseCare(tx: Transaction, communityId: string, ids: ReadonlySet<string>, at: string): Promise<void> {
  await tx
    .deleteFrom('care_plan')
    .where('community_id', '=', communityId)
    .where('resident_id', 'in', [...ids])
    .execute();
  for (const id of [...ids].sort()) await setCarers(tx, communityId, id, [], at);
}

/** Tasks about the person leave every feed. */
async function tasksOf(tx: Transaction, communityId: string, ids: ReadonlySet<string>): Promise<FeedChange[]> {
  const rows = await tx
    .selectFrom('feed_item')
    .select(['feed_id', 'item_id', 'body'])
    .where('community_id', '=', communityId)
    .where('type', '=', 'task')
    .where('gone', '=', 0)
    .execute();
  return rows.flatMap(({ feed_id, item_id, body }): FeedChange[] => {
    const task = TaskItem.safeParse(jsonOf(open(body)));
    const isTheirs = task.success && ids.has(task.data.target.id);
    return isTheirs ? [{ feed: feed_id, type: 'task', id: item_id, gone: true }] : [];
  });
}

/** What doors were told as before: the bases of records (TWO-2), without the person. */
async function erasePast(tx: Transaction, communityId: string, { doors, traces }: Place): Promise<number> {
  if (doors.length === 0) return 0;
  const rows = await tx
    .selectFrom('feed_past')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('item_id', 'in', doors)
    .execute();
  let emptied = 0;
  for (const { feed_id, item_id, version, body } of rows) {
    const held = jsonOf(open(body));
    const left = JSON.stringify(withoutPerson(held, traces, 'closed'));
    if (left === open(body)) continue;
    emptied += 1;
    // What cannot be read may hold the person.
    if (held === undefined) {
      await tx
        .deleteFrom('feed_past')
        .where('community_id', '=', communityId)
        .where('feed_id', '=', feed_id)
        .where('type', '=', 'dwelling')
        .where('item_id', '=', item_id)
        .where('version', '=', version)
        .execute();
      continue;
    }
    await tx
      .updateTable('feed_past')
      .set({ body: seal(left) })
      .where('community_id', '=', communityId)
      .where('feed_id', '=', feed_id)
      .where('type', '=', 'dwelling')
      .where('item_id', '=', item_id)
      .where('version', '=', version)
      .execute();
  }
  return emptied;
}

/** What is kept of a roster to be read at the desk; answers how many files wait still. */
async function eraseFromRosters(tx: Transaction, communityId: string, { traces }: Person): Promise<number> {
  const rows = await tx
    .selectFrom('roster_import')
    .select(['id', 'summary', 'state'])
    .where('community_id', '=', communityId)
    .orderBy('id')
    .execute();
  for (const { id, summary } of rows) {
    const left = JSON.stringify(withoutMentions(jsonOf(open(summary)) ?? noOutcome, traces));
    if (left === open(summary)) continue;
    await tx
      .updateTable('roster_import')
      .set({ summary: seal(left) })
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .execute();
  }
  return rows.filter(({ state }) => state !== 'done').length;
}
