import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { notVisited } from '../sync/items';
import { BUILDING, dwelling, grid, GRID, GRID_FEED, household, id, knock, resident, round } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld, START } from './testing/test-world';

const verified = {
  outcome: 'verified',
  informant: { residentId: id(100), name: '王秀兰' },
  dwelling: {},
  households: [{ id: id(50), residents: [{ id: id(100), change: 'corrected', phone: '13911112222' }] }],
  noticeGiven: true,
};

it('counts in a new round only what was seen since it began, as the office does', async () => {
  const account = newAccount();
  const office = officeWithDoors(account);
  const phone = await openTestPhone(office, account);
  await phone.save(knock(id(900), id(11), verified));
  await phone.save(knock(id(901), id(12), { ...verified, outcome: 'vacant', visitedAt: '2026-11-21T10:00:00+08:00' }));
  await phone.syncNow();
  const figures = () => phone.register.buildings()[0];
  expect(figures()).toMatchObject({ verified: 2, toDo: 2 });

  const next = round({ id: id(6), startsOn: '2026-11-22' });
  const door = dwelling(12, { room: '302', households: [household(51, resident(101))], state: notVisited(next.id) });
  office.publish(GRID_FEED, 'dwelling', id(12), door);
  office.publish(GRID_FEED, 'grid', GRID, grid([next]));
  await phone.syncNow();
  expect(figures()).toMatchObject({ verified: 1, toDo: 3 });
  expect(phone.register.door(id(12))?.door.state.outcome).toBe('not-visited');
  expect(phone.register.stairToDo(BUILDING, '1').map(({ door: one }) => one.room)).toEqual(['302', '401']);

  office.publish(GRID_FEED, 'grid', GRID, grid([{ ...next, startsOn: '2026-12-01' }]));
  await phone.syncNow();
  expect(figures()).toMatchObject({ verified: 0, toDo: 4 });
  expect(phone.register.door(id(11))?.door.households[0]?.residents[0]?.phone).toBe('13911112222');
  await phone.close();
});

it.each([3650, -3650])('keeps a door done when the clock jumps after its visit: by %i days', async (days) => {
  const account = newAccount();
  const office = officeWithDoors(account);
  const world = makeTestWorld();
  office.clock = () => START + 60_000;
  const phone = await openTestPhone(office, account, { world });
  await phone.save(knock(id(900), id(11), verified));
  await phone.syncNow();
  expect(phone.register.buildings()[0]).toMatchObject({ verified: 1, toDo: 3 });

  world.jump(days * 24 * 3600_000);
  await phone.save(knock(id(901), id(12), { ...verified, outcome: 'vacant' }));
  await phone.syncNow();
  expect(phone.syncState().clockAhead).not.toBe(0);
  expect(phone.register.buildings()[0]).toMatchObject({ verified: 2, toDo: 2 });
  await phone.close();
});

it('says the same of a door when it is opened anew days later, without a sync between', async () => {
  const account = newAccount();
  const office = officeWithDoors(account);
  const world = makeTestWorld();
  office.clock = () => START;
  office.publish(GRID_FEED, 'grid', GRID, grid([round({ startsOn: '2026-11-26' })]));
  world.jump(5 * 24 * 3600_000);
  const phone = await openTestPhone(office, account, { world });
  await phone.save(knock(id(900), id(11), verified));
  await phone.syncNow();
  const shown = phone.register.buildings();
  office.fault = () => ({ kind: 'no-connection' });
  await phone.close();
  world.jump(6 * 24 * 3600_000);
  const again = await openTestPhone(office, account, { world });
  expect(again.register.buildings()).toEqual(shown);
  expect(shown[0]).toMatchObject({ verified: 0 });
  await again.close();
});
