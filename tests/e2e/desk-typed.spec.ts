/** What a coordinator writes is hers alone: never another person's, never the office's older word, and never gone (decision 30). */
import { randomUUID } from 'node:crypto';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { checkCharacter } from '../../src/lib/domain/identity-number';
import { startOffice, type RunningOffice } from './office';
import { deskOf, signIn } from './phone';
import { at, newcomer, WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let worker: WirePhone;
let doors: Door[];
let one: Page;
let other: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  worker = await WirePhone.of(office.address, 'grid1');
  doors = await worker.doors();
  one = await deskOf(browser, office.address, 'coordinator1');
  other = await deskOf(browser, office.address, 'admin1');
});
test.afterAll(() => office.stop());

/** A door that no test has used. */
function nextDoor(): Door {
  const door = doors.pop();
  if (!door) throw new Error('no door is left');
  return door;
}

/** Sends a record of the door, or its next revision. */
async function sends(door: Door, body: Record<string, unknown>, before?: { id: string; revision: number }) {
  const id = before?.id ?? randomUUID();
  const revision = (before?.revision ?? 0) + 1;
  const target = { type: 'dwelling', id: door.id };
  await worker.sends({ id, revision, target, basis: { [door.id]: door.version }, body });
  return { id, revision };
}
const opens = (page: Page, id: string, more = '') => page.goto(`${office.address}/desk/review?id=${id}${more}`);
const field = (page: Page, what: 'value' | 'comment', of: string) => page.locator(`[name^='${what}:'][name*='${of}']`);
const alert = (page: Page) => page.getByRole('alert');
const readAnew = (page: Page) => page.getByRole('button', { name: '看新的' });
const done = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words });
const kept = (page: Page) => page.locator('#kept');
const soon = { timeout: 20_000 };
const revisionOf = (page: Page) => page.locator('.detail input[name="revision"]');

/** Approves it as it stands, the record's side wherever somebody has to choose. */
async function approves(page: Page, id: string): Promise<void> {
  await opens(page, id);
  for (const side of await page.locator('input[type="radio"][value="proposal"]').all()) await side.check();
  await page.locator('#do-approve').click();
  await expect(done(page, '已通过')).toBeVisible();
}

test('[TWO-4] over a newer revision only what she wrote herself is put, and it says where both are new', async () => {
  const door = nextDoor();
  const first = await sends(door, at(door, { phone: '13900005551', registeredAddress: '老厂' }));
  await opens(one, first.id, '&edit=1');
  await field(one, 'value', 'registeredAddress').fill('新华书店');
  await sends(door, at(door, { phone: '13900006662', registeredAddress: '新厂' }), first);
  await one.locator('#do-correct').click();
  await expect(alert(one).filter({ hasText: '请看最新的' })).toBeVisible();
  await expect(revisionOf(one)).toHaveValue('2');
  await expect(field(one, 'value', 'phone')).toHaveValue('13900006662');
  await expect(field(one, 'value', 'registeredAddress')).toHaveValue('新华书店');
  await expect(one.getByRole('note')).toHaveText('您写的时候，这里改成了：新厂');
  await one.locator('#do-correct').click();
  await expect(done(one, '已通过')).toBeVisible();
  const { corrections } = (await worker.record(first.id)) ?? {};
  expect(corrections).toEqual([{ path: ['households', 0, 'residents', 0, 'registeredAddress'], value: '新华书店' }]);
});

test('[TWO-4] what was written about a person follows them, and is nobody else’s once they are not in the record', async () => {
  const door = nextDoor();
  const [ann, bea] = [newcomer('周新一', '13900001111'), newcomer('周新二', '13900002222')];
  const first = await sends(door, at(door, {}, [ann, bea]));
  await opens(one, first.id);
  const commentOn = (id: string) => field(one, 'comment', `"${id}","phone"`);
  await commentOn(ann.id).fill('周新一的电话请再核对');
  await commentOn(bea.id).fill('周新二的也请核对');
  await sends(door, at(door, {}, [bea]), first);
  await one.locator('#do-return').click();
  await expect(alert(one).filter({ hasText: '请看最新的' })).toBeVisible();
  await expect(commentOn(bea.id)).toHaveValue('周新二的也请核对');
  await expect(kept(one)).toHaveValue(/周新一.*：周新一的电话请再核对/);
  await one.locator('#do-return').click();
  await expect(done(one, '已退回')).toBeVisible();
  const place = door.households[0]?.residents.length;
  expect((await worker.record(first.id))?.comments).toMatchObject([
    { path: ['households', 0, 'residents', place, 'phone'], text: '周新二的也请核对' },
  ]);
});

test('[TWO-4] what was written about an entry without an id follows it, and is kept once the record has it no more', async () => {
  const volunteer = await WirePhone.of(office.address, 'volunteer1');
  const [recipient] = await volunteer.told('recipient');
  const id = randomUUID();
  const visit = (revision: number, ...services: string[]) =>
    volunteer.sends({
      ...{ id, revision, kind: 'care-visit', form: { id: 'care-visit', version: 1 } },
      target: { type: 'resident', id: recipient?.id ?? '' },
      body: {
        ...{ outcome: 'met', present: 'in-person', needs: [], condition: { mood: 3 }, hazards: [] },
        ...{ nextVisit: '2026-12-05', note: '', services: services.map((code) => ({ code, minutes: 10 })) },
      },
    });
  const minutes = (what: 'value' | 'comment') => one.locator(`[name^='${what}:'][name*='"minutes"']`);
  await visit(1, 'health', 'company');
  await opens(one, id, '&edit=1&whole=1');
  await minutes('value').nth(0).fill('90');
  await minutes('comment').nth(0).fill('这一项的时间不对');
  await visit(2, 'company', 'health');
  await one.locator('#do-correct').click();
  await expect(alert(one).filter({ hasText: '请看最新的' })).toBeVisible();
  expect(await minutes('value').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual([
    '10',
    '90',
  ]);
  await expect(minutes('comment').nth(0)).toHaveValue('');
  await expect(minutes('comment').nth(1)).toHaveValue('这一项的时间不对');
  await visit(3, 'company', 'counsel');
  await one.locator('#do-correct').click();
  await expect(revisionOf(one)).toHaveValue('3');
  await expect(minutes('value').nth(1)).toHaveValue('10');
  await expect(kept(one)).toHaveValue(/改正：健康\S* .*：90\n/);
  await expect(kept(one)).toHaveValue(/批注：健康\S* .*：这一项的时间不对/);
  await visit(4, 'company', 'health');
  await one.locator('#do-correct').click();
  await expect(revisionOf(one)).toHaveValue('4');
  await expect(kept(one)).toHaveCount(0);
  await one.locator('#do-correct').click();
  await expect(done(one, '已通过')).toBeVisible();
  expect((await volunteer.record(id))?.corrections).toEqual([{ path: ['services', 1, 'minutes'], value: 90 }]);
});

test('[TWO-2] a side is chosen for the values that stood there: where they are others it is asked again', async () => {
  const door = nextDoor();
  const records = [];
  for (const phone of ['13900000001', '13900000002', '13900000003', '13900000004']) {
    records.push((await sends(door, at(door, { phone }))).id);
  }
  const [first = '', second = '', third = '', mine = ''] = records;
  await approves(other, first);
  await opens(one, mine);
  const register = one.locator('input[type="radio"][value="register"]');
  await register.check();
  await approves(other, second);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(one.getByText('两边的值变了，请重新选')).toBeVisible();
  await expect(register).not.toBeChecked();

  await register.check();
  await approves(other, third);
  await one.locator('#do-approve').click();
  await expect(alert(one).filter({ hasText: '底册在您打开之后有变' })).toBeVisible();
  await expect(one.getByText('两边的值变了，请重新选')).toBeVisible();
  await expect(register).not.toBeChecked();
  // Of the same sides it stays.
  await register.check();
  const elsewhere = nextDoor();
  await sends(elsewhere, at(elsewhere));
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(readAnew(one)).toBeHidden();
  await expect(register).toBeChecked();
});

test('[TWO-3] words for a record that somebody else decided stay in the page, to be copied', async () => {
  const door = nextDoor();
  for (const press of ['#do-return', '看新的']) {
    const { id } = await sends(
      door,
      at(door, { phone: `1391111${String(doors.length).padStart(3, '0')}${press.length % 10}` }),
    );
    await opens(one, id);
    await one.locator('#words').fill('很长的一段话');
    await field(one, 'comment', 'phone').first().fill('这一项的批注');
    await approves(other, id);
    if (press === '看新的') {
      await expect(readAnew(one)).toBeVisible(soon);
      await readAnew(one).click();
    } else {
      await one.locator(press).click();
      await expect(alert(one).filter({ hasText: '先办了' })).toBeVisible();
    }
    await expect(kept(one)).toHaveValue(/写的话：很长的一段话/);
    await expect(kept(one)).toHaveValue(/联系电话：这一项的批注/);
    // And they are there again for whoever may decide after all.
    await other.locator('#do-undo').click();
    await expect(done(other, '已撤销')).toBeVisible();
    await expect(readAnew(one)).toBeVisible(soon);
    await readAnew(one).click();
    await expect(one.locator('#words')).toHaveValue('很长的一段话');
    await expect(field(one, 'comment', 'phone').first()).toHaveValue('这一项的批注');
    await expect(kept(one)).toHaveCount(0);
    await approves(other, id);
  }
});

test('[TWO-3] what was corrected in a record that somebody else decided meanwhile is no field any more, and is not gone', async () => {
  const door = nextDoor();
  const { id } = await sends(door, at(door, { phone: '13900007775' }));
  await opens(one, id, '&edit=1');
  await field(one, 'value', 'phone').fill('13900008888');
  await approves(other, id);
  await one.locator('#do-correct').click();
  await expect(alert(one).filter({ hasText: '先办了' })).toBeVisible();
  await expect(field(one, 'value', 'phone')).toHaveCount(0);
  await expect(kept(one)).toHaveValue(/联系电话：139 0000 8888/);
});

test('[TWO-4] beside a number written over a masked one it says that the newest may be another', async () => {
  const door = nextDoor();
  const numbers = ['620799199001011', '620799199001015'].map((first) => `${first}67`);
  const [before, after] = numbers.map((number) => number + checkCharacter(number));
  const person = { ...newcomer('周新三', '13900003333'), birthDate: '1990-01-01', missing: {} };
  const first = await sends(door, at(door, {}, [{ ...person, idNumber: before }]));
  await opens(one, first.id, '&edit=1');
  await field(one, 'value', 'idNumber').fill('620799199001019999');
  const note = one.getByRole('note').filter({ hasText: '号码可能也改了' });
  await expect(note).toHaveCount(0);
  await sends(door, at(door, {}, [{ ...person, idNumber: after }]), first);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(revisionOf(one)).toHaveValue('2');
  await expect(field(one, 'value', 'idNumber')).toHaveValue('620799199001019999');
  await expect(note).toBeVisible();
});

for (const [desk, phone] of [
  ['review', '13900007776'],
  ['quarantine', '12'],
] as const) {
  test(`Enter in a comment decides nothing at the desk of ${desk}`, async () => {
    const pressed: string[] = [];
    one.on('request', (request) => {
      if (request.method() === 'POST') pressed.push(new URL(request.url()).search.split('&')[0] ?? '');
    });
    const door = nextDoor();
    const { id } = await sends(door, at(door, { phone }));
    await one.goto(`${office.address}/desk/${desk}?id=${id}`);
    await field(one, 'comment', 'phone').first().fill('请核对');
    await field(one, 'comment', 'phone').first().press('Enter');
    await one.locator('#do-return').click();
    await expect(done(one, '已退回')).toBeVisible();
    expect(pressed).toEqual(['?/return']);
    expect((await worker.record(id))?.['review']).toBe('returned');
  });
}

const posts = /\/desk\/review\?\/return/;
const broken = {
  'a broken line': (page: Page) => page.route(posts, (route) => route.abort()),
  'a busy office': (page: Page) =>
    page.route(posts, (route) => route.fulfill({ status: 503, json: { protocol: 1, error: 'busy' } })),
  'a page of a network’s own': (page: Page) =>
    page.route(posts, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>登录上网</h1>' })),
};
for (const [name, breaks] of Object.entries(broken)) {
  test(`a decision over ${name} leaves the page as it was, and is pressed once more`, async () => {
    const door = nextDoor();
    const { id } = await sends(door, at(door, { phone: '13900007771' }));
    await opens(one, id);
    // Pressed before the scripts have come, the form is posted by the browser itself.
    await one.waitForLoadState('networkidle');
    await one.locator('#words').fill('请再问一次');
    await breaks(one);
    await one.locator('#do-return').click();
    await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
    await expect(one.locator('#words')).toHaveValue('请再问一次');
    await one.unroute(posts);
    await one.locator('#do-return').click();
    await expect(done(one, '已退回')).toBeVisible();
    expect((await worker.record(id))?.comments).toMatchObject([{ text: '请再问一次' }]);
  });
}

test('[TWO-3] a decision whose answer was lost is not taken twice, and whoever presses again is told that it was theirs', async () => {
  const door = nextDoor();
  const { id } = await sends(door, at(door, { phone: '13900007774' }));
  await opens(one, id);
  await one.locator('#words').fill('请再问一次');
  await one.route(posts, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await one.locator('#do-return').click();
  await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
  await one.unroute(posts);
  await one.locator('#do-return').click();
  await expect(alert(one).filter({ hasText: '您已在' })).toBeVisible();
  expect((await worker.record(id))?.comments).toHaveLength(1);
});

test('看新的 over a broken line, or signed out in another window, leaves the page as it was', async ({ browser }) => {
  const door = nextDoor();
  const { id } = await sends(door, at(door, { phone: '13900007772' }));
  const mine = await deskOf(browser, office.address, 'coordinator1');
  await opens(mine, id);
  await mine.locator('#words').fill('写了一半');
  await approves(other, id);
  await expect(readAnew(mine)).toBeVisible(soon);
  await mine.route('**/__data.json*', (route) => route.abort());
  await readAnew(mine).click();
  await expect(alert(mine).filter({ hasText: '没连上办公室' })).toBeVisible();
  await expect(mine.locator('#words')).toHaveValue('写了一半');
  await mine.unroute('**/__data.json*');
  const second = await mine.context().newPage();
  await second.goto(`${office.address}/desk`);
  await second.getByRole('button', { name: '退出登录' }).click();
  await expect(second.getByLabel('用户名')).toBeVisible();
  await readAnew(mine).click();
  await expect(alert(mine).filter({ hasText: '您已经退出登录' })).toBeVisible();
  await expect(mine.locator('#words')).toHaveValue('写了一半');
  await mine.context().close();
});

test('who leaves the correction of values is out of it, and keeps the words', async () => {
  const door = nextDoor();
  const { id } = await sends(door, at(door, { phone: '13900007780' }));
  await opens(one, id, '&edit=1');
  await one.locator('#words').fill('整体的话');
  await one.locator('#do-edit').click();
  await expect(one.locator('#do-correct')).toHaveCount(0);
  await expect(one.locator('#do-approve')).toBeVisible();
  await expect(one.locator('#words')).toHaveValue('整体的话');
});

const ways = [
  { what: 'values to correct', desk: 'review', phone: '13900007781', press: '#do-edit' },
  { what: 'the whole form', desk: 'review', phone: '13900007782', press: '#go-whole' },
  { what: 'values to correct in quarantine', desk: 'quarantine', phone: '12', press: '#do-edit' },
];
for (const { what, desk, phone, press } of ways) {
  test(`what is written stands while the way to ${what} is broken, and goes along once it is there`, async ({
    browser,
  }) => {
    const door = nextDoor();
    const { id } = await sends(door, at(door, { phone }));
    const mine = await deskOf(browser, office.address, 'coordinator1');
    await mine.goto(`${office.address}/desk/${desk}?id=${id}`);
    await mine.waitForLoadState('networkidle');
    const comment = field(mine, 'comment', 'phone').first();
    const stands = async () => {
      await expect(comment).toHaveValue('请再问');
      await expect(mine.locator('#words')).toHaveValue('整体的话');
    };
    await comment.fill('请再问');
    await mine.locator('#words').fill('整体的话');
    await mine.route('**/__data.json*', (route) => route.abort());
    await mine.locator(press).click();
    await expect(alert(mine).filter({ hasText: '没连上办公室' })).toBeVisible();
    await stands();
    const before = mine.url();
    await mine.unroute('**/__data.json*');
    await mine.locator(press).click();
    await expect(mine).not.toHaveURL(before);
    await expect(alert(mine)).toHaveCount(0);
    await stands();
    // And back again.
    await mine.route('**/__data.json*', (route) => route.abort());
    for (const goes of [() => mine.locator(press).click(), () => mine.goBack()]) {
      await goes();
      await expect(alert(mine).filter({ hasText: '没连上办公室' })).toBeVisible();
      await stands();
    }
    await mine.unroute('**/__data.json*');
    await mine.goBack();
    await expect(mine).toHaveURL(before);
    await stands();
    await mine.context().close();
  });
}

test('a press on a page of another account is filed under no name until it is pressed knowingly', async ({
  browser,
}) => {
  const door = nextDoor();
  const { id } = await sends(door, at(door, { phone: '13900007773' }));
  const mine = await deskOf(browser, office.address, 'coordinator1');
  await opens(mine, id);
  await mine.locator('#words').fill('请再核对');
  const second = await mine.context().newPage();
  await second.goto(`${office.address}/desk`);
  await second.getByRole('button', { name: '退出登录' }).click();
  await expect(second.getByLabel('用户名')).toBeVisible();
  await signIn(second, `${office.address}/desk`, 'admin1');
  await expect(second).toHaveURL(/\/desk$/);
  const name = (await second.locator('.me strong').textContent()) ?? '';
  await mine.locator('#do-return').click();
  await expect(alert(mine).filter({ hasText: `这一页不是用 ${name} 的账号打开的` })).toBeVisible();
  await expect(mine.locator('.me strong')).toHaveText(name);
  await expect(mine.locator('#words')).toHaveValue('请再核对');
  expect((await worker.record(id))?.review).toBe('pending');
  await mine.locator('#do-return').click();
  await expect(done(mine, '已退回')).toBeVisible();
  expect((await worker.record(id))?.comments).toMatchObject([{ text: '请再核对', by: name }]);
  await mine.context().close();
});

test('[TWO-2] after who is who was answered 看新的 shows the newest revision, with the answer weighed in it', async () => {
  const door = nextDoor();
  await approves(other, (await sends(door, at(door, {}, [newcomer('冯新来', '13900000091')]))).id);
  const person = newcomer('冯新来', '13900000092');
  const first = await sends(door, at(door, {}, [person]));
  await opens(one, first.id);
  const is = one.locator('input[type="radio"][value^="is:"]');
  await is.check();
  const own = one.getByRole('row').filter({ hasText: '0092' });
  await expect(own.locator('input[type="radio"]').first()).toBeVisible();
  await one.locator('#words').fill('写的话');
  await sends(door, at(door, {}, [person], '第二版'), first);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(revisionOf(one)).toHaveValue('2');
  await expect(is).toBeChecked();
  await expect(own.locator('input[type="radio"]').first()).toBeVisible();
  await expect(one.locator('#words')).toHaveValue('写的话');
});

/** A number of somebody born on that day, without its check. */
const numberOf = (day: string, of: number) => {
  const seventeen = `620799${day}${of}`;
  return seventeen + checkCharacter(seventeen);
};
const spaced = (number: string) =>
  `${number.slice(0, 6)} ${number.slice(6, 10)} ${number.slice(10, 14)} ${number.slice(14)}`;
/** Looks at the number in that row, and reads all of it. */
async function looksAt(cell: Locator, number: string): Promise<void> {
  await cell.locator('button[name="look"]').click();
  await expect(cell).toContainText(spaced(number));
}
const { missing: _none, birthDate: _year, ...known } = newcomer('周看号', '13900009991');
const withNumber = (idNumber: string) => ({ ...known, birthDate: '1990-01-01', sex: '1', idNumber });

test('[TWO-2] a number that was looked at goes with the revision that it stood in', async () => {
  const door = nextDoor();
  const [older, newer] = [numberOf('19900101', 123), numberOf('19900101', 567)];
  const first = await sends(door, at(door, {}, [withNumber(older)]));
  await opens(one, first.id);
  const cell = one.getByRole('row').filter({ hasText: '证件号码' });
  await looksAt(cell, older);
  // What is new elsewhere hides nothing.
  const elsewhere = nextDoor();
  await sends(elsewhere, at(elsewhere));
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(readAnew(one)).toBeHidden();
  await expect(cell).toContainText(spaced(older));
  await sends(door, at(door, {}, [withNumber(newer)]), first);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(revisionOf(one)).toHaveValue('2');
  await expect(cell).toContainText(newer.slice(-4));
  await expect(cell).not.toContainText(spaced(older));
  await looksAt(cell, newer);
});

test('[TWO-2] a number of the register that was looked at goes when the register has another', async () => {
  const door = nextDoor();
  const [mine, others] = [numberOf('19800203', 111), numberOf('19800203', 333)];
  const corrected = (idNumber: string) =>
    at(door, { idType: 'resident-id', birthDate: '1980-02-03', sex: '1', idNumber });
  const { id } = await sends(door, corrected(mine));
  const theirs = await sends(door, corrected(others));
  await opens(one, id);
  const look = one.locator('button[name="look"][value^="before:"]');
  await look.click();
  await expect(look).toHaveCount(0);
  const cell = one.getByRole('row').filter({ hasText: '证件号码' });
  const was = (await cell.locator('del').textContent()) ?? '';
  // Side by side with the record's.
  await one.locator('button[name="look"][value^="after:"]').click();
  await expect(cell).toContainText(spaced(mine));
  await expect(cell).toContainText(was);
  await approves(other, theirs.id);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(cell.filter({ hasText: others.slice(-4) })).toBeVisible();
  await expect(cell).not.toContainText(was);
  await look.click();
  await expect(cell).toContainText(spaced(others));
});

const stays = (page: Page) => page.locator('input[name="door"][value="keep"]');
/** What the register says of the door by now. */
async function standsAt(door: Door): Promise<string> {
  await other.goto(`${office.address}/desk/register/${door.id}`);
  return (await other.locator('.desk-head').innerText()).includes('已撤下') ? 'struck off' : 'kept';
}

test('a door that was said to stay stays, when the record is corrected and over a newer revision too', async () => {
  const [kept, gone] = [nextDoor(), nextDoor()];
  const none = (note: string) => ({ outcome: 'no-such-door', note });
  const first = await sends(kept, none('门找不到'));
  await opens(one, first.id, '&whole=1');
  await stays(one).check();
  await one.locator('#do-edit').click();
  await expect(one.locator('#do-correct')).toBeVisible();
  await expect(stays(one)).toBeChecked();
  await sends(kept, none('门真的找不到'), first);
  await field(one, 'value', 'note').fill('门牌换了');
  await one.locator('#do-correct').click();
  await expect(alert(one).filter({ hasText: '请看最新的' })).toBeVisible();
  await expect(stays(one)).toBeChecked();
  await one.locator('#do-correct').click();
  await expect(done(one, '已通过')).toBeVisible();
  expect(await standsAt(kept)).toBe('kept');

  const { id } = await sends(gone, none('门找不到'));
  await opens(one, id, '&whole=1&edit=1');
  await expect(one.getByLabel('撤出底册')).toBeChecked();
  await field(one, 'value', 'note').fill('没有这扇门');
  await one.locator('#do-correct').click();
  await expect(done(one, '已通过')).toBeVisible();
  expect(await standsAt(gone)).toBe('struck off');
});

test('a correction that makes of a record one that takes its door out of the register says so first', async () => {
  const door = nextDoor();
  const { id } = await sends(door, { outcome: 'refused', note: '楼已拆了' });
  await opens(one, id, '&whole=1&edit=1');
  await field(one, 'value', 'outcome').selectOption('no-such-door');
  await one.locator('#do-correct').click();
  await expect(alert(one).filter({ hasText: '这扇门要撤出底册' })).toBeVisible();
  await expect(field(one, 'value', 'outcome')).toHaveValue('no-such-door');
  await stays(one).check();
  await one.locator('#do-correct').click();
  await expect(done(one, '已通过')).toBeVisible();
  expect(await standsAt(door)).toBe('kept');
});

test('[QUA-3] a door that was said to stay is not forgotten by an acceptance alone', async () => {
  const door = nextDoor();
  const { id } = await sends(door, { outcome: 'no-such-door', note: '找'.repeat(1001) });
  await one.goto(`${office.address}/desk/quarantine?id=${id}`);
  await stays(one).check();
  await field(one, 'value', 'note').first().fill('门找不到');
  await one.locator('#do-accept').click();
  await expect(alert(one).filter({ hasText: '不会记下“留在底册”' })).toBeVisible();
  await expect(stays(one)).toBeChecked();
  await expect(field(one, 'value', 'note').first()).toHaveValue('门找不到');
  expect((await worker.record(id))?.['review']).toBe('quarantined');
  await one.getByRole('button', { name: '接收并通过' }).click();
  await expect(done(one, '已通过')).toBeVisible();
  expect(await standsAt(door)).toBe('kept');
});

test('[QUA-3] what is mended in quarantine goes over the newest revision alone, with every tick of a list', async () => {
  const volunteer = await WirePhone.of(office.address, 'volunteer1');
  const [recipient] = await volunteer.told('recipient');
  const visit = (revision: number, id: string, more: object) =>
    volunteer.sends({
      ...{ id, revision, kind: 'care-visit', form: { id: 'care-visit', version: 1 } },
      target: { type: 'resident', id: recipient?.id ?? '' },
      body: {
        ...{ outcome: 'met', present: 'in-person', services: [{ code: 'health', minutes: 10 }], needs: [] },
        ...{ condition: { mood: 1 }, hazards: ['fire'], nextVisit: '2026-13-45', note: '第一版的话', ...more },
      },
    });
  const { id, status } = await visit(1, randomUUID(), {});
  expect(status).toBe('quarantined');
  await one.goto(`${office.address}/desk/quarantine?id=${id}&edit=1`);
  const ticked = one.locator('input[type="checkbox"]:checked');
  for (const code of ['gas', 'fall']) await one.locator(`input[type="checkbox"][value="${code}"]`).first().check();
  await visit(2, id, { note: '第二版的话', condition: { mood: 5 } });
  await one.locator('#do-accept').click();
  await expect(alert(one).filter({ hasText: '请看最新的' })).toBeVisible();
  await expect(field(one, 'value', '"note"')).toHaveValue('第二版的话');
  await expect(field(one, 'value', '"mood"')).toHaveValue('5');
  await expect(ticked).toHaveCount(3);
  // Another answer is not in order: what was ticked stays.
  await one.locator('#do-accept').click();
  await expect(alert(one).filter({ hasText: '下次' })).toBeVisible();
  await expect(ticked).toHaveCount(3);
  await field(one, 'value', '"nextVisit"').fill('2026-12-05');
  await one.locator('#do-accept').click();
  await expect(done(one, '已接收')).toBeVisible();
  await one.goto(`${office.address}/desk/review?id=${id}`);
  await expect(one.getByText('第二版的话').first()).toBeVisible();
});

test('[QUA-3] a number that was looked at in quarantine goes with the revision that it stood in', async () => {
  const door = nextDoor();
  const wrong = (of: number) => numberOf('19900101', of).replace(/.$/, (check) => (check === '1' ? '2' : '1'));
  const [older, newer] = [wrong(123), wrong(569)];
  const first = await sends(door, at(door, {}, [withNumber(older)]));
  await one.goto(`${office.address}/desk/quarantine?id=${first.id}`);
  const cell = one.getByRole('row').filter({ hasText: '证件号码' }).first();
  await looksAt(cell, older);
  await sends(door, at(door, {}, [withNumber(newer)]), first);
  await expect(readAnew(one)).toBeVisible(soon);
  await readAnew(one).click();
  await expect(revisionOf(one)).toHaveValue('2');
  await expect(cell).not.toContainText(spaced(older));
  await looksAt(cell, newer);
});

test('[QUA-3] numbers that were looked at in quarantine are seen side by side', async () => {
  const door = nextDoor();
  const wrong = (of: number) => numberOf('19900101', of).replace(/.$/, (check) => (check === '1' ? '2' : '1'));
  const [first, second] = [wrong(125), wrong(571)];
  const people = [first, second].map((number) => ({ ...withNumber(number), id: crypto.randomUUID() }));
  const { id } = await sends(door, at(door, {}, people));
  await one.goto(`${office.address}/desk/quarantine?id=${id}`);
  const cells = one.getByRole('row').filter({ hasText: '证件号码' });
  await looksAt(cells.nth(0), first);
  await looksAt(cells.nth(1), second);
  await expect(cells.nth(0)).toContainText(spaced(first));
});
