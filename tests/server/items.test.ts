import { afterEach, beforeEach, expect, test } from 'vitest';
import { itemSchemas } from '../../src/lib/sync/items';
import { republishRecipient } from '../../src/lib/server/feeds/republish';
import { refreshCommunities } from '../../src/lib/server/feeds/refresh';
import { seal } from '../../src/lib/server/codec';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
beforeEach(async () => {
  here = await openTestOffice();
});
afterEach(() => here.close());

const typesOf = (items: ReadonlyMap<string, unknown>) =>
  Object.fromEntries(
    [...Map.groupBy(items.keys(), (key) => key.split(' ').at(1) ?? '')].map(([type, keys]) => [type, keys.length]),
  );

test('every item that is told is of the shape that phones read', async () => {
  const phone = here.phone(here.accounts.worker);
  await phone.push(await phone.verifies(at(here.doors, 0)), await phone.knocksInVain(at(here.doors, 1)));
  await afterworkDone(here.office);
  const volunteer = here.phone(here.accounts.volunteer);
  await Promise.all([phone.pull(), volunteer.pull()]);
  for (const [key, body] of [...phone.items, ...volunteer.items]) {
    const type = key.split(' ').at(1) as keyof typeof itemSchemas;
    const parsed = itemSchemas[type].safeParse(body);
    expect([key, parsed.error?.issues]).toEqual([key, undefined]);
  }
});

test("a worker's phone has its grid, its profile, its records and what everybody may see", async () => {
  const phone = here.phone(here.accounts.worker);
  await phone.push(await phone.verifies(at(here.doors, 0)));
  await phone.pull();
  expect(typesOf(phone.items)).toEqual({
    community: 1,
    form: 4,
    'code-list': 30,
    grid: 1,
    building: 1,
    dwelling: 4,
    profile: 1,
    submission: 1,
  });
});

test("a volunteer's phone has the people in her care, and no register", async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  await volunteer.pull();
  expect(typesOf(volunteer.items)).toEqual({ community: 1, form: 4, 'code-list': 30, profile: 1, recipient: 1 });
  const person = at(at(at(here.doors, 0).households, 0).residents, 0);
  expect(volunteer.item(`account/${here.accounts.volunteer.id}`, 'recipient', person.id)).toMatchObject({
    name: '王建国',
    address: { compound: '东街', building: '1', unit: '1', floor: 1, room: '101' },
    plan: { everyDays: 7, mustKnow: '听力不好，敲门重一点', nextOn: '2026-01-01' },
    visits: [],
  });
});

test('contacts go down to recipients only', async () => {
  const person = at(at(at(here.doors, 0).households, 0).residents, 0);
  const contacts = [{ kind: 'guardian', name: '王芳', phone: '13811112222' }];
  await here.office.database.write(async (tx) => {
    const row = await tx.selectFrom('resident').select('body').where('id', '=', person.id).executeTakeFirstOrThrow();
    const body = seal(JSON.stringify({ ...JSON.parse(row.body), contacts }));
    await tx.updateTable('resident').set({ body }).where('id', '=', person.id).execute();
    const { republishDoors } = await import('../../src/lib/server/feeds/republish');
    await republishDoors(tx, here.communityId, [at(here.doors, 0).id]);
    await republishRecipient(tx, here.communityId, person.id);
  });
  const phone = here.phone(here.accounts.worker);
  const volunteer = here.phone(here.accounts.volunteer);
  await Promise.all([phone.pull(), volunteer.pull()]);
  expect(JSON.stringify([...phone.items.values()])).not.toContain('13811112222');
  expect(JSON.stringify([...volunteer.items.values()])).toContain('13811112222');
});

test('who stops caring for somebody is told that they left', async () => {
  const person = at(at(at(here.doors, 0).households, 0).residents, 0);
  const volunteer = here.phone(here.accounts.volunteer);
  await volunteer.pull();
  await here.office.database.write(async (tx) => {
    await tx.updateTable('care_plan').set({ by_accounts: '[]' }).execute();
    await republishRecipient(tx, here.communityId, person.id);
  });
  await volunteer.pull();
  expect(volunteer.item(`account/${here.accounts.volunteer.id}`, 'recipient', person.id)).toBeUndefined();
});

test('people who moved away or died are on no phone any more', async () => {
  const [first, second] = at(at(here.doors, 0).households, 0).residents;
  await here.office.database.write(async (tx) => {
    const { updateResident } = await import('../../src/lib/server/register/rows');
    const { republishDoors } = await import('../../src/lib/server/feeds/republish');
    const now = '2026-11-23T00:00:00.000Z';
    const origin = {
      since: now,
      from: 'correction',
      by: 'x',
      confirmedAt: null,
      confirmedBy: null,
      how: null,
    } as const;
    await updateResident(tx, here.communityId, second?.id ?? '', { fields: { presence: 'moved-away' } }, origin);
    await republishDoors(tx, here.communityId, [at(here.doors, 0).id]);
  });
  const phone = here.phone(here.accounts.worker);
  await phone.pull();
  const door = JSON.stringify(phone.item(`grid/${here.grids[0]}`, 'dwelling', at(here.doors, 0).id));
  expect(door).toContain(first?.id);
  expect(door).not.toContain(second?.id);
});

test('forms and code lists of a new version are told at the next start, and only where they differ', async () => {
  const feed = `community/${here.communityId}`;
  const phone = here.phone(here.accounts.worker);
  await phone.pull();
  await refreshCommunities(here.office);
  expect(at((await phone.ask()).feeds, 0)).toMatchObject({ version: phone.have[feed], changes: [] });
  await here.office.database.write((tx) =>
    tx
      .updateTable('feed_item')
      .set({ body: seal('{"id":"concern","version":0}') })
      .where('item_id', '=', 'concern@1')
      .execute(),
  );
  await refreshCommunities(here.office);
  const answer = await phone.ask();
  expect(at(answer.feeds, 0).changes.map(({ type, id }) => [type, id])).toEqual([['form', 'concern@1']]);
});
