/** Qiaomen's office as the bench needs it: a community that holds the harness's people, one item a door, and changes made by the office's own publishing. */
import { openOffice, type Office } from '../../src/lib/server/office';
import { readConfiguration } from '../../src/lib/server/configuration';
import { createAccount } from '../../src/lib/server/accounts/accounts';
import { createCommunity } from '../../src/lib/server/accounts/communities';
import { seal, open } from '../../src/lib/server/codec';
import { republishAccount, republishDoors, republishGrid } from '../../src/lib/server/feeds/republish';
import { publish } from '../../src/lib/server/feeds/publish';
import {
  insertBuildings,
  insertDwellings,
  insertGrids,
  insertHouseholds,
  insertResidents,
} from '../../src/lib/server/register/rows';
import { Dwelling, Household, Resident } from '../../src/lib/domain/register';
import {
  changed,
  changedIndexes,
  doors,
  register,
  type HarnessDoor,
  type HarnessHousehold,
  type Item,
  type Json,
} from '../peers/data.mjs';
import { buildingId, gridId } from './ids.mjs';

export const password = 'bench-2026-only';
export const username = 'bench';

/** Rows a transaction: what a long write may take at once. */
const atOnce = 400;

export class BenchOffice {
  readonly #office: Office;
  readonly #items: number;
  readonly #seed: number;
  #communityId = '';
  accountId = '';

  private constructor(office: Office, items: number, seed: number) {
    this.#office = office;
    this.#items = items;
    this.#seed = seed;
  }

  /** `environment` names the data folder or the PostgreSQL database; nothing may be in it yet. */
  static async open(environment: Record<string, string>, items: number, seed: number): Promise<BenchOffice> {
    const bench = new BenchOffice(await openOffice(readConfiguration(environment)), items, seed);
    await bench.#fill();
    return bench;
  }

  /** The same doors as `doors(register(items))`, as they stand in the register and are told to phones. */
  expected(): HarnessDoor[] {
    return doors(register(this.#items, this.#seed));
  }

  /** Changes as many items as the harness does; a changed person is a changed door. Answers the doors that changed. */
  async change(count: number): Promise<string[]> {
    const before = register(this.#items, this.#seed);
    const indexes = new Set(changedIndexes(this.#items, count));
    const after = before.map((item, index): Item => (indexes.has(index) ? changed(item, 1, this.#seed) : item));
    const touched = new Set<string>();
    const was = new Map(doors(before).map((door) => [door.id, JSON.stringify(door.body)]));
    const news = doors(after).filter((door) => was.get(door.id) !== JSON.stringify(door.body));
    await this.#office.database.write(async (tx) => {
      const bodies = await this.#told(
        tx,
        news.map(({ id }) => id),
      );
      await publish(
        tx,
        this.#communityId,
        news.map((door) => {
          touched.add(door.id);
          return {
            feed: `grid/${gridId(door.grid)}`,
            type: 'dwelling' as const,
            id: door.id,
            body: merged(bodies.get(door.id) ?? {}, door),
          };
        }),
      );
    });
    return [...touched];
  }

  /** How many revisions are stored, how many of them in quarantine, and the texts of some. */
  async sent(ids: string[]): Promise<{ count: number; quarantined: number; records: (Json | null)[] }> {
    return this.#office.database.read(async (db) => {
      const rows = await db.selectFrom('revision').select(['submission_id', 'status', 'text']).execute();
      const byId = new Map(rows.map((row) => [row.submission_id, open(row.text)]));
      return {
        count: rows.length,
        quarantined: rows.filter(({ status }) => status !== 'stored').length,
        records: ids.map((id) => JSON.parse(byId.get(id) ?? 'null') as Json | null),
      };
    });
  }

  /** Makes `count` more accounts like the first, `phone-0` …, each in one grid in turn, with the first one's password. Answers each one's grid. */
  async phones(count: number): Promise<{ username: string; gridKey: string }[]> {
    const keys = this.#gridKeys();
    const at = new Date(this.#office.world.now()).toISOString();
    const made = Array.from({ length: count }, (_, index) => ({
      id: this.#office.world.uuid(),
      username: `phone-${index}`,
      gridKey: keys[index % keys.length] ?? '',
    }));
    const own = await this.#office.database.read((db) =>
      db.selectFrom('sign_in_credential').selectAll().where('userId', '=', this.accountId).executeTakeFirstOrThrow(),
    );
    const user = await this.#office.database.read((db) =>
      db.selectFrom('sign_in_user').selectAll().where('id', '=', this.accountId).executeTakeFirstOrThrow(),
    );
    for (const part of parts(made)) {
      await this.#office.database.write(async (tx) => {
        const community_id = this.#communityId;
        const rows = part.map(({ id, username }) => ({ id, username, name: username }));
        await tx
          .insertInto('account')
          .values(
            rows.map((row) => ({ ...row, community_id, role: 'grid-worker' as const, created_at: at, ended_at: null })),
          )
          .execute();
        await tx
          .insertInto('account_grid')
          .values(
            part.map(({ id, gridKey }) => ({
              community_id,
              account_id: id,
              grid_id: gridId(gridKey),
              from_at: at,
              until_at: null,
            })),
          )
          .execute();
        await tx
          .insertInto('sign_in_user')
          .values(rows.map((row) => ({ ...user, ...row, email: `${row.id}@accounts.invalid` })))
          .execute();
        await tx
          .insertInto('sign_in_credential')
          .values(part.map(({ id }) => ({ ...own, id: this.#office.world.uuid(), accountId: id, userId: id })))
          .execute();
        for (const { id } of part) await republishAccount(tx, community_id, id);
      });
    }
    return made.map(({ username, gridKey }) => ({ username, gridKey }));
  }

  /** An account at the desk, with the same password. */
  async coordinator(): Promise<string> {
    await createAccount(this.#office, this.#communityId, {
      username: 'desk',
      password,
      name: '协调员',
      role: 'coordinator',
      grids: [],
    });
    return 'desk';
  }

  /** Fills the feed of the first grid with buildings' items until it holds `count`; answers the feed. */
  async growFeed(count: number): Promise<string> {
    const feed = `grid/${gridId(this.#gridKeys()[0] ?? '')}` as const;
    const held = await this.#office.database.read((db) =>
      db
        .selectFrom('feed_item')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('feed_id', '=', feed)
        .executeTakeFirstOrThrow(),
    );
    const sample = await this.#office.database.read((db) =>
      db
        .selectFrom('feed_item')
        .select('body')
        .where('feed_id', '=', feed)
        .where('type', '=', 'dwelling')
        .limit(1)
        .executeTakeFirstOrThrow(),
    );
    const body = JSON.parse(open(sample.body)) as Json;
    for (let number = Number(held.count); number < count; number += atOnce) {
      const fresh = Array.from({ length: Math.min(atOnce, count - number) }, () => this.#office.world.uuid());
      await this.#office.database.write((tx) =>
        publish(
          tx,
          this.#communityId,
          fresh.map((id) => ({ feed, type: 'dwelling' as const, id, body: { ...body, id } })),
        ),
      );
    }
    return feed;
  }

  /** The present version of each feed that the first account reads. */
  async versions(): Promise<Record<string, number>> {
    const rows = await this.#office.database.read((db) => db.selectFrom('feed').select(['id', 'version']).execute());
    const own = rows.filter(({ id }) => !id.startsWith('account/') || id === `account/${this.accountId}`);
    return Object.fromEntries(own.map(({ id, version }) => [id, version]));
  }

  /** Publishes one more change of `count` items of that feed. */
  async touch(feed: `grid/${string}`, count: number): Promise<void> {
    const rows = await this.#office.database.read((db) =>
      db
        .selectFrom('feed_item')
        .select(['item_id', 'body'])
        .where('feed_id', '=', feed)
        .where('type', '=', 'dwelling')
        .orderBy('item_id')
        .limit(count)
        .execute(),
    );
    const note = this.#office.world.uuid();
    await this.#office.database.write((tx) =>
      publish(
        tx,
        this.#communityId,
        rows.map((row) => ({
          feed,
          type: 'dwelling' as const,
          id: row.item_id,
          body: { ...(JSON.parse(open(row.body)) as Json), note },
        })),
      ),
    );
  }

  /** When the office has done what pushes left to be done after them. */
  async #rested(): Promise<void> {
    const { database, world } = this.#office;
    const isBusy = () => database.read((db) => db.selectFrom('afterwork').select('kind').executeTakeFirst());
    while (await isBusy()) await new Promise<void>((resolve) => world.after(100, resolve));
  }

  /** Multiplies the pending submissions until `count` wait for review: the same records under other ids and times. */
  async growQueue(count: number): Promise<void> {
    const { database, world } = this.#office;
    // Their doors are counted first: later each has hundreds of records.
    await this.#rested();
    const [submissions, revisions] = await database.read(async (db) => [
      await db.selectFrom('submission').selectAll().where('review', '=', 'pending').execute(),
      await db.selectFrom('revision').selectAll().execute(),
    ]);
    const texts = new Map(revisions.map((row) => [row.submission_id, row]));
    for (let made = submissions.length; made < count; made += atOnce) {
      const part = Array.from({ length: Math.min(atOnce, count - made) }, (_, index) => {
        const like = submissions[(made + index) % submissions.length];
        const revision = like && texts.get(like.id);
        if (!like || !revision) throw new Error('push some records first');
        const id = world.uuid();
        const received_at = new Date(Date.parse(like.received_at) + (made + index) * 1000).toISOString();
        return { submission: { ...like, id, received_at }, revision: { ...revision, submission_id: id, received_at } };
      });
      await database.write(async (tx) => {
        await tx
          .insertInto('submission')
          .values(part.map(({ submission }) => submission))
          .execute();
        await tx
          .insertInto('revision')
          .values(part.map(({ revision }) => revision))
          .execute();
      });
    }
    await database.tune();
  }

  #gridKeys(): string[] {
    return [...new Set(this.expected().map(({ grid }) => grid))].sort();
  }

  close(): Promise<void> {
    return this.#office.database.close();
  }

  async #fill(): Promise<void> {
    const all = this.expected();
    const community = await createCommunity(this.#office, '东街社区');
    this.#communityId = community.id;
    const grids = [...new Set(all.map(({ grid }) => grid))].sort();
    const at = new Date(this.#office.world.now()).toISOString();
    const origin = {
      since: at,
      from: 'import',
      by: community.id,
      confirmedAt: null,
      confirmedBy: null,
      how: null,
    } as const;
    const buildings = new Map(all.map((door) => [door.building, door]));
    await this.#office.database.write(async (tx) => {
      await insertGrids(
        tx,
        community.id,
        grids.map((key, index) => ({ id: gridId(key), name: `第${index + 1}网格`, position: index + 1 })),
      );
      const rows = [...buildings].map(([key, { grid, body }]) => ({
        id: buildingId(key),
        gridId: gridId(grid),
        compound: String(body['compound']),
        building: String(body['building']),
      }));
      await insertBuildings(tx, community.id, rows, origin);
    });
    for (const part of parts(all)) {
      await this.#office.database.write(async (tx) => {
        await insertDwellings(tx, community.id, part.map(dwellingOf), origin);
        const households = part.flatMap(({ body }) => body.households);
        await insertHouseholds(tx, community.id, households.map(householdOf), origin);
        const people = part.flatMap((door) =>
          door.body.households.flatMap((household) =>
            household.residents.map((resident) => residentOf(resident, household.id, door.id)),
          ),
        );
        await insertResidents(tx, community.id, people, origin);
      });
    }
    await this.#office.database.write(async (tx) => {
      for (const key of grids) await republishGrid(tx, community.id, gridId(key));
    });
    for (const part of parts(all)) {
      await this.#office.database.write(async (tx) => {
        await republishDoors(
          tx,
          community.id,
          part.map(({ id }) => id),
        );
        const bodies = await this.#told(
          tx,
          part.map(({ id }) => id),
        );
        for (const door of part) {
          await tx
            .updateTable('feed_item')
            .set({ body: seal(JSON.stringify(merged(bodies.get(door.id) ?? {}, door))) })
            .where('community_id', '=', community.id)
            .where('type', '=', 'dwelling')
            .where('item_id', '=', door.id)
            .execute();
        }
      });
    }
    const account = await createAccount(this.#office, community.id, {
      username,
      password,
      name: '测速',
      role: 'grid-worker',
      grids: grids.map(gridId),
    });
    this.accountId = account.id;
  }

  async #told(
    tx: Parameters<Parameters<Office['database']['write']>[0]>[0],
    ids: string[],
  ): Promise<Map<string, Json>> {
    const rows = await tx
      .selectFrom('feed_item')
      .select(['item_id', 'body'])
      .where('community_id', '=', this.#communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', ids)
      .execute();
    return new Map(rows.map((row) => [row.item_id, JSON.parse(open(row.body)) as Json]));
  }
}

/** The item that the office tells, with every field of the harness that the register has no room for: so no byte is saved by leaving something out. */
function merged(told: Json, { body }: HarnessDoor): Json {
  const held = new Map(
    ((told['households'] ?? []) as HarnessHousehold[]).map((household) => [household.id, household]),
  );
  return {
    ...told,
    ...without(body, 'gridId', 'households'),
    households: body.households.map((household) => {
      const known = held.get(household.id);
      const people = new Map(known?.residents.map((resident) => [resident.id, resident]));
      return {
        ...known,
        ...without(household, 'dwellingId', 'residents'),
        residents: household.residents.map((resident) => ({
          ...people.get(resident.id),
          ...without(resident, 'householdId', 'idNumber'),
        })),
      };
    }),
  };
}

function without(body: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

function* parts<T>(list: T[]): Generator<T[]> {
  for (let from = 0; from < list.length; from += atOnce) yield list.slice(from, from + atOnce);
}

/** What the register has room for; the rest stands in the told item only. */
function dwellingOf(door: HarnessDoor) {
  const fields = without(door.body, 'households');
  return { ...Dwelling.parse({ ...fields, gridId: gridId(door.grid) }), buildingId: buildingId(door.building) };
}

function householdOf(household: HarnessHousehold) {
  return Household.parse(without(household, 'residents', 'lastVerified', 'note'));
}

function residentOf(resident: Json, householdId: string, dwellingId: string) {
  return { ...Resident.parse({ ...without(resident, 'note', 'consent'), householdId }), dwellingId };
}
