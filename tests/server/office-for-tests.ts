/** A small office for tests: a real database of its own (SQLite or PostgreSQL, as the project says), a community with two grids, doors, people and accounts, and phones that push. */
import { shapeOfBodies } from '../../src/lib/server/feeds/bodies/shape';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '../../src/lib/domain/world';
import { checkCharacter } from '../../src/lib/domain/identity-number';
import type { NewDwelling, NewResident } from '../../src/lib/server/register/records';
import type { Household } from '../../src/lib/domain/register';
import { setCarers } from '../../src/lib/server/care/carers';
import { seal } from '../../src/lib/server/codec';
import {
  republishAccount,
  republishCommunity,
  republishDoors,
  republishGrid,
} from '../../src/lib/server/feeds/republish';
import { type Office, openOffice, type SignedIn } from '../../src/lib/server/office';
import {
  insertBuildings,
  insertDwellings,
  insertGrids,
  insertHouseholds,
  insertResidents,
} from '../../src/lib/server/register/rows';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { keepNumberKey } from '../../src/lib/server/register/number-hash';
import { keepRescueKey, newRescueKey } from '../../src/lib/server/rescue/keys';
import { makeWorld } from '../../src/lib/server/world';
import type { Role } from '../../src/lib/sync/items';
import { giveSignIn } from '../support/sign-in';
import { testConfiguration, testOver } from '../support/test-database';
import { PhoneForTests } from './phone-for-tests';

export type TestDoor = NewDwelling & { households: (Household & { residents: NewResident[] })[] };
export type TestOffice = {
  office: Office;
  communityId: string;
  /** Two grids of one building each: `doors` are of the first, `foreignDoors` of the second. */
  grids: [string, string];
  buildings: [string, string];
  doors: TestDoor[];
  foreignDoors: TestDoor[];
  /** Grid worker of the first grid, of the second; a volunteer who cares for the first door's first resident; the desk. */
  accounts: Record<'worker' | 'otherWorker' | 'volunteer' | 'coordinator' | 'administrator', SignedIn>;
  phone(account: SignedIn): PhoneForTests;
  /** Moves the office's clock. */
  forward(milliseconds: number): void;
  /** Opens the same data anew, as after a crash. */
  reopen(): Promise<void>;
  close(): Promise<void>;
};

/** `doorsEach`: doors in each grid, one household of two people in each. `on`: the day it is there, `YYYY-MM-DD`; today's where none is said. */
export async function openTestOffice({
  doorsEach = 4,
  on,
}: { doorsEach?: number; on?: string } = {}): Promise<TestOffice> {
  const folder = mkdtempSync(join(tmpdir(), 'qiaomen-office-'));
  const configuration = await testConfiguration(folder);
  const real = makeWorld();
  let ahead = on === undefined ? untilMorning(real.now()) : Date.parse(`${on}T10:00:00+08:00`) - real.now();
  const world: World = { ...real, now: () => real.now() + ahead };
  let office = await openOffice(configuration, world);
  const id = () => world.uuid();
  const communityId = id();
  const grids: [string, string] = [id(), id()];
  const buildings: [string, string] = [id(), id()];
  const [doors, foreignDoors] = [0, 1].map((index) =>
    Array.from({ length: doorsEach }, (_, at) =>
      makeDoor(id, grids[index] ?? '', buildings[index] ?? '', `${index + 1}`, at),
    ),
  ) as [TestDoor[], TestDoor[]];
  const account = (username: string, role: Role, own: string[]): SignedIn => ({
    communityId,
    id: id(),
    username,
    name: username,
    role,
    grids: own,
  });
  const accounts = {
    worker: account('worker', 'grid-worker', [grids[0]]),
    otherWorker: account('other-worker', 'grid-worker', [grids[1]]),
    volunteer: account('volunteer', 'volunteer', []),
    coordinator: account('coordinator', 'coordinator', []),
    administrator: account('administrator', 'administrator', []),
  };
  const now = new Date(world.now()).toISOString();
  const origin = {
    since: now,
    from: 'import',
    by: accounts.administrator.id,
    confirmedAt: null,
    confirmedBy: null,
    how: null,
  } as const;

  const rescueKey = await newRescueKey(world);
  await office.database.write(async (tx) => {
    await tx
      .insertInto('community')
      .values({
        community_id: communityId,
        name: '东街社区',
        epoch: id(),
        time_zone: 'Asia/Shanghai',
        phone: '',
        location: 0,
        created_at: now,
        told_shape: shapeOfBodies,
      })
      .execute();
    await keepRescueKey(tx, communityId, rescueKey);
    await keepNumberKey(tx, communityId, world);
    await insertGrids(tx, communityId, [
      { id: grids[0], name: '第一网格', position: 1 },
      { id: grids[1], name: '第二网格', position: 2 },
    ]);
    for (const one of Object.values(accounts)) {
      await tx
        .insertInto('account')
        .values({
          community_id: communityId,
          id: one.id,
          username: one.username,
          name: one.name,
          role: one.role,
          created_at: now,
          ended_at: null,
        })
        .execute();
      await giveSignIn(tx, one, now);
      for (const grid of one.grids) {
        await tx
          .insertInto('account_grid')
          .values({ community_id: communityId, account_id: one.id, grid_id: grid, from_at: now, until_at: null })
          .execute();
      }
    }
    const all = [...doors, ...foreignDoors];
    await insertBuildings(
      tx,
      communityId,
      buildings.map((building, index) => ({
        id: building,
        gridId: grids[index] ?? '',
        compound: '东街',
        building: `${index + 1}`,
      })),
      origin,
    );
    await insertDwellings(
      tx,
      communityId,
      all.map(({ households: _, ...dwelling }) => dwelling),
      origin,
    );
    const households = all.flatMap((door) => door.households);
    await insertHouseholds(
      tx,
      communityId,
      households.map(({ residents: _, ...household }) => household),
      origin,
    );
    await insertResidents(
      tx,
      communityId,
      households.flatMap(({ residents }) => residents),
      origin,
    );
    await giveCare(tx, communityId, doors[0]?.households[0]?.residents[0]?.id ?? '', accounts.volunteer.id);
    await republishCommunity(tx, communityId);
    for (const grid of grids) await republishGrid(tx, communityId, grid);
    await republishDoors(
      tx,
      communityId,
      all.map((door) => door.id),
    );
    for (const one of Object.values(accounts)) await republishAccount(tx, communityId, one.id);
  });

  return {
    get office() {
      return office;
    },
    communityId,
    grids,
    buildings,
    doors,
    foreignDoors,
    accounts,
    phone: (who) => new PhoneForTests(() => office, who),
    forward: (milliseconds) => {
      ahead += milliseconds;
    },
    async reopen() {
      await office.database.close();
      office = await openOffice(configuration, world);
    },
    async close() {
      await afterworkDone(office);
      await office.database.close();
      await testOver(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Milliseconds from `now` to ten o'clock of its day in Shanghai: hours that a test moves on stay within the day, whenever it runs. */
function untilMorning(now: number): number {
  const day = 24 * 3600 * 1000;
  const ten = 2 * 3600 * 1000; // UTC
  return Math.floor((now + day - 16 * 3600 * 1000) / day) * day + ten - now;
}

/** Lets the other worker work in the first grid, too: two people at its doors. */
export async function shareFirstGrid({ office, communityId, accounts, grids }: TestOffice): Promise<void> {
  await office.database.write((tx) =>
    tx
      .insertInto('account_grid')
      .values({
        community_id: communityId,
        account_id: accounts.otherWorker.id,
        grid_id: grids[0],
        from_at: '2026-01-01T00:00:00.000Z',
        until_at: null,
      })
      .execute(),
  );
}

/** A care plan of one volunteer, every seven days. */
export async function giveCare(
  tx: Parameters<Parameters<Office['database']['write']>[0]>[0],
  communityId: string,
  residentId: string,
  accountId: string,
): Promise<void> {
  const body = {
    residentId,
    services: ['company'],
    everyDays: 7,
    by: [accountId],
    from: '2026-01-01',
    until: null,
    mustKnow: '听力不好，敲门重一点',
    pausedUntil: null,
  };
  await tx
    .insertInto('care_plan')
    .values({
      community_id: communityId,
      resident_id: residentId,
      by_accounts: JSON.stringify([accountId]),
      body: seal(JSON.stringify(body)),
      next_on: '2026-01-01',
      version: 1,
    })
    .execute();
  await setCarers(tx, communityId, residentId, [accountId], '2026-01-01T00:00:00.000Z');
}

/** A number of GB 11643 that holds, different for each `index`. */
export function identityNumber(birthDate: string, index: number): string {
  const seventeen = `440103${birthDate.replaceAll('-', '')}${String(index).padStart(3, '0')}`;
  return seventeen + checkCharacter(seventeen);
}

function makeDoor(id: () => string, gridId: string, buildingId: string, building: string, index: number): TestDoor {
  const dwellingId = id();
  const householdId = id();
  const headId = id();
  const floor = Math.floor(index / 2) + 1;
  const person = (
    own: string,
    name: string,
    birthDate: string,
    sex: '1' | '2',
    relation: '02' | '10',
  ): NewResident => ({
    id: own,
    householdId,
    dwellingId,
    name,
    sex,
    birthDate,
    idType: 'resident-id',
    idNumber: identityNumber(birthDate, index * 2 + (sex === '1' ? 1 : 2)),
    phone: '13800008979',
    relation,
    residence: 'both-here',
    registeredAddress: '',
    since: '',
    careGroups: [],
    presence: 'here',
  });
  return {
    id: dwellingId,
    gridId,
    buildingId,
    compound: '东街',
    building,
    unit: '1',
    floor,
    room: `${floor}0${(index % 2) + 1}`,
    use: 'owner-occupied',
    note: '',
    contactName: '',
    contactPhone: '',
    households: [
      {
        id: householdId,
        dwellingId,
        kind: 'family',
        tenure: 'owner',
        headId,
        phone: '',
        residents: [person(headId, '王建国', '1958-04-13', '1', '02'), person(id(), '李秀英', '1960-09-02', '2', '10')],
      },
    ],
  };
}

/** An entry that must be there. */
export function at<T>(list: readonly T[], index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`nothing at ${index}`);
  return entry;
}
