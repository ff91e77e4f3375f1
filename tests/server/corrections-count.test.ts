/** What the office corrected when it took a record counts wherever something is derived from it, and goes with the decision that said it (TWO-3). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayOf, toTimestamp } from '../../src/lib/domain/calendar';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { gapDoors } from '../../src/lib/server/coverage/gap-doors';
import { overview } from '../../src/lib/server/coverage/overview';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { acceptAndApprove, undoAtQuarantine } from '../../src/lib/server/quarantine/accept-and-approve';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody, visitBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let volunteer: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
let round: string;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  volunteer = here.phone(here.accounts.volunteer);
  desk = new DeskForTests(here);
  door = at(here.doors, 0);
  const answer = await startRound(here.office, here.accounts.coordinator, {
    ...{ name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds: [here.grids[0]] },
  });
  if ('refused' in answer) throw new Error(answer.refused);
  round = answer.id;
  await runAfterwork(here.office);
  here.forward(5 * 3_600_000);
});
afterEach(() => here.close());

const correction = (path: (string | number)[], value: unknown) => ({ path, value });
const isWhole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);
const hoursAgo = (hours: number) => toTimestamp(here.office.world.now() - hours * 3_600_000);

/** Everything that phones and the desk are told of the door. */
async function door0() {
  await isWhole();
  await phone.pull();
  const { office, communityId } = here;
  const item = phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id);
  const page = await doorPage(office, desk.account, door.id, 'zh-CN');
  const { total } = await office.database.read((db) => overview(db, communityId, round));
  const open = await office.database.read((db) => gapDoors(db, communityId, round, 'people'));
  return {
    state: item?.['state'],
    desk: page?.state,
    figures: total?.figures,
    open: open.rows.map(({ id, outcome, at, left }) => ({ id, outcome, at, left })),
  };
}

describe('[TWO-3] of a door', () => {
  async function partly(draft: Record<string, unknown> = {}): Promise<Pushed> {
    const { household, head } = idsOf(door);
    const body = verifiedBody(door, {
      ...{ outcome: 'partly-verified', nextVisit: '2099-12-03', visitedAt: hoursAgo(1), note: '工人的话' },
      households: [{ id: household, residents: [{ id: head, change: 'unchanged' }] }],
    });
    const record = await phone.verifies(door, { body, ...draft });
    await phone.push(record);
    await runAfterwork(here.office);
    return record;
  }

  test('the outcome, when somebody was there and when somebody comes again are what was approved, until that is taken back', async () => {
    const { id } = await partly();
    const pending = await door0();
    expect(pending.open).toMatchObject([{ id: door.id, outcome: 'partly-verified', left: 1 }]);
    const visitedAt = hoursAgo(3);
    const more = { corrections: [correction(['nextVisit'], '2099-12-20'), correction(['visitedAt'], visitedAt)] };
    expect(await desk.approve(id, more)).toHaveProperty('done');
    const approved = await door0();
    expect(approved).toMatchObject({ state: { outcome: 'partly-verified', nextVisit: '2099-12-20' } });
    expect(approved.open[0]).toMatchObject({ at: visitedAt });
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await door0()).toEqual(pending);

    const { spouse } = idsOf(door);
    const settled = [
      correction(['outcome'], 'verified'),
      correction(['visitedAt'], visitedAt),
      correction(['households', 0, 'residents', 1], { id: spouse, change: 'unchanged' }),
    ];
    expect(await desk.approve(id, { corrections: settled })).toHaveProperty('done');
    const whole = await door0();
    expect(whole).toMatchObject({
      state: { outcome: 'verified', verifiedAt: visitedAt, nextVisit: null, listed: [] },
      figures: { people: { done: 2 }, households: { done: 1 } },
    });
    expect(whole.open).toEqual([]);
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await door0()).toEqual(pending);
  });

  test('what was mended when it was accepted and what was mended when it was approved count both, each once', async () => {
    const { id } = await partly({ body: { ...verifiedBody(door), outcome: 'partly-verified', noticeGiven: false } });
    const before = await door0();
    const { submissionId, revision, digest, previous } = await desk.seen(id);
    const seen = { submissionId, revision, digest, previous };
    const mends = [correction(['noticeGiven'], true), correction(['visitedAt'], hoursAgo(2))];
    expect(await acceptAndApprove(here.office, desk.account, { ...seen, corrections: mends })).toHaveProperty('done');
    const accepted = await door0();
    expect(accepted).toMatchObject({ state: { outcome: 'partly-verified' } });
    expect(await undoAtQuarantine(here.office, desk.account, await desk.seen(id))).toHaveProperty('done');
    expect(await door0()).toEqual(before);

    expect(await desk.take({ ...(await desk.seen(id)), kind: 'accept', corrections: mends })).toHaveProperty('done');
    const whole = [correction(['outcome'], 'verified')];
    expect(await desk.approve(id, { corrections: whole })).toHaveProperty('done');
    expect(await door0()).toMatchObject({ state: { outcome: 'verified', verifiedAt: mends[1]?.value } });
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await door0()).toEqual(before);
  });

  test('[TIME-1] a time that the office says is of no device’s clock', async () => {
    const ahead = 400 * 24 * 3_600_000;
    const now = here.office.world.now();
    const body = { ...verifiedBody(door), visitedAt: toTimestamp(now + ahead) };
    const record = await phone.verifies(door, { body, recordedAt: toTimestamp(now + ahead) });
    await phone.ask({ push: [record], device: { id: phone.deviceId, app: 'test', clock: now + ahead } });
    const visitedAt = hoursAgo(2);
    expect(await desk.approve(record.id, { corrections: [correction(['visitedAt'], visitedAt)] })).toHaveProperty(
      'done',
    );
    expect(await door0()).toMatchObject({ state: { outcome: 'verified', verifiedAt: visitedAt } });
    expect(JSON.stringify(await desk.door(door.id))).not.toContain('2025-');
    expect(await desk.undo(record.id)).toHaveProperty('done');
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const { state } = (await door0()) as { state: { verifiedAt: string } };
    expect(dayOf(state.verifiedAt)).toBe(dayOf(now));
  });

  test('that a door stays in the register takes nothing from what was found there', async () => {
    const known = await phone.verifies(door);
    const gone = await phone.verifies(door, { body: { outcome: 'no-such-door', note: '拆了' } });
    await phone.push(known, gone);
    await desk.approve(known.id, {
      corrections: [correction(['dwelling'], { use: 'rented' })],
    });
    const choices = await desk.choices(gone.id, 'register');
    expect(choices).toMatchObject([{ take: 'register' }]);
    expect(await desk.approve(gone.id, { choices })).toHaveProperty('done');
    expect(await door0()).toMatchObject({ state: { outcome: 'no-such-door' } });
  });

  test('[TWO-5] a door that was corrected to stand elsewhere is one with the other that is proposed there', async () => {
    const rooms = ['501', '502'];
    const proposed: Pushed[] = [];
    for (const room of rooms) {
      const dwelling = {
        gridId: here.grids[0],
        compound: '东街',
        building: '1',
        unit: '1',
        floor: 5,
        room,
        use: 'vacant',
      };
      const record = await phone.revision({
        target: { type: 'dwelling', id: here.office.world.uuid() },
        body: { ...verifiedBody(door), outcome: 'vacant', informant: null, households: [], dwelling },
      });
      expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
      proposed.push(record);
    }
    await runAfterwork(here.office);
    const [first, second] = [at(proposed, 0).id, at(proposed, 1).id];
    const stale = async () => (await desk.open(second)).row.stale;
    const marked = async () => {
      const page = await reviewPage(here.office, desk.account, { show: 'waiting' }, 'zh-CN');
      return page.lines.find(({ id }) => id === second)?.stale;
    };
    expect([await stale(), await marked()]).toEqual([false, false]);
    const more = { corrections: [correction(['dwelling', 'room'], '502')] };
    expect(await desk.approve(first, more)).toHaveProperty('done');
    expect([await stale(), await marked()]).toEqual([true, true]);
    const page = await reviewPage(here.office, desk.account, { show: 'decided' }, 'zh-CN');
    expect(page.lines.find(({ id }) => id === first)?.title).toContain('502');
    expect(await desk.undo(first)).toHaveProperty('done');
    expect([await stale(), await marked()]).toEqual([false, false]);
    await isWhole();
  });
});

describe('[TWO-3] of a person in care', () => {
  let person: string;
  beforeEach(() => {
    person = idsOf(door).head;
  });

  async function cared() {
    await isWhole();
    await volunteer.pull();
    const { plan, visits } = volunteer.item(`account/${volunteer.account.id}`, 'recipient', person) as {
      plan: { nextOn: string };
      visits: Record<string, unknown>[];
    };
    return { next: plan.nextOn, visits };
  }

  async function visit(body: Record<string, unknown>, draft: Record<string, unknown> = {}): Promise<Pushed> {
    const target = { type: 'resident', id: person };
    const visit = await volunteer.revision({
      ...{ kind: 'care-visit', target },
      body: { ...visitBody('工人写的话'), ...body },
      ...draft,
    });
    await volunteer.push(visit);
    await runAfterwork(here.office);
    return visit;
  }

  test('the day of the next visit and what is told of this one are what was approved, until that is taken back', async () => {
    const nothing = await cared();
    const { id } = await visit({ nextVisit: '2099-12-03' });
    const visitedAt = hoursAgo(4);
    const corrections = [
      correction(['nextVisit'], '2099-12-20'),
      correction(['note'], '协调员改过的话'),
      correction(['condition', 'mood'], 5),
      correction(['visitedAt'], visitedAt),
    ];
    expect(await desk.approve(id, { corrections })).toHaveProperty('done');
    expect(await cared()).toMatchObject({
      next: '2099-12-20',
      visits: [{ at: visitedAt, note: '协调员改过的话', condition: { mood: 5, eating: 4 } }],
    });
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await cared()).toEqual(nothing);
    expect(await desk.approve(id)).toHaveProperty('done');
    expect(await cared()).toMatchObject({
      next: '2099-12-03',
      visits: [{ note: '工人写的话', condition: { mood: 4 } }],
    });

    // Its author corrects it: what was approved counts no more.
    await visit({}, { id, revision: 2 });
    expect(await cared()).toEqual(nothing);
  });

  test('what was mended at the quarantine desk is told, and none of what was wrong', async () => {
    const nothing = await cared();
    const { id } = await visit({ condition: { mood: 2, mobility: 9, eating: 4, home: 4 } });
    const { submissionId, revision, digest, previous } = await desk.seen(id);
    const corrections = [correction(['condition', 'mobility'], 3)];
    const seen = { submissionId, revision, digest, previous, corrections };
    expect(await acceptAndApprove(here.office, desk.account, seen)).toHaveProperty('done');
    expect(await cared()).toMatchObject({ visits: [{ condition: { mood: 2, mobility: 3 } }] });
    expect(await undoAtQuarantine(here.office, desk.account, await desk.seen(id))).toHaveProperty('done');
    expect(await cared()).toEqual(nothing);
  });
});
