/** An office that is newer than the app on the phone: codes that the app lacks hide no door, and a record made there takes nothing from it. */
import { expect, test, type BrowserContext } from '@playwright/test';
import { choice, correctPhone, finish, someoneAnswered, theOthersUnchanged } from './at-the-door';
import { startOffice, type RunningOffice } from './office';
import { foot, handset, phoneIn } from './phone';

test.use({ actionTimeout: 10_000 });

type Resident = Record<string, unknown> & { id: string; name: string; careGroups: string[] };
type Told = {
  type: string;
  id: string;
  body?: Record<string, unknown> & {
    building: string;
    room: string;
    households: { tenure: string; residents: Resident[] }[];
    state: { outcome: string };
  };
};
type Sent = { body: { dwelling: object; households: { residents: Record<string, unknown>[] }[] } };

const code = 'of-a-newer-office';
const newer = '新选项，更新应用后显示';

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** Between this phone and its office: one door is told as a newer office would tell it. Answers that door, and what the phone pushes. */
async function newerOffice(
  context: BrowserContext,
): Promise<{ door: () => Told['body'] & { id: string }; pushed: Sent[] }> {
  let chosen: string | null = null;
  let told: (Told['body'] & { id: string }) | null = null;
  const pushed: Sent[] = [];
  await context.route('**/api/sync', async (route) => {
    const { push = [] } = (route.request().postDataJSON() ?? {}) as { push?: Sent[] };
    pushed.push(...push);
    const response = await route.fetch();
    const answer = (await response.json()) as { feeds?: { changes: Told[] }[] };
    for (const { type, id, body } of (answer.feeds ?? []).flatMap(({ changes }) => changes)) {
      const [household] = body?.households ?? [];
      const [, second] = household?.residents ?? [];
      if (type !== 'dwelling' || !body || !household || !second || body.building !== '2') continue;
      if (chosen === null && body.state.outcome === 'not-visited') chosen = id;
      if (id !== chosen) continue;
      Object.assign(body, { use: code, missing: { note: code } });
      household.tenure = code;
      Object.assign(second, { presence: code, relation: code, careGroups: ['disabled', code] });
      told = { ...body, id };
    }
    await route.fulfill({ response, json: answer });
  });
  const door = () => {
    if (!told) throw new Error('no door was told');
    return told;
  };
  return { door, pushed };
}

test('[FEED-7] a door with codes that the app lacks is on the board, is found, and keeps them through a record', async ({
  browser,
}) => {
  const context = await browser.newContext(handset);
  const { door, pushed } = await newerOffice(context);
  const page = await phoneIn(context, office.address, 'grid1');
  const { id, households } = door();
  const second = households[0]?.residents[1];

  await page.locator('a.building').filter({ hasText: '2号楼' }).click();
  const cell = page.locator(`a.cell[href$="${id}"]`);
  await expect(cell).toBeVisible();
  await page.goto(`${office.address}/search`);
  await page.getByRole('searchbox').fill(second?.name ?? '');
  await page.locator(`a[href$="${id}"]`).first().click();

  // Who is registered is shown, whatever their presence is called.
  const registered = page.getByRole('region', { name: '底册登记' });
  await expect(registered.getByText(second?.name ?? '').first()).toBeVisible();
  await expect(registered.getByText(newer).first()).toBeVisible();

  await someoneAnswered(page);
  await (await correctPhone(page, 1)).fill('13800008979');
  await choice(page, 'which', '关爱类别').click();
  const groups = page.locator('[data-field="careGroups"]');
  await expect(groups.locator('label').filter({ hasText: newer }).getByRole('checkbox')).toBeChecked();
  await groups.locator('label').filter({ hasText: '重病' }).click();
  await foot(page).click();
  await theOthersUnchanged(page);
  await page.getByRole('link', { name: '住房用途、权属、门牌有变' }).click();
  await expect(choice(page, 'use', newer).getByRole('radio')).toBeChecked();
  await foot(page).click();
  await finish(page);

  await expect.poll(() => pushed.length).toBe(1);
  const [{ body } = { body: { dwelling: {}, households: [] } }] = pushed;
  expect(body.dwelling).toEqual({});
  expect(body.households.flatMap(({ residents }) => residents).find((one) => one['id'] === second?.id)).toEqual({
    id: second?.id,
    change: 'corrected',
    phone: '13800008979',
    careGroups: ['disabled', code, 'serious-illness'],
  });
  // A question under way ends with the test.
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
});
