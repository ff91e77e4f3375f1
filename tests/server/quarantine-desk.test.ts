/** What a coordinator does with what waits in quarantine, and what its author hears of it (QUA-3, REC-3, REC-7, TWO-3, TWO-4). */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { quarantinePage } from '../../src/lib/server/desk/quarantine-page';
import * as judging from '../../src/lib/server/intake/judge';
import { acceptAndApprove } from '../../src/lib/server/quarantine/accept-and-approve';
import { type AsideDecision, decideAside } from '../../src/lib/server/quarantine/aside';
import { openCase } from '../../src/lib/server/quarantine/open-case';
import { recheck } from '../../src/lib/server/quarantine/recheck';
import { runAfterwork } from '../../src/lib/server/review/rules';
import type { Decision } from '../../src/lib/server/review/decision';
import { DeskForTests } from './desk-for-tests';
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
});
afterEach(() => here.close());

const page = (asked = {}) => quarantinePage(here.office, here.accounts.coordinator, asked, 'zh-CN');
const codesOf = async () => (await page()).lines.map(({ source, code }) => [source, code]);

/** Answers that lack the notice. */
async function lacking(on: TestDoor = door, draft: Record<string, unknown> = {}): Promise<Pushed> {
  const revision = await phone.verifies(on, { body: verifiedBody(on, { noticeGiven: false }), ...draft });
  expect((await phone.push(revision))[0]).toMatchObject({ status: 'quarantined' });
  return revision;
}

/** What the page of a case carries for the decision on it. */
async function seen(id: string): Promise<Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous'>> {
  const { shown } = await page({ id });
  if (!shown) throw new Error('not in quarantine');
  return { submissionId: id, revision: shown.revision, digest: shown.digest, previous: shown.previous };
}
const mend = { corrections: [{ path: ['noticeGiven'], value: true }] };

describe('[QUA-3] a record in quarantine', () => {
  test('is shown with who, when, what is wrong and its answers, and waits in no other list', async () => {
    const { id } = await lacking();
    const { lines, total, shown } = await page();
    expect(total).toBe(1);
    expect(lines).toMatchObject([{ id, part: null, source: 'record', code: 'notice_not_given', by: 'worker' }]);
    expect(lines[0]?.title).toBe('东街 1号 1单元 101');
    expect(shown).toMatchObject({
      problems: [{ code: 'notice_not_given', path: ['noticeGiven'] }],
      record: { outcome: 'verified', body: { noticeGiven: false } },
      can: { accept: true, sendBack: true, keep: true, choose: false },
    });
    expect(await desk.approve(id)).toEqual({ refused: 'not-open', review: 'quarantined' });
  });

  test.each(['+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '9999-12-31T23:59:59.999Z', 'gestern'])(
    'is accepted and approved though it says it was saved at %s',
    async (recordedAt) => {
      const body = { outcome: 'refused', note: '不便', nextVisit: '2027-01-20' };
      const revision = await phone.verifies(door, { body, recordedAt });
      await phone.push(revision);
      if ((await desk.open(revision.id)).row.review === 'quarantined') {
        expect(await desk.take({ ...(await seen(revision.id)), kind: 'accept' })).toHaveProperty('done');
      }
      await runAfterwork(here.office);
      await desk.approve(revision.id);
      expect((await desk.open(revision.id)).row.review).toBe('approved');
      expect((await checkOffice(here.office)).findings).toEqual([]);
    },
  );

  test('is accepted once mended, waits for review with the mended answers, and tells of them when it is approved', async () => {
    const { id } = await lacking();
    expect(await desk.take({ ...(await seen(id)), kind: 'accept' })).toMatchObject({
      refused: 'invalid',
      problems: [{ code: 'notice_not_given' }],
    });
    expect(await desk.take({ ...(await seen(id)), kind: 'accept', ...mend })).toHaveProperty('done');
    expect(await codesOf()).toEqual([]);
    const waiting = await phone.record(id);
    expect(waiting).toMatchObject({ review: 'pending', comments: [] });
    expect(waiting).not.toHaveProperty('problems');
    expect((await desk.open(id)).shown.body).toMatchObject({ noticeGiven: true });

    expect(await desk.approve(id)).toHaveProperty('done');
    expect(await phone.record(id)).toMatchObject({ review: 'approved', ...mend });
  });

  test('is mended, accepted and approved in one step; what was corrected is noted as the coordinator’s', async () => {
    const { head, household } = { head: door.households[0]?.headId, household: door.households[0]?.id };
    const residents = (door.households[0]?.residents ?? []).map((one) =>
      one.id === head ? { id: one.id, change: 'corrected', phone: '139' } : { id: one.id, change: 'unchanged' },
    );
    const body = verifiedBody(door, { households: [{ id: household, residents }] });
    const revision = await phone.verifies(door, { body });
    await phone.push(revision);
    const corrections = [{ path: ['households', 0, 'residents', 0, 'phone'], value: '13911112222' }];
    const comments = [
      { path: ['households', 0, 'residents', 0, 'phone'], text: '少填了九位' },
      { path: [], text: '以后请填全' },
    ];
    const mended = { ...(await seen(revision.id)), corrections, comments };
    expect(await acceptAndApprove(here.office, here.accounts.coordinator, mended)).toHaveProperty('done');
    expect((await desk.door(door.id)).households[0]?.residents[0]?.phone).toBe('13911112222');
    const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
    expect(change).toMatchObject({ by: 'coordinator', submissionId: revision.id });
    expect(await phone.record(revision.id)).toMatchObject({ review: 'approved', corrections, comments });
    const { decisions } = await desk.open(revision.id);
    expect(decisions.map(({ kind, comments: said }) => [kind, said.length])).toEqual([
      ['accept', 0],
      ['approve', 2],
    ]);
  });

  test('is sent back with words at the answer, or kept with a reason that its author reads', async () => {
    const [one, two] = [await lacking(), await lacking(at(here.doors, 1))];
    expect(await desk.sendBack(one.id, '告知了吗？', ['noticeGiven'])).toHaveProperty('done');
    expect(await phone.record(one.id)).toMatchObject({
      review: 'returned',
      comments: [{ path: ['noticeGiven'], text: '告知了吗？', by: 'coordinator' }],
    });
    expect(await desk.take({ ...(await seen(two.id)), kind: 'void', reason: ' ' })).toMatchObject({
      refused: 'invalid',
    });
    expect(await desk.void(two.id, '不是本社区的门')).toHaveProperty('done');
    expect(await phone.record(two.id)).toMatchObject({ review: 'voided', comments: [{ text: '不是本社区的门' }] });
    expect(await codesOf()).toEqual([]);
  });

  test('is put back by undo, as it was, whichever way it had gone', async () => {
    const { id } = await lacking();
    for (const kind of ['accept', 'return', 'void'] as const) {
      const words = { comments: [{ path: [], text: '请看' }], reason: '重复', ...mend };
      expect(await desk.take({ ...(await seen(id)), kind, ...words })).toHaveProperty('done');
      expect(await desk.undo(id)).toHaveProperty('done');
      expect(await phone.record(id)).toMatchObject({ review: 'quarantined', problems: [{ code: 'notice_not_given' }] });
      expect((await desk.open(id)).shown.body).toMatchObject({ noticeGiven: false });
    }
    const audited = await here.office.database.read((db) =>
      db.selectFrom('audit').select('action').where('subject_id', '=', id).execute(),
    );
    expect(audited.map(({ action }) => action)).toContain('review.accept');
  });

  test('[TWO-3] is decided once: who comes second is told of the first', async () => {
    const { id } = await lacking();
    const stale = await seen(id);
    await desk.take({ ...stale, kind: 'accept', ...mend });
    expect(await desk.take({ ...stale, kind: 'void', reason: '重复' })).toMatchObject({
      refused: 'decided',
      kind: 'accept',
      by: 'coordinator',
      byId: here.accounts.coordinator.id,
    });
  });

  test('[TWO-4] is not decided on once a newer revision came', async () => {
    const { id } = await lacking();
    const stale = await seen(id);
    await phone.push(await phone.verifies(door, { id, revision: 2 }));
    expect(await desk.take({ ...stale, kind: 'accept', ...mend })).toMatchObject({ refused: 'newer-revision' });
    expect(await codesOf()).toEqual([]);
  });

  test('of another grid is accepted by the office, and stands at its door', async () => {
    const foreign = at(here.foreignDoors, 0);
    const visit = await phone.verifies(foreign);
    await phone.push(visit);
    expect((await page()).shown).toMatchObject({ problems: [{ code: 'target' }], can: { accept: true } });
    expect(await desk.take({ ...(await seen(visit.id)), kind: 'accept' })).toHaveProperty('done');
    expect((await desk.open(visit.id)).row).toMatchObject({ review: 'pending', gridId: here.grids[1] });
  });

  test('that is an attempt is accepted by its rule once it is out', async () => {
    const visit = await phone.knocksInVain(at(here.foreignDoors, 0));
    await phone.push(visit);
    await desk.take({ ...(await seen(visit.id)), kind: 'accept' });
    await runAfterwork(here.office);
    expect(await phone.record(visit.id)).toMatchObject({ review: 'approved' });
  });

  test('with a broken envelope is accepted by its answers: an unreadable time is the time it came in', async () => {
    const visit = await phone.verifies(door, { recordedAt: 'yesterday', location: { lat: 100 }, secondsOpen: -1 });
    await phone.push(visit);
    expect((await page()).shown).toMatchObject({ recordedAt: null, can: { accept: true } });
    expect(await desk.take({ ...(await seen(visit.id)), kind: 'accept' })).toHaveProperty('done');
    const { row, shown } = await desk.open(visit.id);
    expect(row).toMatchObject({ kind: 'household-verification', door: { id: door.id }, outcome: 'verified' });
    expect(shown.recordedAt).toBe(shown.receivedAt);
    expect(await desk.approve(visit.id)).toHaveProperty('done');
  });

  test('that nobody can read is shown as it came, and can be sent back or kept, not accepted', async () => {
    const visit = await phone.revision({ kind: 'census', body: 'nothing', weather: '晴' });
    await phone.push(visit);
    const { shown } = await page();
    expect(shown).toMatchObject({ can: { accept: false, sendBack: true, keep: true }, raw: { weather: '晴' } });
    expect(shown?.text).toContain('"weather": "晴"');
    expect(await desk.take({ ...(await seen(visit.id)), kind: 'accept' })).toMatchObject({ refused: 'invalid' });
    expect(await desk.sendBack(visit.id, '请重新填写')).toHaveProperty('done');
    expect(await phone.record(visit.id)).toMatchObject({ review: 'returned' });
  });

  test('[QUA-4] whose digest is wrong is accepted as it is; the right one still counts as the first', async () => {
    const right = await phone.verifies(door);
    const damaged = { ...right, digest: 'damaged' };
    await phone.push(damaged);
    expect(await desk.take({ ...(await seen(right.id)), kind: 'accept' })).toHaveProperty('done');
    const accepted = await phone.record(right.id);
    expect(accepted).toMatchObject({ review: 'pending', digest: 'damaged' });
    expect(await codesOf()).toEqual([]);
    await phone.push(right);
    expect(await phone.record(right.id)).toMatchObject({ review: 'pending', digest: right.digest });
  });

  test('that failed by our own fault is checked again when somebody asks', async () => {
    const visit = await phone.verifies(door);
    vi.spyOn(judging, 'judge').mockRejectedValue(new TypeError('a mistake of ours'));
    await phone.push(visit);
    expect(await recheck(here.office, here.communityId, visit.id)).toBe('quarantined');
    vi.restoreAllMocks();
    expect(await recheck(here.office, here.communityId, visit.id)).toBe('pending');
    expect(await phone.record(visit.id)).toMatchObject({ review: 'pending' });
  });

  test('shows no whole identity number, neither in its answers nor in the text as it came', async () => {
    const number = door.households[0]?.residents[0]?.idNumber ?? '';
    const residents = (door.households[0]?.residents ?? []).map(({ id }) => ({
      id,
      change: 'corrected',
      idNumber: number,
    }));
    const body = verifiedBody(door, {
      households: [{ id: door.households[0]?.id, residents }],
      note: `号码 ${number}`,
    });
    await phone.push(await phone.verifies(door, { body, recordedAt: 'x' }));
    expect(JSON.stringify(await page())).not.toContain(number);
  });
});

describe('[REC-3] two phones of one account that corrected one record', () => {
  let first: Pushed;
  let second: Pushed;
  const refused = (draft: Record<string, unknown>) =>
    phone.verifies(door, { revision: 2, body: { outcome: 'refused', nextVisit: null }, ...draft });

  beforeEach(async () => {
    const returned = await phone.verifies(door);
    await phone.push(returned);
    await desk.sendBack(returned.id);
    first = await phone.verifies(door, { id: returned.id, revision: 2 });
    second = await refused({ id: returned.id });
    await phone.push(first, second);
  });

  async function besides() {
    const { lines } = await page();
    const line = at(lines, 0);
    const { shown } = await page({ id: line.id, part: line.part ?? undefined });
    if (!shown?.part) throw new Error('nothing stands beside');
    return { ...shown, part: shown.part };
  }
  async function choice(): Promise<Decision> {
    const { part, head } = await besides();
    return { submissionId: first.id, ...head, kind: 'accept', choose: part };
  }
  async function put(kind: AsideDecision['kind'], reason = '以另一份为准') {
    const { part, previous } = await besides();
    return decideAside(here.office, here.accounts.coordinator, {
      submissionId: first.id,
      part,
      previous,
      kind,
      reason,
    });
  }

  test('stand side by side', async () => {
    expect(await codesOf()).toEqual([['beside', 'duplicate_revision']]);
    expect(await besides()).toMatchObject({
      this: { revision: 2, body: { outcome: 'refused' } },
      other: { revision: 2, body: { outcome: 'verified' }, review: 'pending' },
      can: { choose: true, keep: true, accept: false, sendBack: false },
    });
  });

  test('the one that is chosen waits for review, the other is kept and its phone told so', async () => {
    expect(await desk.take(await choice())).toHaveProperty('done');
    expect(await phone.record(first.id)).toMatchObject({
      revision: 2,
      digest: second.digest,
      review: 'pending',
      outcome: 'refused',
      others: [{ revision: 2, digest: first.digest, review: 'voided' }],
      before: { revision: 1, review: 'returned' },
    });
    expect(await codesOf()).toEqual([]);
    const receipts = await phone.push(first, second);
    expect(receipts.map(({ status }) => status)).toEqual(['stored', 'quarantined']);
    expect(await desk.approve(first.id)).toHaveProperty('done');
  });

  test('a choice is put back by undo, and refused to who saw another state', async () => {
    const early = await choice();
    await desk.take(early);
    expect(await desk.take(early)).toMatchObject({ refused: 'newer-revision' });
    expect(await desk.undo(first.id)).toHaveProperty('done');
    expect(await phone.record(first.id)).toMatchObject({
      digest: first.digest,
      review: 'pending',
      outcome: 'verified',
      others: [{ digest: second.digest, review: 'quarantined' }],
    });
    expect(await codesOf()).toEqual([['beside', 'duplicate_revision']]);
  });

  test('one that is chosen with answers that do not hold waits in quarantine to be mended', async () => {
    const third = await phone.verifies(door, {
      id: first.id,
      revision: 3,
      body: verifiedBody(door, { noticeGiven: false }),
    });
    const sound = await phone.verifies(door, { id: first.id, revision: 3 });
    await phone.push(sound, third);
    const { lines } = await page();
    const cases = await here.office.database.read((db) =>
      Promise.all(
        lines.map(({ part }) => openCase(db, here.communityId, { submissionId: first.id, part: part ?? null })),
      ),
    );
    const chosen = cases.find((one) => one?.digest === third.digest);
    if (!chosen?.part) throw new Error('the third stands beside');
    // An older one is history: the newest is what can be corrected (REC-6).
    expect(cases.find((one) => one?.digest === second.digest)?.can).toMatchObject({ choose: false, keep: true });
    const decision: Decision = { submissionId: first.id, ...chosen.head, kind: 'accept', choose: chosen.part };
    expect(await desk.take(decision)).toHaveProperty('done');
    expect(await phone.record(first.id)).toMatchObject({
      review: 'quarantined',
      digest: third.digest,
      problems: [{ code: 'notice_not_given' }],
    });
    expect(await desk.take({ ...(await seen(first.id)), kind: 'accept', ...mend })).toHaveProperty('done');
    expect(await phone.record(first.id)).toMatchObject({ review: 'pending' });
  });

  test('the other one is kept with the reason, told to the phone that sent it, and brought back by undo', async () => {
    const { part } = await besides();
    expect(await put('void', '')).toMatchObject({ refused: 'invalid' });
    expect(await put('void')).toHaveProperty('done');
    expect(await phone.record(first.id)).toMatchObject({
      digest: first.digest,
      review: 'pending',
      others: [{ digest: second.digest, review: 'voided', reason: '以另一份为准' }],
    });
    expect((await desk.open(first.id)).previous?.kind).toBe('return');
    const kept = await page({ id: first.id, part });
    const undone = { submissionId: first.id, part, previous: kept.shown?.previous ?? null, kind: 'undo' } as const;
    expect(await decideAside(here.office, here.accounts.coordinator, { ...undone, previous: null })).toMatchObject({
      refused: 'decided',
      byId: here.accounts.coordinator.id,
    });
    expect(await decideAside(here.office, here.accounts.coordinator, undone)).toHaveProperty('done');
    expect(await codesOf()).toEqual([['beside', 'duplicate_revision']]);
  });
});

test("[REC-7] another account's revision is kept with a reason that its sender alone reads", async () => {
  const mine = await phone.verifies(door);
  await phone.push(mine);
  const stranger = here.phone(here.accounts.otherWorker);
  const theirs = await stranger.verifies(at(here.foreignDoors, 0), { id: mine.id, revision: 2 });
  await stranger.push(theirs);
  const line = at((await page()).lines, 0);
  const { shown } = await page({ id: mine.id, part: line.part ?? undefined });
  expect(shown).toMatchObject({
    source: 'foreign',
    by: 'other-worker',
    owner: 'worker',
    can: { accept: false, choose: false, sendBack: false, keep: true },
  });
  const decision = { submissionId: mine.id, part: line.part ?? '', previous: null, kind: 'void' } as const;
  const reason = '请重新记录一条';
  expect(await decideAside(here.office, here.accounts.coordinator, { ...decision, reason })).toHaveProperty('done');
  expect(await stranger.record(mine.id)).toMatchObject({ review: 'voided', comments: [{ text: reason }] });
  const own = await phone.record(mine.id);
  expect(own).toMatchObject({ review: 'pending', comments: [] });
  expect(JSON.stringify(own)).not.toContain(reason);
  expect((await page()).total).toBe(0);
});
