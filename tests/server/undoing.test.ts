/** Undo, one decision after another, back to where nobody had decided anything (TWO-3). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayOf } from '../../src/lib/domain/calendar';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { quarantinePage } from '../../src/lib/server/desk/quarantine-page';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { acceptAndApprove, undoAtQuarantine } from '../../src/lib/server/quarantine/accept-and-approve';
import { partKey, revisionRows } from '../../src/lib/server/quarantine/part';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
  door = at(here.doors, 0);
  const round = { name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds: [here.grids[0]] };
  await startRound(here.office, here.accounts.coordinator, round);
  await runAfterwork(here.office);
});
afterEach(() => here.close());

const mend = { corrections: [{ path: ['noticeGiven'], value: true }] };

/** What the office says of the visit in the place of its author: where the door stands follows it. */
const otherwise = () => ({
  corrections: [
    { path: ['outcome'], value: 'partly-verified' },
    { path: ['nextVisit'], value: '2099-12-20' },
    { path: ['visitedAt'], value: early() },
    { path: ['households', 0, 'residents', 0, 'phone'], value: '13911110009' },
  ],
});
/** Of the day on which the round began. */
const early = () => `${dayOf(here.office.world.now())}T00:10:00+08:00`;

/** The head's telephone is another; somebody moved in; the notice may be lacking, and then it is for quarantine. */
function visit(telephone: string, newcomer: string, noticeGiven: boolean) {
  const { household, head, spouse } = idsOf(door);
  const residents = [
    { id: head, change: 'corrected', phone: telephone },
    { id: spouse, change: 'unchanged' },
    {
      ...{ id: newcomer, change: 'moved-in', name: '王芳', sex: '2', birthDate: '1990', idType: 'resident-id' },
      ...{ relation: '97', residence: 'migrant', presence: 'here' },
    },
  ];
  return verifiedBody(door, { noticeGiven, households: [{ id: household, residents }] });
}

/** One record of which two copies came: the first waits in quarantine for its notice, the other beside it. */
async function twoCopies(): Promise<[Pushed, Pushed]> {
  const first = await phone.verifies(door, { body: visit('13911110001', here.office.world.uuid(), false) });
  const other = await phone.verifies(door, {
    id: first.id,
    body: visit('13911110002', here.office.world.uuid(), true),
  });
  const receipts = await phone.push(first, other);
  expect(receipts.map(({ status }) => status)).toEqual(['quarantined', 'quarantined']);
  return [first, other];
}

const seen = async (id: string) => {
  const { submissionId, revision, digest, previous } = await desk.seen(id);
  return { submissionId, revision, digest, previous };
};

/** Names a copy beside that can still be chosen; null where there is none. */
async function beside(id: string): Promise<string | null> {
  const rows = await here.office.database.read((db) => revisionRows(db, here.communityId, id));
  const { row } = await desk.open(id);
  const found = rows.find(
    (one) => one.place === 'beside' && one.review === 'quarantined' && one.pushed_digest !== row.digest,
  );
  return found && found.revision >= row.revision ? partKey(found) : null;
}

const choose = async (id: string) =>
  desk.take({ ...(await seen(id)), kind: 'accept', choose: (await beside(id)) ?? '' });

/** How it stands approved with `otherwise`. */
const asOtherwise = () => ({
  record: { review: 'approved' },
  toldOfDoor: { state: { outcome: 'partly-verified', nextVisit: '2099-12-20' } },
  state: [{ outcome: 'partly-verified', next_visit: '2099-12-20', coverage: expect.stringContaining(early()) }],
});

/** Everything that must go back: the record, how its author is told of it, the register, and where the door stands. */
async function standing(id: string) {
  const { row, shown } = await desk.open(id);
  const { review, revision, digest, outcome } = row;
  const state = await here.office.database.read((db) =>
    db.selectFrom('door_state').selectAll().where('dwelling_id', '=', door.id).execute(),
  );
  return {
    record: { review, revision, digest, outcome, body: shown.body },
    told: await phone.record(id),
    toldOfDoor: phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id),
    door: await desk.door(door.id),
    state,
  };
}

const whole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

describe('[TWO-3] undo goes back one decision at a time', () => {
  test('over what was accepted and approved in one step: first it waits for review, then in quarantine, then nothing is left', async () => {
    const [{ id }] = await twoCopies();
    const waiting = await standing(id);
    const taken = await acceptAndApprove(here.office, desk.account, { ...(await seen(id)), ...mend });
    expect(taken).toHaveProperty('done');
    expect((await desk.open(id)).undoes).toBe('approve');
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await desk.open(id)).toMatchObject({ undoes: 'accept', row: { review: 'pending' } });
    await whole();
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await standing(id)).toEqual(waiting);
    await whole();
    expect((await desk.open(id)).undoes).toBe(null);
    expect(await desk.undo(id)).toEqual({ refused: 'not-open', review: 'quarantined' });
    // What was mended is open to be mended otherwise.
    expect(await desk.take({ ...(await seen(id)), kind: 'accept', ...mend })).toHaveProperty('done');
    const kinds = (await desk.open(id)).decisions.map(({ kind, undoneAt }) => [kind, undoneAt !== null]);
    expect(kinds).toEqual([
      ['accept', true],
      ['approve', true],
      ['undo', false],
      ['undo', false],
      ['accept', false],
    ]);
  });

  test('one press at the quarantine desk takes back what one press did there, and no more', async () => {
    const [{ id }] = await twoCopies();
    await choose(id);
    await desk.undo(id);
    const waiting = await standing(id);
    const approved = await acceptAndApprove(here.office, desk.account, { ...(await seen(id)), ...mend });
    if (!('done' in approved)) throw new Error('refused');
    const page = await quarantinePage(here.office, desk.account, { done: approved.done }, 'zh-CN');
    expect(page.done).toMatchObject({ kind: 'approve', canUndo: true });
    const undone = await undoAtQuarantine(here.office, desk.account, await seen(id));
    if (!('done' in undone)) throw new Error('refused');
    expect(await standing(id)).toEqual(waiting);
    await whole();
    const after = await quarantinePage(here.office, desk.account, { id, done: undone.done }, 'zh-CN');
    expect(after.done).toMatchObject({ kind: 'undo', review: 'quarantined', canUndo: false });
    expect(after.shown?.record?.undoes).toBe(null);
  });

  test('an approval stays open to it after a choice between copies was taken back', async () => {
    const [{ id }] = await twoCopies();
    await desk.take({ ...(await seen(id)), kind: 'accept', ...mend });
    await desk.approve(id);
    const approved = await standing(id);
    await choose(id);
    expect(await desk.open(id)).toMatchObject({ undoes: 'choose', row: { review: 'pending' } });
    await desk.undo(id);
    expect(await standing(id)).toEqual(approved);
    const shown = (await reviewPage(here.office, desk.account, { id }, 'zh-CN')).shown;
    expect(shown).toMatchObject({ undoes: 'approve', review: 'approved' });
    // Compared with the door as the approval found it.
    const rows = shown?.groups.flatMap((group) => group.rows) ?? [];
    expect(rows.find(({ field }) => field === 'phone')).toMatchObject({ before: '13800008979', after: '13911110001' });
    expect(await desk.undo(id)).toHaveProperty('done');
    expect(await desk.open(id)).toMatchObject({ undoes: 'accept', row: { review: 'pending' } });
    await whole();
  });

  test('it is taken once: who saw the decision before the undo is told of the undo', async () => {
    const [{ id }] = await twoCopies();
    await acceptAndApprove(here.office, desk.account, { ...(await seen(id)), ...mend });
    const early = await seen(id);
    const both = await Promise.all([1, 2].map(() => desk.take({ ...early, kind: 'undo' })));
    expect(both.filter((answer) => 'done' in answer)).toHaveLength(1);
    expect(both.find((answer) => 'refused' in answer)).toMatchObject({ refused: 'decided', kind: 'undo' });
    expect((await desk.open(id)).row.review).toBe('pending');
  });

  test('never past a newer revision, what a rule decided, or what was built upon it', async () => {
    const [{ id }] = await twoCopies();
    await desk.sendBack(id);
    await phone.push(await phone.verifies(door, { id, revision: 2 }));
    expect((await desk.open(id)).undoes).toBe(null);
    await desk.approve(id);
    await desk.undo(id);
    expect(await desk.undo(id)).toEqual({ refused: 'not-open', review: 'pending' });

    const byRule = await phone.knocksInVain(at(here.doors, 1));
    await phone.push(byRule);
    await runAfterwork(here.office);
    expect(await desk.open(byRule.id)).toMatchObject({ undoes: null, row: { review: 'approved' } });
    expect(await desk.undo(byRule.id)).toEqual({ refused: 'not-open', review: 'approved' });

    const early = await phone.verifies(door, { body: visit('13911110003', here.office.world.uuid(), false) });
    await phone.push(early);
    const later = await phone.verifies(door, { body: visit('13911110004', here.office.world.uuid(), true) });
    await phone.push(later);
    await acceptAndApprove(here.office, desk.account, { ...(await seen(early.id)), ...mend });
    expect(await desk.approve(later.id, { choices: await desk.choices(later.id, 'proposal') })).toHaveProperty('done');
    expect(await undoAtQuarantine(here.office, desk.account, await seen(early.id))).toMatchObject({
      refused: 'built-upon',
    });
    expect((await desk.open(early.id)).row.review).toBe('approved');
  });
});

/** Numbers that are the same in each run: 0 … below. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each([1, 2, 3, 4])(
  '[TWO-3] whatever was decided on two copies of a record, undo after undo leads back the same way (walk %i)',
  { timeout: 120_000 },
  async (seed) => {
    const [{ id }] = await twoCopies();
    const pick = dice(seed);
    const deeds = {
      accept: async () => desk.take({ ...(await seen(id)), kind: 'accept', ...mend }),
      approve: async () => desk.approve(id, { choices: await desk.choices(id, 'proposal') }),
      otherwise: async () => {
        const answer = await desk.approve(id, { ...otherwise(), choices: await desk.choices(id, 'proposal') });
        if ('done' in answer) expect(await standing(id)).toMatchObject(asOtherwise());
        return answer;
      },
      both: async () => acceptAndApprove(here.office, desk.account, { ...(await seen(id)), ...mend }),
      sendBack: () => desk.sendBack(id),
      void: () => desk.void(id),
      choose: () => choose(id),
    };
    type Deed = keyof typeof deeds;
    const way: Awaited<ReturnType<typeof standing>>[] = [];
    const taken: string[] = [];
    let undone = 0;
    for (let step = 0; step < 20; step += 1) {
      const before = await standing(id);
      if (pick(5) < 2) {
        const back = way.pop();
        const answer = await desk.undo(id);
        if (back) expect(answer).toHaveProperty('done');
        else expect(answer).toMatchObject({ refused: 'not-open' });
        expect(await standing(id)).toEqual(back ?? before);
        if (back) undone += 1;
      } else {
        const name = await firstThatIsTaken(before);
        if (name) way.push(...(name === 'both' ? [before, await betweenBoth()] : [before]));
        if (name) taken.push(name);
      }
      expect((await desk.open(id)).undoes !== null).toBe(way.length > 0);
      await whole();
    }
    while (way.length > 0) {
      expect(await desk.undo(id)).toHaveProperty('done');
      expect(await standing(id)).toEqual(way.pop());
    }
    await whole();
    expect(taken.length).toBeGreaterThan(3);
    expect(undone).toBeGreaterThan(2);

    /** Tries what can be decided, in any order; what is refused changes nothing. */
    async function firstThatIsTaken(before: Awaited<ReturnType<typeof standing>>): Promise<Deed | null> {
      const names: Deed[] = [
        'accept',
        'approve',
        'otherwise',
        'otherwise',
        'both',
        'both',
        'choose',
        'sendBack',
        'void',
      ];
      while (names.length > 0) {
        const [name] = names.splice(pick(names.length), 1);
        if (name && 'done' in (await deeds[name]())) return name;
        expect(await standing(id)).toEqual(before);
      }
      return null;
    }

    /** How it stood accepted, before it was approved in the same step: seen by taking the approval back once and giving it again. */
    async function betweenBoth() {
      await desk.undo(id);
      const between = await standing(id);
      await desk.approve(id, { choices: await desk.choices(id, 'proposal') });
      return between;
    }
  },
);
