/** Care groups stand in the register with the consent that was asked for at the door; a record says where it was saved. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
  door = at(here.doors, 0);
});
afterEach(() => here.close());

/** The head's care groups, as the spouse tells them; approved. */
async function told(careGroups: string[], draft: Record<string, unknown> = {}): Promise<string> {
  const { household, head, spouse } = idsOf(door);
  const body = verifiedBody(door, {
    informant: { residentId: spouse, kind: 'member' },
    households: [
      {
        id: household,
        residents: [
          { id: head, change: 'corrected', careGroups },
          { id: spouse, change: 'unchanged' },
        ],
      },
    ],
  });
  const revision = await phone.verifies(door, { body, ...draft });
  expect((await phone.push(revision))[0]).toMatchObject({ status: 'stored' });
  expect(await desk.approve(revision.id)).toHaveProperty('done');
  return revision.id;
}
const headOf = async () =>
  (await desk.door(door.id)).households[0]?.residents.find(({ id }) => id === idsOf(door).head);

test('care groups come with who consented and on which day, in the register and its history', async () => {
  await told(['living-alone-elderly'], { recordedAt: new Date(here.office.world.now()).toISOString() });
  const head = await headOf();
  expect(head).toMatchObject({
    careGroups: ['living-alone-elderly'],
    consent: { by: '李秀英', on: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) },
  });
  const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'consent');
  expect(change).toMatchObject({ after: { by: '李秀英' }, source: 'submission' });
});

test('care groups that are taken back leave the consent with the day of its end', async () => {
  await told(['living-alone-elderly']);
  await told([]);
  expect(await headOf()).toMatchObject({
    careGroups: [],
    consent: { by: '李秀英', withdrawnOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) },
  });
});

test('an undone approval takes the consent back too', async () => {
  const id = await told(['living-alone-elderly']);
  expect(await desk.undo(id)).toHaveProperty('done');
  expect(await headOf()).not.toHaveProperty('consent');
});

test('[SCO-7] who consented stays at the office, and makes no basis old', async () => {
  await told(['living-alone-elderly']);
  await phone.pull();
  const item = phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id);
  expect(JSON.stringify(item)).toContain('living-alone-elderly');
  expect(JSON.stringify(item)).not.toContain('"by"');
  const [change] = (await phone.ask({ have: {} })).feeds
    .flatMap(({ changes }) => changes)
    .filter(({ id }) => id === door.id);
  const next = await phone.verifies(door, { basis: { [door.id]: change?.version } });
  await phone.push(next);
  expect((await desk.open(next.id)).stale).toBe(false);
});

test('a record that says where it was saved shows it at the desk', async () => {
  const location = { lat: 38.43412, lon: 100.81234, accuracyMetres: 12 };
  const revision = await phone.verifies(door, { location });
  await phone.push(revision);
  const { shown } = await reviewPage(here.office, here.accounts.coordinator, { id: revision.id }, 'zh-CN');
  expect(shown?.location).toEqual(location);
});
