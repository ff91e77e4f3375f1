/** What every run begins with: a community of two grids with doors, people, accounts, a plan of care, and a round under way. */
import { shapeOfBodies } from '../../src/lib/server/feeds/bodies/shape';
import { checkCharacter } from '../../src/lib/domain/identity-number';
import type { World } from '../../src/lib/domain/world';
import type { Role } from '../../src/lib/sync/items';
import {
  republishAccount,
  republishCommunity,
  republishDoors,
  republishGrid,
} from '../../src/lib/server/feeds/republish';
import { setCarers } from '../../src/lib/server/care/carers';
import { seal } from '../../src/lib/server/codec';
import type { Office, SignedIn } from '../../src/lib/server/office';
import {
  insertBuildings,
  insertDwellings,
  insertGrids,
  insertHouseholds,
  insertResidents,
} from '../../src/lib/server/register/rows';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { giveSignIn } from '../support/sign-in';

export type Community = {
  id: string;
  grids: readonly [string, string];
  /** Whose phones there are: three grid workers, a volunteer. */
  people: readonly SignedIn[];
  coordinators: readonly [SignedIn, SignedIn];
  administrator: SignedIn;
};

const doorsEach = 5;
const day = '2026-01-01';

/** Fills an empty database; nothing here is scheduled, a world begins with it. */
export async function makeCommunity(office: Office): Promise<Community> {
  const { world } = office;
  const communityId = world.uuid();
  const grids = [world.uuid(), world.uuid()] as const;
  const account = (username: string, role: Role, own: string[]): SignedIn => ({
    communityId,
    id: world.uuid(),
    username,
    name: username,
    role,
    grids: own,
  });
  const people = [
    account('worker-0', 'grid-worker', [grids[0]]),
    account('worker-1', 'grid-worker', [grids[1]]),
    account('worker-2', 'grid-worker', [...grids]),
    account('volunteer', 'volunteer', []),
  ];
  const coordinators = [
    account('coordinator-0', 'coordinator', []),
    account('coordinator-1', 'coordinator', []),
  ] as const;
  const administrator = account('administrator', 'administrator', []);
  const accounts = [...people, ...coordinators, administrator];
  const now = new Date(world.now()).toISOString();
  const origin = {
    since: now,
    from: 'import',
    by: administrator.id,
    confirmedAt: null,
    confirmedBy: null,
    how: null,
  } as const;
  const buildings = grids.map((gridId, index) => ({
    ...{ id: world.uuid(), gridId, compound: '东街', building: `${index + 1}` },
  }));
  const doors = buildings.flatMap(({ id, gridId, compound, building }) =>
    Array.from({ length: doorsEach }, (_, index) =>
      makeDoor(world, { buildingId: id, gridId, compound, building }, index, Number(building)),
    ),
  );

  await office.database.write(async (tx) => {
    await tx
      .insertInto('community')
      .values({
        ...{ community_id: communityId, name: '东街社区', epoch: world.uuid(), time_zone: 'Asia/Shanghai' },
        ...{ phone: '', location: 0, created_at: now, told_shape: shapeOfBodies },
      })
      .execute();
    await insertGrids(tx, communityId, [
      { id: grids[0], name: '第一网格', position: 1 },
      { id: grids[1], name: '第二网格', position: 2 },
    ]);
    for (const { id, username, name, role, grids: own } of accounts) {
      await tx
        .insertInto('account')
        .values({ community_id: communityId, id, username, name, role, created_at: now, ended_at: null })
        .execute();
      await giveSignIn(tx, { id, username, name }, now);
      for (const grid_id of own) {
        await tx
          .insertInto('account_grid')
          .values({ community_id: communityId, account_id: id, grid_id, from_at: now, until_at: null })
          .execute();
      }
    }
    await insertBuildings(tx, communityId, buildings, origin);
    await insertDwellings(
      tx,
      communityId,
      doors.map(({ dwelling }) => dwelling),
      origin,
    );
    await insertHouseholds(
      tx,
      communityId,
      doors.map(({ household }) => household),
      origin,
    );
    await insertResidents(
      tx,
      communityId,
      doors.flatMap(({ residents }) => residents),
      origin,
    );
    const carers = [people[0], people[3]].flatMap((person) => person?.id ?? []).sort();
    const plans = doors.slice(0, 2).map(({ residents }) => carePlan(communityId, residents[0]?.id ?? '', carers));
    await tx.insertInto('care_plan').values(plans).execute();
    for (const { resident_id } of plans) await setCarers(tx, communityId, resident_id, carers, `${day}T00:00:00.000Z`);
    await republishCommunity(tx, communityId);
    for (const grid of grids) await republishGrid(tx, communityId, grid);
    await republishDoors(
      tx,
      communityId,
      doors.map(({ dwelling }) => dwelling.id),
    );
    for (const { id } of accounts) await republishAccount(tx, communityId, id);
  });
  const round = { name: '冬季核实', kind: 'full', closesOn: '2027-01-31', gridIds: [...grids] };
  const started = await startRound(office, coordinators[0], round);
  if ('refused' in started) throw new Error(`the round was refused: ${started.refused}`);
  return { id: communityId, grids, people, coordinators, administrator };
}

type Place = { buildingId: string; gridId: string; compound: string; building: string };

/** Heads of households have names of their own; what they are called tells them apart. */
function makeDoor(world: World, place: Place, index: number, street: number) {
  const [dwellingId, householdId, headId, spouseId] = [world.uuid(), world.uuid(), world.uuid(), world.uuid()];
  const floor = Math.floor(index / 2) + 1;
  // Those of the first door are under the same numbers in both streets.
  const sequence = index * 2 + (index > 0 ? 100 * street : 0);
  const person = (id: string, name: string, birthDate: string, sex: '1' | '2', relation: '02' | '10') => ({
    ...{ id, householdId, dwellingId, name, sex, birthDate, relation, idType: 'resident-id' as const },
    idNumber: identityNumber(birthDate, sequence + (sex === '1' ? 1 : 2)),
    ...{ phone: '13800008979', residence: 'both-here' as const, registeredAddress: '', since: day },
    ...{ careGroups: [], presence: 'here' as const },
  });
  return {
    dwelling: {
      ...{ ...place, id: dwellingId, unit: '1', floor, room: `${floor}0${(index % 2) + 1}` },
      ...{ use: 'owner-occupied' as const, note: '', contactName: '', contactPhone: '' },
    },
    household: { id: householdId, dwellingId, kind: 'family' as const, tenure: 'owner' as const, headId, phone: '' },
    residents: [
      person(headId, `王${'东西'[street - 1]}${'春夏秋冬年'[index]}`, '1958-04-13', '1', '02'),
      person(spouseId, '李秀英', '1960-09-02', '2', '10'),
    ],
  };
}

/** A number of GB 11643 that holds, different for each `index`; its division is assigned to nobody. */
function identityNumber(birthDate: string, index: number): string {
  const seventeen = `620799${birthDate.replaceAll('-', '')}${String(index).padStart(3, '0')}`;
  return seventeen + checkCharacter(seventeen);
}

/** A care plan of a worker and a volunteer, every seven days. */
function carePlan(communityId: string, residentId: string, carers: readonly string[]) {
  const body = {
    ...{ residentId, services: ['company'], everyDays: 7, by: carers, from: day },
    ...{ until: null, pausedUntil: null, mustKnow: '听力不好，敲门重一点' },
  };
  return {
    ...{ community_id: communityId, resident_id: residentId, by_accounts: JSON.stringify(carers) },
    ...{ body: seal(JSON.stringify(body)), next_on: day, version: 1 },
  };
}
