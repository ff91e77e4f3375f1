/** Several processes on one database: what two do at the same moment ends as if one had come after the other. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noteSecret } from '../../src/lib/server/accounts/shared-secret';
import { createAccount, endAccount } from '../../src/lib/server/accounts/accounts';
import { createGrid } from '../../src/lib/server/desk/grids';
import { publish } from '../../src/lib/server/feeds/publish';
import { type Office, openOffice, type SignedIn } from '../../src/lib/server/office';
import { historyOfDoor } from '../../src/lib/server/register/history';
import { approveBulk, markOpened, startBulk } from '../../src/lib/server/review/bulk';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { planImport } from '../../src/lib/server/roster/plan';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { runImport } from '../../src/lib/server/roster/run';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import type { Role } from '../../src/lib/sync/items';
import { readTabs } from '../support/make-roster';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { PhoneForTests, verifiedBody } from './phone-for-tests';

/** A race that is lost once in a while is met by trying it at every door. */
const doors = 12;
let here: TestOffice;
/** The same office in another process. */
let there: Office;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice({ doorsEach: doors });
  there = await openOffice(here.office.configuration, here.office.world);
  phone = here.phone(here.accounts.worker);
});
afterEach(async () => {
  await afterworkDone(there);
  await there.database.close();
  await here.close();
});

test('a process that signs sessions otherwise than the one before is noticed, once', async () => {
  const other = { ...here.office, configuration: { ...here.office.configuration, authSecret: 'another'.repeat(8) } };
  expect(await noteSecret(here.office)).toBe(false);
  expect(await noteSecret(there)).toBe(false);
  expect(await noteSecret(other)).toBe(true);
  expect(await noteSecret(other)).toBe(false);
  expect(await noteSecret(there)).toBe(true);
});

const phoneThere = (account: SignedIn) => new PhoneForTests(() => there, account);
const deskThere = () => new DeskForTests({ ...here, office: there }, here.accounts.administrator);
const eachDoor = async (work: (door: TestDoor) => Promise<void>) => {
  for (const door of here.doors) await work(door);
};
/** Until nothing is left that pushes left to be done, at whichever process. */
async function allDone(office: Office): Promise<void> {
  while (await runAfterwork(office)) await new Promise((resolve) => setImmediate(resolve));
}

/** A second grid worker in the first one's grid. */
async function colleague(): Promise<SignedIn> {
  const grids = [here.grids[0]];
  const input = {
    username: 'colleague',
    name: 'colleague',
    role: 'grid-worker' as Role,
    grids,
    password: 'knock-knock',
  };
  const { id } = await createAccount(here.office, here.communityId, input);
  return { ...here.accounts.worker, id, username: 'colleague', grids };
}

/** A verification that says the head of the household has another telephone. */
async function saysPhone(by: PhoneForTests, door: TestDoor, number: string) {
  const { household, head, spouse } = idsOf(door);
  const residents = [
    { id: head, change: 'corrected', phone: number },
    { id: spouse, change: 'unchanged' },
  ];
  const body = verifiedBody(door, { households: [{ id: household, residents }] });
  return by.verifies(door, { body, basis: await basisOf(by, door) });
}

describe('pushes', () => {
  test('[REC-2] the same revision at two processes at once is stored once and has one receipt twice', async () => {
    const again = phoneThere(here.accounts.worker);
    await eachDoor(async (door) => {
      const revision = await phone.verifies(door);
      const [one, two] = await Promise.all([phone.push(revision), again.push(revision)]);
      expect(one).toEqual([{ id: revision.id, revision: 1, digest: revision.digest, status: 'stored' }]);
      expect(two).toEqual(one);
    });
    const rows = await here.office.database.read((db) => db.selectFrom('revision').select('place').execute());
    expect(rows.map(({ place }) => place)).toEqual(here.doors.map(() => 'first'));
  });

  test('[REC-3] of two texts of one revision at once one is first and the other beside it', async () => {
    const other = phoneThere(here.accounts.worker);
    await eachDoor(async (door) => {
      const one = await phone.verifies(door);
      const two = await other.verifies(door, { id: one.id, secondsOpen: 99 });
      const receipts = (await Promise.all([phone.push(one), other.push(two)])).flat();
      expect(receipts.map(({ status }) => status).sort()).toEqual(['quarantined', 'stored']);
      const stored = receipts.find(({ status }) => status === 'stored');
      expect(await phone.record(one.id)).toMatchObject({ digest: stored?.digest, review: 'pending' });
    });
  });

  test('[REC-7] of two accounts that push one id at once one has the submission, and the other’s stays its own', async () => {
    const other = phoneThere(here.accounts.otherWorker);
    for (const [index, door] of here.doors.entries()) {
      const mine = await phone.verifies(door);
      const foreign = await other.verifies(at(here.foreignDoors, index), { id: mine.id });
      const receipts = (await Promise.all([phone.push(mine), other.push(foreign)])).flat();
      expect(receipts.map(({ status }) => status).sort()).toEqual(['quarantined', 'stored']);
      const [submission] = await here.office.database.read((db) =>
        db.selectFrom('submission').select(['account_id', 'digest', 'review']).where('id', '=', mine.id).execute(),
      );
      const isMine = receipts[0]?.status === 'stored';
      const winner = isMine ? here.accounts.worker : here.accounts.otherWorker;
      expect(submission).toEqual({
        account_id: winner.id,
        digest: (isMine ? mine : foreign).digest,
        review: 'pending',
      });
    }
  });

  test('[FEED-3] a phone that follows while two processes write has every change, in order, and ends where a new one begins', async () => {
    const feed = `grid/${here.grids[0]}` as const;
    const tell = ({ database }: Office, index: number) =>
      database.write((tx) =>
        publish(tx, here.communityId, [
          { feed, type: 'task', id: `t${index % 9}`, body: { text: `${index}` } },
          { feed, type: 'task', id: `t${(index * 5) % 11}`, body: { text: `${index} too` } },
        ]),
      );
    let writing = true;
    const written = Promise.all(
      Array.from({ length: 60 }, (_, index) => tell(index % 2 === 0 ? here.office : there, index)),
    ).finally(() => (writing = false));
    await phone.pull();
    while (writing) {
      const answer = await phone.ask({ limit: 7 });
      for (const { id, version, changes } of answer.feeds) {
        const versions = changes.map((change) => change.version);
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
        for (const one of versions) {
          expect(one).toBeGreaterThan(phone.have[id] ?? 0);
          expect(one).toBeLessThanOrEqual(version);
        }
      }
      phone.keep(answer);
      // SQLite answers within one turn of the event loop: whoever waits for its lock gets one too.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await written;
    await phone.pull();
    const fresh = here.phone(here.accounts.worker);
    await fresh.pull();
    const tasks = (one: PhoneForTests) => [...one.items].filter(([key]) => key.startsWith(`${feed} task`)).sort();
    expect(tasks(phone)).toEqual(tasks(fresh));
    expect(tasks(fresh).length).toBeGreaterThan(9);
  });

  test('[TWO-1] two workers at one door at once: both knocks count there, decided by rule once each', async () => {
    await startRound(here.office, here.accounts.coordinator, {
      name: '冬季入户核实',
      kind: 'full',
      startsOn: '2020-01-01',
      closesOn: '2099-01-01',
      gridIds: [here.grids[0]],
    });
    const other = phoneThere(await colleague());
    await eachDoor(async (door) => {
      const visitedAt = new Date(here.office.world.now() - 24 * 3600 * 1000).toISOString();
      const knocks = [
        await phone.knocksInVain(door),
        await other.knocksInVain(door, { body: { outcome: 'no-one-home', nextVisit: null, visitedAt } }),
      ] as const;
      await Promise.all([phone.push(knocks[0]), other.push(knocks[1])]);
    });
    await Promise.all([allDone(here.office), allDone(there)]);
    await phone.pull();
    for (const door of here.doors) {
      const item = phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id);
      expect(item).toMatchObject({ state: { attempts: [expect.anything(), expect.anything()] } });
    }
    const decided = await here.office.database.read((db) =>
      db.selectFrom('decision').select('submission_id').execute(),
    );
    expect(decided.length).toBe(2 * doors);
    expect(new Set(decided.map((row) => row.submission_id)).size).toBe(2 * doors);
    const left = await here.office.database.read((db) => db.selectFrom('afterwork').selectAll().execute());
    expect(left).toEqual([]);
  });
});

describe('decisions', () => {
  test('[TWO-3] of two coordinators at two processes one decides, and the other is told', async () => {
    const [desk, other] = [new DeskForTests(here), deskThere()];
    await eachDoor(async (door) => {
      const revision = await saysPhone(phone, door, '13911112222');
      await phone.push(revision);
      const { id } = revision;
      const seen = await desk.seen(id);
      const answers = await Promise.all([
        desk.take({ ...seen, kind: 'approve' }),
        other.take({ ...seen, kind: 'return', comments: [{ path: [], text: '号码不对' }] }),
      ]);
      expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1);
      expect(answers.find((answer) => 'refused' in answer)).toMatchObject({ refused: 'decided' });
      const { decisions, row } = await desk.open(id);
      expect(decisions).toHaveLength(1);
      expect(row.review).toBe('done' in at(answers, 0) ? 'approved' : 'returned');
    });
  });

  test('[TWO-4] a decision and the next revision at once: the record ends decided on what was seen, or waiting again', async () => {
    const desk = deskThere();
    await eachDoor(async (door) => {
      const first = await saysPhone(phone, door, '13911112222');
      await phone.push(first);
      const second = await phone.verifies(door, { id: first.id, revision: 2, basis: first['basis'] });
      const seen = await desk.seen(first.id);
      const [answer, receipts] = await Promise.all([desk.take({ ...seen, kind: 'approve' }), phone.push(second)]);
      expect(receipts).toMatchObject([{ status: 'stored' }]);
      const { row, decisions } = await desk.open(first.id);
      expect(row).toMatchObject({ revision: 2, review: 'pending' });
      if ('done' in answer) expect(decisions).toHaveLength(1);
      else expect(answer).toMatchObject({ refused: 'newer-revision', revision: 2 });
    });
  });

  test('[TWO-1] two records of one door approved at once: the second coordinator is shown the first one’s change', async () => {
    const other = phoneThere(await colleague());
    const [desk, deskOther] = [new DeskForTests(here), deskThere()];
    await eachDoor(async (door) => {
      const one = await saysPhone(phone, door, '13911110001');
      const two = await saysPhone(other, door, '13911110002');
      await Promise.all([phone.push(one), other.push(two)]);
      const [seenOne, seenTwo] = [await desk.seen(one.id), await deskOther.seen(two.id)];
      const answers = await Promise.all([
        desk.take({ ...seenOne, kind: 'approve' }),
        deskOther.take({ ...seenTwo, kind: 'approve' }),
      ]);
      expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1);
      expect(answers.find((answer) => 'refused' in answer)).toMatchObject({ refused: 'stale-basis' });
      const { head } = idsOf(door);
      const held = (await desk.door(door.id)).households[0]?.residents.find(({ id }) => id === head)?.phone;
      expect(held).toBe('done' in at(answers, 0) ? '13911110001' : '13911110002');
      const history = await here.office.database.read((db) => historyOfDoor(db, here.communityId, door.id));
      expect(history.filter(({ field }) => field === 'phone')).toHaveLength(1);
    });
  });

  test('a door that is recorded while it is decided on counts with both', async () => {
    const other = phoneThere(await colleague());
    const desk = new DeskForTests(here);
    await eachDoor(async (door) => {
      const one = await saysPhone(phone, door, '13911110001');
      await phone.push(one);
      const two = await saysPhone(other, door, '13911110002');
      const [answer] = await Promise.all([desk.approve(one.id), other.push(two)]);
      expect(answer).toHaveProperty('done');
      await afterworkDone(there);
      await runAfterwork(here.office);
      const rows = await here.office.database.read((db) =>
        db.selectFrom('submission').select(['id', 'stale']).where('id', '=', two.id).execute(),
      );
      expect(rows).toEqual([{ id: two.id, stale: expect.toSatisfy((stale: number) => stale > 0) }]);
    });
  });

  test('two bulks over the same records at once approve each of them once', async () => {
    await eachDoor(async (door) => {
      await phone.push(await phone.verifies(door, { basis: await basisOf(phone, door) }));
    });
    const [mine, theirs] = [here.accounts.coordinator, here.accounts.administrator];
    const [one, two] = [await startBulk(here.office, mine, {}), await startBulk(there, theirs, {})];
    for (const id of one.sample) await markOpened(here.office, mine, one.id, id);
    for (const id of two.sample) await markOpened(there, theirs, two.id, id);
    const answers = await Promise.all([approveBulk(here.office, mine, one.id), approveBulk(there, theirs, two.id)]);
    const approved = answers.flatMap((answer) => ('approved' in answer ? answer.approved : []));
    const leftOut = answers.flatMap((answer) => ('leftOut' in answer ? answer.leftOut : []));
    expect([...approved].sort()).toEqual([...new Set(approved)].sort());
    expect(approved).toHaveLength(doors);
    expect(leftOut.map(({ id }) => id).sort()).toEqual([...approved].sort());
  });
});

describe('the desk', () => {
  test('two administrators who end each other at once: one stays', async () => {
    const first = here.accounts.administrator;
    const input = {
      username: 'second',
      name: 'second',
      role: 'administrator' as Role,
      grids: [],
      password: 'knock-knock',
    };
    const { id } = await createAccount(here.office, here.communityId, input);
    const second = { ...first, id, username: 'second' };
    const ended = await Promise.allSettled([
      endAccount(here.office, here.communityId, second.id, first),
      endAccount(there, here.communityId, first.id, second),
    ]);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('two grids of one name at once: one is made', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const made = await Promise.all([
        createGrid(here.office, here.accounts.administrator, `新网格${turn}`),
        createGrid(there, here.accounts.coordinator, `新网格${turn}`),
      ]);
      expect(made.filter((answer) => 'id' in answer)).toHaveLength(1);
    }
  });

  test('two accounts of one username at once: one is made, and the other is told', async () => {
    const input = { username: 'same', name: 'same', role: 'grid-worker' as Role, grids: [], password: 'knock-knock' };
    const made = await Promise.allSettled([
      createAccount(here.office, here.communityId, input),
      createAccount(there, here.communityId, input),
    ]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(made.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'username-taken' } });
  });

  test('a roster that two import at once is in the register once', async () => {
    const people = Array.from({ length: 120 }, (_, index) => [
      '第三网格',
      `金山花园${1 + (index % 3)}-1-${1 + Math.floor(index / 12)}0${1 + (Math.floor(index / 3) % 4)}`,
      `龙杰${index}`,
      '户主',
      null,
      null,
    ]);
    const head = ['网格', '住址', '姓名', '与户主关系', '身份证号', '谁的电话'];
    const understanding = await readTabs({ 名册: [head, ...people] });
    const plans = await Promise.all(
      [here.office, there].map(({ database }) =>
        database.read((db) => planImport(db, here.communityId, understanding)),
      ),
    );
    await Promise.all([
      runImport(here.office, here.communityId, at(plans, 0), { by: 'one' }),
      runImport(there, here.communityId, at(plans, 1), { by: 'two' }),
    ]);
    const names = await here.office.database.read((db) =>
      db.selectFrom('resident').select('name').where('name', 'like', '龙杰%').execute(),
    );
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });
});
