/** The demo community: its roster by the real import, its accounts, a round under way, and twelve days of work in it. */
import { addDays, dayOf } from '../../domain/calendar';
import { createAccount } from '../accounts/accounts';
import { createCommunity } from '../accounts/communities';
import { setCarePlan } from '../care/plans';
import type { Office, SignedIn } from '../office';
import { planImport } from '../roster/plan';
import { readRoster } from '../roster/read';
import { isRefusal, refusalText } from '../roster/refusal';
import { runImport } from '../roster/run';
import { understand } from '../roster/understand';
import { startRound } from '../rounds/rounds';
import { demoAccounts, demoCommunityName, demoPassword, type DemoUsername } from './accounts';
import { carePlans, type Scene, scenesOf } from './scenes';
import { allDoors } from './doors';
import roster from './roster.csv?raw';
import { dayTime, decideOn, type DemoPhone, push, type Pushed } from './work';
import type { DemoWorld } from './world';

export type DemoStaff = Record<DemoUsername, SignedIn>;

const inTheField = ['grid1', 'grid2', 'volunteer1'] as const;

/** Days of the round before today; the roster came in on the day before it. */
export const daysOfWork = 12;

/** `now`: milliseconds since 1970; everything happened before it. The office's world has to be `world`. */
export async function makeDemoCommunity(office: Office, world: DemoWorld, now: number): Promise<void> {
  const today = dayOf(now);
  const day = (ago: number) => addDays(today, -ago);
  world.setTime(dayTime(day(daysOfWork + 1), '08:30'));
  const { id: communityId } = await createCommunity(office, demoCommunityName);
  const desk = await makeStaff(office, communityId, ['admin1', 'coordinator1']);
  const coordinator = desk.coordinator1;
  if (!coordinator) throw new Error('the demo has no coordinator');

  await importRoster(office, communityId, coordinator.id);
  const field = await makeStaff(office, communityId, ['grid1', 'grid2', 'volunteer1']);
  const staff: Partial<DemoStaff> = { ...desk, ...field };

  world.setTime(dayTime(day(daysOfWork), '08:00'));
  const grids = await office.database.read((db) =>
    db.selectFrom('grid').select('id').where('community_id', '=', communityId).orderBy('position').execute(),
  );
  const started = await startRound(office, coordinator, {
    name: '冬季入户核实',
    kind: 'full',
    closesOn: day(-18),
    gridIds: grids.map(({ id }) => id),
  });
  if (!('id' in started)) throw new Error('the demo’s round was refused');

  const phones = {
    grid1: { id: world.uuid(), clockOffset: 0 },
    grid2: { id: world.uuid(), clockOffset: 4 * 60_000 },
    volunteer1: { id: world.uuid(), clockOffset: 0 },
  };
  const doors = await allDoors(office, communityId);
  const scenes = scenesOf(doors, { world, today, volunteerId: staff.volunteer1?.id ?? '' });
  for (let ago = daysOfWork; ago >= 0; ago -= 1) {
    await playDay(
      office,
      world,
      now,
      day(ago),
      scenes.filter((scene) => scene.daysAgo === ago),
      staff,
      phones,
    );
    if (ago !== daysOfWork - 1) continue;
    for (const { residentId, plan } of carePlans(doors, day)) {
      await setCarePlan(office, coordinator, residentId, plan, [staff.volunteer1?.id ?? '']);
    }
  }
}

/** A day: each worker's phone sends what it has in the evening, and the coordinator decides the next morning. */
async function playDay(
  office: Office,
  world: DemoWorld,
  now: number,
  day: string,
  scenes: readonly Scene[],
  staff: Partial<DemoStaff>,
  phones: Record<(typeof inTheField)[number], DemoPhone>,
): Promise<void> {
  const pushed: Pushed[] = [];
  for (const username of inTheField) {
    const account = staff[username];
    const own = scenes.filter((scene) => scene.by === username);
    if (!account || own.length === 0) continue;
    world.setTime(Math.min(now, dayTime(day, '20:40')));
    pushed.push(...(await push(office, account, phones[username], day, own)));
  }
  const coordinator = staff.coordinator1;
  if (!coordinator) return;
  world.setTime(Math.min(now, dayTime(addDays(day, 1), '09:10')));
  for (const record of pushed) await decideOn(office, coordinator, record);
}

async function makeStaff(
  office: Office,
  communityId: string,
  usernames: readonly DemoUsername[],
): Promise<Partial<DemoStaff>> {
  const grids = await office.database.read((db) =>
    db.selectFrom('grid').select(['id', 'name']).where('community_id', '=', communityId).execute(),
  );
  const staff: Partial<DemoStaff> = {};
  for (const { username, name, role, grid } of demoAccounts) {
    if (!usernames.includes(username)) continue;
    const own = grids.filter((known) => known.name === grid).map(({ id }) => id);
    const { id } = await createAccount(office, communityId, {
      username,
      name,
      role,
      grids: own,
      password: demoPassword,
    });
    staff[username] = { communityId, id, username, name, role, grids: own };
  }
  return staff;
}

async function importRoster(office: Office, communityId: string, by: string): Promise<void> {
  const sheets = await readRoster(new TextEncoder().encode(roster), '东街社区底册.csv');
  if (isRefusal(sheets)) throw new Error(refusalText(sheets));
  const understanding = understand(sheets, dayOf(office.world.now()));
  if (isRefusal(understanding)) throw new Error(refusalText(understanding));
  const plan = await office.database.read((db) => planImport(db, communityId, understanding));
  await runImport(office, communityId, plan, { by });
}
