/** Somebody asks to be erased while their record is open at the desk: it says so, shows what is left, and files nothing that was written about them. */
import { randomUUID } from 'node:crypto';
import { expect, test, type Page } from '@playwright/test';
import { runAdmin } from './admin';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';
import { at, WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let worker: WirePhone;
let doors: Door[];
let one: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  worker = await WirePhone.of(office.address, 'grid1');
  doors = await worker.doors();
  one = await deskOf(browser, office.address, 'coordinator1');
});
test.afterAll(() => office.stop());

/** A door that no test has used, and the first two who are registered there. */
function nextDoor(): { door: Door; head: string; spouse: string } {
  const door = doors.pop();
  const [head, spouse] = door?.households[0]?.residents ?? [];
  if (!door || !head || !spouse) throw new Error('no door is left');
  return { door, head: head.id, spouse: spouse.id };
}

async function sends(door: Door, head: object, spouse: object): Promise<{ id: string; status: string }> {
  const whole = at(door, { ...head });
  const households = whole['households'] as { id: string; residents: { id: string; change: string }[] }[];
  const [first] = households;
  const residents = first?.residents.map((of, place) => (place === 1 ? { ...of, change: 'corrected', ...spouse } : of));
  const informant = { residentId: first?.residents[1]?.id ?? '', name: '', kind: 'member' };
  return worker.sends({
    ...{ id: randomUUID(), target: { type: 'dwelling', id: door.id }, basis: { [door.id]: door.version } },
    body: { ...whole, informant, households: [{ ...first, residents }, ...households.slice(1)] },
  });
}

async function erases(resident: string): Promise<void> {
  const community = await worker.community();
  const { status, stderr } = runAdmin({ DATA_DIR: office.dataDir }, [
    'erase-resident',
    ...['--community', community, '--resident', resident],
  ]);
  expect(status, stderr).toBe(0);
}

const field = (what: 'value' | 'comment', person: string) =>
  one.locator(`[name^='${what}:'][name*='"${person}","phone"']`);
const alert = (words: string) => one.getByRole('alert').filter({ hasText: words });
const done = (words: string) => one.getByRole('status').filter({ hasText: words });
const kept = () => one.locator('#kept');
const readAnew = () => one.getByRole('button', { name: '看新的' });

test('[REC-11] at review: a decision on who was erased is taken once the rest was seen', async () => {
  const { door, head, spouse } = nextDoor();
  const { id } = await sends(door, { phone: '13900007777' }, { phone: '13900006666' });
  await one.goto(`${office.address}/desk/review?id=${id}&edit=1`);
  await field('value', head).fill('13900008888');
  await field('comment', head).fill('他的电话请核对');
  await field('value', spouse).fill('13900005555');
  await erases(head);
  await expect(readAnew()).toBeVisible({ timeout: 20_000 });
  await one.locator('#do-correct').click();
  await expect(alert('有人要求删除自己的信息')).toBeVisible();
  await expect(one.getByText('这条记录里关于他的内容已于').first()).toBeVisible();
  await expect(field('value', head)).toHaveCount(0);
  await expect(field('value', spouse)).toHaveValue('13900005555');
  await expect(kept()).toHaveValue(/：139 0000 8888/);
  await expect(kept()).toHaveValue(/：他的电话请核对/);
  await one.locator('#do-correct').click();
  await expect(done('已通过')).toBeVisible();
  expect((await worker.record(id))?.['corrections']).toEqual([
    { path: ['households', 0, 'residents', 1, 'phone'], value: '13900005555' },
  ]);
});

test('[REC-11] at review: no correction is asked for where all that was corrected was of who was erased', async () => {
  const { door, head } = nextDoor();
  const { id } = await sends(door, { phone: '13900007777' }, { phone: '13900006666' });
  await one.goto(`${office.address}/desk/review?id=${id}&edit=1`);
  await field('value', head).fill('13900008888');
  await erases(head);
  await one.locator('#do-correct').click();
  await expect(alert('有人要求删除自己的信息')).toBeVisible();
  await expect(field('value', head)).toHaveCount(0);
});

test('[REC-11] in quarantine: the page says it, and nothing is wrong any more with who is not in the record', async () => {
  const { door, head, spouse } = nextDoor();
  const { id, status } = await sends(door, { phone: '12' }, { phone: '34' });
  expect(status).toBe('quarantined');
  await one.goto(`${office.address}/desk/quarantine?id=${id}`);
  await field('value', head).fill('13900009999');
  await field('value', spouse).fill('13900004444');
  await erases(head);
  await expect(readAnew()).toBeVisible({ timeout: 20_000 });
  await one.locator('#do-accept').click();
  await expect(alert('有人要求删除自己的信息')).toBeVisible();
  await expect(one.getByText('这条记录里关于他的内容已于').first()).toBeVisible();
  await expect(one.getByRole('cell', { name: /手机号/ })).toHaveCount(1);
  await expect(field('value', head)).toHaveCount(0);
  await expect(kept()).toHaveValue(/：139 0000 9999/);
  await one.locator('#do-accept').click();
  await expect(done('已接收')).toBeVisible();
  await one.goto(`${office.address}/desk/quarantine?id=${id}`);
  await expect(one.locator('.sent')).toHaveText('34');
});
