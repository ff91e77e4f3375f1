import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Updateable } from 'kysely';
import { assignGrids } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import type { Transaction } from '../../src/lib/server/database/open';
import type { FeedPastTable } from '../../src/lib/server/database/tables';
import { seal } from '../../src/lib/server/codec';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
/** Brought a newcomer and was approved; sent back, and corrected since. */
let approved: Pushed;
let returned: Pushed;
const newcomer = '01a20621-0000-7000-8000-000000000001';

beforeEach(async () => {
  here = await openTestOffice();
  const phone = here.phone(here.accounts.worker);
  const moved = { ...verifiedBody(at(here.doors, 0)), households: [withNewcomer(at(here.doors, 0), newcomer)] };
  approved = await phone.verifies(at(here.doors, 0), { body: moved });
  returned = await phone.verifies(at(here.doors, 1));
  await phone.push(approved, returned);
  const desk = new DeskForTests(here);
  expect(await desk.approve(approved.id)).toHaveProperty('done');
  expect(await desk.sendBack(returned.id)).toHaveProperty('done');
  // What was sent back comes again: its older revision stands in the history alone.
  await phone.push(await phone.revision({ ...returned, digest: undefined, revision: 2 }));
});
afterEach(() => here.close());

function withNewcomer(door: TestDoor, id: string) {
  const household = door.households[0];
  const person = {
    ...{ id, change: 'moved-in', name: '王芳', sex: '2', birthDate: '1990', idType: 'resident-id' },
    ...{ relation: '97', residence: 'migrant', presence: 'here' },
  };
  const residents = household?.residents.map((resident) => ({ id: resident.id, change: 'unchanged' })) ?? [];
  return { id: household?.id, residents: [...residents, person] };
}

const findings = async () => (await checkOffice(here.office)).findings;
const change = (run: (tx: Transaction) => Promise<unknown>) => here.office.database.write(run);

test('an office at work is whole, and everything of it was looked at', async () => {
  const { counts, findings: found } = await checkOffice(here.office);
  expect(found).toEqual([]);
  expect(counts).toMatchObject({ doors: 8, receipts: 3, submissions: 2, decisions: 2 });
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

test('grids that an office gave while its clock was a day ahead are in order when it is a day behind', async () => {
  const { communityId, id } = here.accounts.worker;
  const day = 24 * 3600 * 1000;
  here.forward(day);
  await assignGrids(here.office, communityId, id, []);
  await assignGrids(here.office, communityId, id, [...here.grids]);
  here.forward(-2 * day);
  expect(await findings()).toEqual([]);
});

test('doors that are not told yet of a round which has just been closed are no damage, and it is said that they were not compared', async () => {
  const { communityId, coordinator } = { communityId: here.communityId, coordinator: here.accounts.coordinator };
  const round = { name: '冬季核实', kind: 'full', closesOn: '2099-01-31', gridIds: [...here.grids] };
  await startRound(here.office, coordinator, round);
  expect(await checkOffice(here.office)).toMatchObject({ findings: [], renewing: [] });
  const at = new Date(here.office.world.now()).toISOString();
  await change(async (tx) => {
    await tx.updateTable('round').set({ closed_at: at }).execute();
    const { id } = await tx.selectFrom('round').select('id').executeTakeFirstOrThrow();
    await tx
      .insertInto('afterwork')
      .values({ community_id: communityId, submission_id: id, kind: 'round', at })
      .execute();
  });
  expect(await checkOffice(here.office)).toMatchObject({ findings: [], renewing: [communityId] });
  await runAfterwork(here.office);
  expect(await checkOffice(here.office)).toMatchObject({ findings: [], renewing: [] });
});

test('a feed whose version is behind its items is found', async () => {
  await change((tx) => tx.updateTable('feed').set({ version: 1 }).where('id', '=', `grid/${here.grids[0]}`).execute());
  expect((await findings()).map(({ check }) => check)).toContain('feeds');
});

test('a door that phones are not told of, or otherwise than the register has it, is found', async () => {
  const [untold, other] = [at(here.doors, 2), at(here.doors, 3)];
  await change((tx) => tx.deleteFrom('feed_item').where('item_id', '=', untold.id).execute());
  await change((tx) =>
    tx
      .updateTable('feed_item')
      .set({ body: seal('{}') })
      .where('item_id', '=', other.id)
      .execute(),
  );
  const subjects = (await findings()).filter(({ check }) => check === 'doors').map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(new Set([`dwelling ${untold.id}`, `dwelling ${other.id}`]));
});

test('a revision whose text is not what its digest was made of is found', async () => {
  await change((tx) =>
    tx
      .updateTable('revision')
      .set({ text: seal('{"id":"other"}') })
      .execute(),
  );
  expect((await findings()).filter(({ check }) => check === 'receipts')).toHaveLength(3);
});

test('a submission without its revision, and a row that names nobody, are found', async () => {
  await change((tx) => tx.deleteFrom('revision').execute());
  await change((tx) => tx.deleteFrom('grid').where('id', '=', here.grids[1]).execute());
  const checks = new Set((await findings()).map(({ check }) => check));
  expect(checks).toEqual(new Set(['references', 'told', 'submissions', 'decisions']));
});

test('a value that nobody is known to have changed is found', async () => {
  const door = at(here.doors, 0);
  await change((tx) => tx.deleteFrom('register_change').where('entity_id', '=', door.id).execute());
  expect(await findings()).toMatchObject([{ check: 'history', subject: `dwelling ${door.id}` }]);
});

test.each(['building', 'grid', 'community', 'form', 'code-list', 'profile', 'submission'] as const)(
  'a phone that is not told of a %s that the office holds is found',
  async (type) => {
    // An approved record may have left its author's feed; one that is open may not.
    const { id } = returned;
    await change((tx) =>
      tx
        .deleteFrom('feed_item')
        .where('type', '=', type)
        .$if(type === 'submission', (query) => query.where('item_id', '=', id))
        .execute(),
    );
    const told = (await findings()).filter(({ check }) => check === 'told');
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ what }) => what))).toEqual(new Set(['is not told']));
  },
);

test('a receipt that does not go with its problems, and an approval without a decision, are found', async () => {
  await change((tx) => tx.updateTable('revision').set({ status: 'quarantined' }).execute());
  await change((tx) =>
    tx.updateTable('submission').set({ decision_id: null }).where('review', '=', 'approved').execute(),
  );
  const whats = (await findings()).map(({ what }) => what);
  expect(whats.filter((what) => what.startsWith('its receipt says quarantined'))).toHaveLength(3);
  expect(whats).toContain('is approved without a decision');
});

test('an older revision that was decided on and is gone is found', async () => {
  await change((tx) =>
    tx.deleteFrom('revision').where('submission_id', '=', returned.id).where('revision', '=', 1).execute(),
  );
  expect(await findings()).toMatchObject([
    { check: 'decisions', what: `revision ${returned.id}/1, on which it was taken, is not there` },
  ]);
});

test('a decision that is gone, and one that nobody knows of any more, are found', async () => {
  const decision = await here.office.database.read((db) =>
    db.selectFrom('decision').selectAll().where('submission_id', '=', returned.id).executeTakeFirstOrThrow(),
  );
  await change((tx) => tx.deleteFrom('decision').where('id', '=', decision.id).execute());
  await change((tx) =>
    tx.updateTable('submission').set({ decision_id: decision.id }).where('id', '=', returned.id).execute(),
  );
  expect((await findings()).map(({ subject }) => subject)).toContain(`submission.decision_id ${decision.id}`);
  await change((tx) => tx.insertInto('decision').values(decision).execute());
  expect(await findings()).toEqual([]);
  await change((tx) => tx.updateTable('submission').set({ decision_id: null }).where('id', '=', returned.id).execute());
  expect(await findings()).toContainEqual(
    expect.objectContaining({ check: 'decisions', what: 'neither its record nor a later decision knows of it' }),
  );
});

test('an approval of which an effect is gone is found: it could not be undone', async () => {
  await change((tx) => tx.deleteFrom('decision_effect').where('entity_id', '=', newcomer).execute());
  expect(await findings()).toMatchObject([
    { check: 'effects', what: `what it did to resident ${newcomer} is not known` },
  ]);
});

test('an effect that an undo could not read is found', async () => {
  await change((tx) =>
    tx
      .updateTable('decision_effect')
      .set({ before: seal('{"type":') })
      .where('entity_id', '=', newcomer)
      .execute(),
  );
  expect(await findings()).toMatchObject([
    { check: 'effects', what: `how resident ${newcomer} stood before it cannot be read` },
  ]);
});

test('a proposal that is gone, and one that no revision makes, are found', async () => {
  await change((tx) => tx.updateTable('proposal').set({ id: 'somebody' }).where('id', '=', newcomer).execute());
  const subject = `submission ${approved.id}`;
  expect(await findings()).toMatchObject([
    { check: 'proposals', subject, what: `resident ${newcomer}, which it brings, is not known` },
    { check: 'proposals', subject, what: 'resident somebody is known from a revision that is not there' },
  ]);
});

test('the basis of a record that is gone is found, and what a restored backup lacks is not', async () => {
  await change((tx) => tx.deleteFrom('feed_past').execute());
  expect(await findings()).toMatchObject([{ check: 'past', subject: `revision ${approved.id}/1` }]);
  // After a restore every feed's version is of a later era (RES-4).
  await change((tx) =>
    tx
      .updateTable('feed')
      .set((set) => ({ version: set('version', '+', 2 ** 33) }))
      .execute(),
  );
  await change((tx) =>
    tx
      .updateTable('feed_item')
      .set((set) => ({ version: set('version', '+', 2 ** 33) }))
      .execute(),
  );
  expect(await findings()).toEqual([]);
});

test('an earlier body that is newer than its door, stands for nothing, or cannot be read is found', async () => {
  const whats = async (more: Partial<Updateable<FeedPastTable>>) => {
    await change((tx) => tx.updateTable('feed_past').set(more).where('item_id', '=', at(here.doors, 0).id).execute());
    return new Set((await findings()).filter(({ check }) => check === 'past').map(({ what }) => what));
  };
  expect(await whats({ body: seal('{') })).toContain('its body cannot be read');
  expect(await whats({ version: 1000 })).toContain('what replaced it is not newer');
  expect(await whats({ item_id: 'no door' })).toContain('nothing stands in the place of it');
});

test('a change that begins with what never was is found', async () => {
  const door = at(here.doors, 2);
  const reason = '看错了门牌';
  for (const note of ['一', '二', '三']) {
    const correction = { entity: 'dwelling', id: door.id, field: 'note', value: note, reason } as const;
    expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({ done: true });
  }
  expect(await findings()).toEqual([]);
  await change((tx) =>
    tx
      .deleteFrom('register_change')
      .where('entity_id', '=', door.id)
      .where('field', '=', 'note')
      .where('after', '=', seal('"二"'))
      .execute(),
  );
  expect(await findings()).toMatchObject([{ check: 'history', what: 'note was changed from what it never was' }]);
});
