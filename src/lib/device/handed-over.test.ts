import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { filterOf } from './door-work';
import { BUILDING, grid, GRID, GRID_FEED, id, knock, noOneHome, round } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';

const HOUR_MS = 3_600_000;
const time = (at: number) => new Date(at).toISOString();

/** 401 was handed back, and the office knows of it. */
async function handedBack() {
  const account = newAccount();
  const office = officeWithDoors(account);
  const phone = await openTestPhone(office, account);
  office.clock = () => phone.world.now();
  const reason = { reason: 'no-time', proposed: null, note: '' };
  await phone.save(
    knock(id(900), id(13), reason, { kind: 'hand-back', form: { id: 'hand-back', version: 1 }, basis: {} }),
  );
  await phone.syncNow();
  const decide = async (review: 'approved' | 'pending' | 'voided') => {
    office.decide(id(900), review, { decidedAt: review === 'pending' ? null : time(phone.world.now()), by: '李' });
    await phone.syncNow();
  };
  const stands = () => {
    const view = phone.register.door(id(13));
    return {
      left: phone.register.buildings()[0]?.toDo,
      over: view?.handedOver,
      open: view && filterOf(view, true) === 'open',
      next: phone.register.nextDoor(id(12))?.door.room,
      stair: phone.register.stairToDo(BUILDING, '1').map(({ door }) => door.room),
    };
  };
  return { office, phone, decide, stands };
}

const mine = { left: 4, over: false, open: true, stair: ['301', '302', '401'] };
const theirs = { left: 3, over: true, open: false, stair: ['301', '302'] };

it('a door that was handed back stays to do until the office agrees; then it is in no list of what is left', async () => {
  const { phone, decide, stands } = await handedBack();
  expect(stands()).toMatchObject(mine);
  await decide('approved');
  expect(stands()).toMatchObject(theirs);
  // Undone at the office, and answered the other way.
  await decide('pending');
  expect(stands()).toMatchObject(mine);
  await decide('voided');
  expect(stands()).toMatchObject(mine);
  await phone.close();
});

it('the next door is never one that somebody else goes to', async () => {
  const { phone, decide, stands } = await handedBack();
  await phone.save(knock(id(901), id(11), { ...noOneHome }));
  expect(stands().next).toBe('401');
  await decide('approved');
  expect(stands().next).toBe('101');
  await phone.close();
});

it('who goes all the same has the door back, and a new round gives it back, too', async () => {
  const { office, phone, decide, stands } = await handedBack();
  await phone.save(knock(id(901), id(13), { ...noOneHome }));
  await phone.world.advance(HOUR_MS);
  await decide('approved');
  // Tried before the office agreed: nothing is taken back by that.
  expect(stands()).toMatchObject(theirs);
  await phone.world.advance(HOUR_MS);
  await phone.save(knock(id(902), id(13), { ...noOneHome }));
  expect(stands()).toMatchObject({ left: 4, over: false, open: true });
  await phone.discard(id(902), 1);
  expect(stands()).toMatchObject(theirs);
  office.publish(GRID_FEED, 'grid', GRID, grid([round({ id: id(6), startsOn: '2026-12-01' })]));
  await phone.syncNow();
  expect(stands()).toMatchObject({ left: 4, over: false, open: true });
  await phone.close();
});
