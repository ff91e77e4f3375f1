/** A person in care whose two records are joined (TWO-5): the visits of both count for the one, and for each again when it is undone. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { RecipientItem } from '../../src/lib/sync/items';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody, visitBody } from './phone-for-tests';

let here: TestOffice;
let desk: DeskForTests;
let volunteer: PhoneForTests;
/** In care at the first door, and known a second time at the next, by which the two are one. */
let inCare: string;
let next: TestDoor;
let survivor: string;

beforeEach(async () => {
  here = await openTestOffice();
  desk = new DeskForTests(here);
  volunteer = here.phone(here.accounts.volunteer);
  inCare = idsOf(at(here.doors, 0)).head;
  next = at(here.doors, 1);
  survivor = idsOf(next).head;
});
afterEach(() => here.close());

/** A visit to the person under that id. */
async function visit(target: string, note: string, body: Record<string, unknown> = {}): Promise<string> {
  here.forward(3_600_000);
  const made = { ...visitBody(note), ...body };
  const revision = await volunteer.revision({
    kind: 'care-visit',
    target: { type: 'resident', id: target },
    body: made,
  });
  expect(await volunteer.push(revision)).toMatchObject([{ status: 'stored' }]);
  await afterworkDone(here.office);
  return revision.id;
}

async function approved(...made: Parameters<typeof visit>): Promise<string> {
  const id = await visit(...made);
  expect(await desk.approve(id)).toHaveProperty('done');
  return id;
}

/** The worker at the next door says that who lives there is the person of the first; answers the record, approved. */
async function join(): Promise<string> {
  const { household, head, spouse } = idsOf(next);
  const one = {
    id: head,
    change: 'corrected',
    sameAs: inCare,
    residence: 'person-here',
    registeredAddress: '甘肃省民乐县',
  };
  const residents = [one, { id: spouse, change: 'unchanged' }];
  const worker = here.phone(here.accounts.worker);
  const record = await worker.verifies(next, {
    body: verifiedBody(next, { households: [{ id: household, residents }] }),
  });
  await worker.push(record);
  await runAfterwork(here.office);
  expect(await desk.approve(record.id)).toHaveProperty('done');
  return record.id;
}

/** What the volunteer's phone is told of the person under that id, while check finds nothing; null where nothing. */
async function told(person: string) {
  expect((await checkOffice(here.office)).findings).toEqual([]);
  await volunteer.pull();
  const item = volunteer.item(`account/${volunteer.account.id}`, 'recipient', person);
  if (!item) return null;
  const { plan, visits } = RecipientItem.parse(item);
  return { next: plan.nextOn, visits: visits.map(({ note }) => note) };
}

test('[TWO-5] visits that were approved before go along with the plan, and back', async () => {
  await approved(inCare, '初访', { nextVisit: '2027-02-02' });
  const joined = await join();
  expect(await told(survivor)).toEqual({ next: '2027-02-02', visits: ['初访'] });
  expect(await told(inCare)).toBeNull();
  await approved(survivor, '合并后', { nextVisit: '2027-03-03' });
  expect(await told(survivor)).toEqual({ next: '2027-03-03', visits: ['合并后', '初访'] });
  await desk.undo(joined);
  expect(await told(inCare)).toEqual({ next: '2027-02-02', visits: ['初访'] });
  expect(await told(survivor)).toBeNull();
});

test('[TWO-5] a visit under the old id that comes in later counts for the one, until its author changes it', async () => {
  const waiting = await visit(inCare, '合并前的', { nextVisit: '2027-02-02' });
  await join();
  expect(await desk.approve(waiting)).toHaveProperty('done');
  expect(await told(survivor)).toEqual({ next: '2027-02-02', visits: ['合并前的'] });
  const late = await approved(inCare, '路上的', { nextVisit: '2027-03-03' });
  expect(await told(survivor)).toEqual({ next: '2027-03-03', visits: ['路上的', '合并前的'] });
  const body = { ...visitBody('改过的'), nextVisit: '2027-04-04' };
  const target = { type: 'resident' as const, id: inCare };
  await volunteer.push(await volunteer.revision({ id: late, revision: 2, kind: 'care-visit', target, body }));
  await afterworkDone(here.office);
  expect(await told(survivor)).toEqual({ next: '2027-02-02', visits: ['合并前的'] });
});

test('a visit that was noted late stands where it was made, not where it was noted', async () => {
  const daysAgo = (days: number) => new Date(here.office.world.now() - days * 24 * 3_600_000).toISOString();
  await approved(inCare, '五天前', { visitedAt: daysAgo(5), nextVisit: '2027-02-02' });
  await approved(inCare, '补记的十天前', { visitedAt: daysAgo(10), nextVisit: '2027-01-01' });
  expect(await told(inCare)).toEqual({ next: '2027-02-02', visits: ['五天前', '补记的十天前'] });
});
