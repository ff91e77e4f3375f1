/** What phones are told of people in care follows whatever it tells of: other accounts, and visits whose approval is open again (FEED-10, TWO-4). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAccount, endAccount } from '../../src/lib/server/accounts/accounts';
import * as planning from '../../src/lib/server/care/ask-planning';
import { type CarePlan, setCarePlan } from '../../src/lib/server/care/plans';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { dayOf } from '../../src/lib/domain/calendar';
import { RecipientItem } from '../../src/lib/sync/items';
import { partKey } from '../../src/lib/server/quarantine/part';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, visitBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let person: string;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.volunteer);
  desk = new DeskForTests(here);
  person = idsOf(at(here.doors, 0)).head;
});
afterEach(() => here.close());

/** As the volunteer's phone has it after a sync. */
async function told(): Promise<RecipientItem> {
  await phone.pull();
  return RecipientItem.parse(phone.item(`account/${phone.account.id}`, 'recipient', person));
}
const isWhole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

test('who cares for somebody together with an account that ends is told so', async () => {
  const { coordinator, volunteer, administrator } = here.accounts;
  const other = await createAccount(here.office, here.communityId, {
    username: 'second-volunteer',
    name: '李志愿',
    role: 'volunteer',
    grids: [],
  });
  const plan: CarePlan = {
    services: ['company'],
    everyDays: 7,
    from: '2026-11-01',
    until: null,
    mustKnow: '',
    pausedUntil: null,
  };
  await setCarePlan(here.office, coordinator, person, plan, [volunteer.id, other.id]);
  expect((await told()).plan.volunteers).toEqual([{ id: other.id, name: '李志愿' }]);
  await isWhole();
  await endAccount(here.office, here.communityId, other.id, administrator);
  expect((await told()).plan.volunteers).toEqual([]);
  await isWhole();
});

/** The plan's next date, as the office has it and as the phone shows it, with the notes of the visits that count. */
async function standing() {
  const { plan, visits } = await told();
  const row = await here.office.database.read((db) =>
    db.selectFrom('care_plan').select('next_on').where('resident_id', '=', person).executeTakeFirstOrThrow(),
  );
  expect(plan.nextOn).toBe(row.next_on);
  await isWhole();
  return { next: plan.nextOn, visits: visits.map(({ note }) => note) };
}

/** Where no visit counts: the plan's first day. */
const nothing = { next: '2026-01-01', visits: [] };

async function visits(note: string, nextVisit: string, draft: Record<string, unknown> = {}): Promise<Pushed> {
  const target = { type: 'resident', id: person };
  const body = { ...visitBody(note), nextVisit };
  const visit = await phone.revision({ kind: 'care-visit', target, body, ...draft });
  await phone.push(visit);
  await afterworkDone(here.office);
  return visit;
}

test('[TWO-4] [FEED-10] an approved visit that its author corrects counts no more, nor when it was decided upon', async () => {
  const { id } = await visits('初访', '2027-02-02');
  await desk.approve(id);
  const first = { next: '2027-02-02', visits: ['初访'] };
  expect(await standing()).toEqual(first);

  await visits('更正', '2027-03-03', { id, revision: 2 });
  expect(await standing()).toEqual(nothing);
  await desk.sendBack(id);
  expect(await standing()).toEqual(nothing);
  await desk.undo(id);
  expect(await standing()).toEqual(nothing);
  await desk.void(id);
  expect(await standing()).toEqual(nothing);
  await desk.undo(id);
  await desk.approve(id);
  expect(await standing()).toEqual({ next: '2027-03-03', visits: ['更正'] });
  await desk.undo(id);
  expect(await standing()).toEqual(nothing);
});

test.each([
  ['somebody died', { outcome: 'died', services: [], condition: null, nextVisit: null }],
  ['somebody moved away', { outcome: 'moved-away', services: [], condition: null, nextVisit: null }],
  ['somebody wants no visits any more', { stopVisits: true }],
  ['somebody was not met and wants none', { outcome: 'not-met', services: [], condition: null, stopVisits: true }],
  ['somebody is away and wants none', { outcome: 'away', services: [], condition: null, stopVisits: true }],
])('where %s nobody is sent there again until the office makes another plan', async (_name, said) => {
  const { id } = await visits('来过', '2027-02-02', {
    body: { ...visitBody('来过'), nextVisit: '2027-02-02', ...said },
  });
  expect(await desk.approve(id)).toHaveProperty('done');
  expect(await standing()).toEqual({ next: null, visits: ['来过'] });
  const plan: CarePlan = {
    ...{ services: ['company'], everyDays: 7, from: '2027-05-01', until: null, mustKnow: '', pausedUntil: null },
  };
  await setCarePlan(here.office, here.accounts.coordinator, person, plan, [here.accounts.volunteer.id]);
  expect(await standing()).toEqual({ next: '2027-05-01', visits: ['来过'] });
  // One that begins on the day of the visit was made before anybody knew.
  for (const from of [dayOf(here.office.world.now()), '2026-01-01']) {
    await setCarePlan(here.office, here.accounts.coordinator, person, { ...plan, from }, [here.accounts.volunteer.id]);
    expect(await standing()).toEqual({ next: null, visits: ['来过'] });
  }
  await desk.undo(id);
  expect(await standing()).toEqual(nothing);
});

test.each([
  ['not-met', '2027-01-20'],
  ['away', '2027-01-20'],
  ['in-hospital', null],
])('who knocks in vain (%s) after a death sends nobody there', async (outcome, nextVisit) => {
  const said = { services: [], condition: null, nextVisit: null };
  await desk.approve((await visits('去世', '', { body: { ...visitBody('去世'), ...said, outcome: 'died' } })).id);
  here.forward(3_600_000);
  const later = { ...visitBody('不知道'), ...said, outcome, nextVisit };
  const { id } = await visits('不知道', '', { body: later });
  expect(await desk.approve(id)).toHaveProperty('done');
  expect(await standing()).toEqual({ next: null, visits: ['不知道', '去世'] });
  here.forward(3_600_000);
  await desk.approve((await visits('还在', '2027-02-02')).id);
  expect(await standing()).toMatchObject({ next: '2027-02-02' });
});

test('who was not met is visited on the day that was planned, unless another was agreed', async () => {
  const vain = { ...visitBody('没遇到'), outcome: 'not-met', services: [], condition: null };
  await desk.approve((await visits('初访', '2027-02-02')).id);
  here.forward(3_600_000);
  await desk.approve((await visits('没遇到', '', { body: vain })).id);
  expect(await standing()).toEqual({ next: '2027-02-02', visits: ['没遇到', '初访'] });
  here.forward(3_600_000);
  await desk.approve((await visits('改日', '', { body: { ...vain, note: '改日', nextVisit: '2027-01-20' } })).id);
  expect(await standing()).toMatchObject({ next: '2027-01-20' });
});

test('[TWO-4] nor one that is corrected to be about another', async () => {
  const { id } = await visits('初访', '2027-02-02');
  await desk.approve(id);
  const other = { type: 'resident', id: idsOf(at(here.doors, 0)).spouse };
  await visits('更正', '2027-03-03', { id, revision: 2, target: other });
  expect(await standing()).toEqual(nothing);
});

test('[FEED-10] a crash before the plan was made anew leaves it to be done by the next start', async () => {
  const { id } = await visits('初访', '2027-02-02');
  await desk.approve(id);
  const second = await phone.revision({
    ...{ id, revision: 2, kind: 'care-visit', target: { type: 'resident', id: person } },
    body: visitBody('更正'),
  });
  vi.spyOn(planning, 'planAnew').mockRejectedValueOnce(new TypeError('a mistake of ours'));
  await phone.push(second);
  await afterworkDone(here.office);
  expect((await told()).visits).toHaveLength(1);
  await isWhole(); // what is left to be done is no damage
  await runAfterwork(here.office);
  expect(await standing()).toEqual(nothing);
});

test('[REC-3] of two copies about two people the one that counts is told, whichever is chosen', async () => {
  const { id } = await visits('初访', '2027-02-02');
  const other = { type: 'resident', id: idsOf(at(here.doors, 0)).spouse };
  const copy = await visits('另一份', '2027-03-03', { id, target: other });
  await desk.approve(id);
  const rows = await here.office.database.read((db) => db.selectFrom('revision').selectAll().execute());
  const choose = partKey(
    at(
      rows.filter(({ digest }) => digest === copy.digest),
      0,
    ),
  );
  expect(await desk.take({ ...(await desk.seen(id)), kind: 'accept', choose })).toHaveProperty('done');
  expect(await standing()).toEqual(nothing);
  await desk.undo(id);
  expect(await standing()).toEqual({ next: '2027-02-02', visits: ['初访'] });
});
