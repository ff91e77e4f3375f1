/** What the register, the desk, coverage and care say of when: the office's time, whatever a phone's clock shows. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDays, dayOf, toTimestamp } from '../../src/lib/domain/calendar';
import { setCarePlan } from '../../src/lib/server/care/plans';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

const years = 3653 * 24 * 3600 * 1000;
let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
  await startRound(here.office, here.accounts.coordinator, {
    ...{ name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds: [here.grids[0]] },
  });
  here.forward(2 * 3_600_000);
});
afterEach(() => here.close());

/** The time of a phone whose clock is so far ahead. */
const clock = (ahead: number) => here.office.world.now() + ahead;
/** Saved and pushed at once by a phone whose clock is so far ahead. */
async function pushed(by: PhoneForTests, ahead: number, revision: Record<string, unknown>): Promise<void> {
  const device = { id: by.deviceId, app: 'test', clock: clock(ahead) };
  expect((await by.ask({ push: [revision], device })).receipts).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(here.office);
}
const recordedAt = (ahead: number) => toTimestamp(clock(ahead));
const doorItem = async () => {
  await phone.pull();
  return phone.item(`grid/${here.grids[0]}`, 'dwelling', at(here.doors, 0).id);
};
const today = () => dayOf(here.office.world.now());

test('[TIME-1] a verification of a phone ten years ahead or behind is of today in the register and at the desk', async () => {
  for (const ahead of [years, -years]) {
    const door = at(here.doors, ahead > 0 ? 0 : 1);
    const visit = await phone.verifies(door, { recordedAt: recordedAt(ahead) });
    await pushed(phone, ahead, visit);
    const page = await reviewPage(here.office, desk.account, { id: visit.id }, 'zh-CN');
    expect(dayOf(page.shown?.recordedAt ?? '')).toBe(today());
    expect(page.shown?.history.map((event) => dayOf(event.at))).toEqual([today()]);
    expect(await desk.approve(visit.id)).toHaveProperty('done');
    const shown = await doorPage(here.office, desk.account, door.id, 'zh-CN');
    expect(JSON.stringify(shown)).not.toMatch(/20(36|16)-/);
  }
  expect(await doorItem()).toMatchObject({ state: { verifiedAt: expect.stringContaining(today()) } });
});

test('[TIME-1] three tries within a minute of a phone whose clock jumps are one occasion, and of today', async () => {
  for (const ahead of [years, 0, -30 * 3_600_000]) {
    const body = { outcome: 'no-one-home', nextVisit: null };
    await pushed(phone, ahead, await phone.knocksInVain(at(here.doors, 0), { body, recordedAt: recordedAt(ahead) }));
  }
  const { state } = (await doorItem()) as { state: { attempts: { at: string }[] } };
  expect(state.attempts.map((attempt) => dayOf(attempt.at))).toEqual([today()]);
});

test('[TIME-2] a time that is right to the minute stands as the worker wrote it', async () => {
  const visitedAt = toTimestamp(clock(-3_600_000));
  const body = { outcome: 'no-one-home', nextVisit: null, visitedAt };
  await pushed(phone, 5_000, await phone.knocksInVain(at(here.doors, 0), { body }));
  expect(await doorItem()).toMatchObject({ state: { attempts: [{ at: visitedAt }] } });
});

test('[TIME-1] the next care visit is counted from the day of the office', async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  const head = at(at(at(here.doors, 0).households, 0).residents, 0).id;
  const plan = { services: ['company' as const], everyDays: 7, from: '2026-11-01', until: null, mustKnow: '' };
  await setCarePlan(here.office, here.accounts.coordinator, head, { ...plan, pausedUntil: null }, [
    volunteer.account.id,
  ]);
  const body = {
    ...{ outcome: 'met', present: 'in-person', services: [{ code: 'company', minutes: 30 }], condition: { mood: 3 } },
    ...{ hazards: [], needs: [], nextVisit: null, note: '', withVolunteers: [] },
  };
  const target = { type: 'resident', id: head } as const;
  const visit = await volunteer.revision({ kind: 'care-visit', target, body, recordedAt: recordedAt(years) });
  await pushed(volunteer, years, visit);
  expect(await desk.approve(visit.id)).toHaveProperty('done');
  await volunteer.pull();
  const recipient = [...volunteer.items].find(([key]) => key.includes(' recipient '))?.[1];
  expect(recipient).toMatchObject({
    plan: { nextOn: addDays(today(), 7) },
    visits: [{ at: expect.stringContaining(today()) }],
  });
});
