/** Two windows of one phone save and sync at once, then in two versions of the app: nothing is sent twice, no form is lost, no script is missed. */
import { chromium, expect as screen, type Page } from '@playwright/test';
import { expect, test } from 'vitest';
import { pushedIn, questionOf, startLine, type CrookedLine } from '../e2e/crooked-line';
import { doorsToDo, foot, nobodyHome, phoneIn } from '../e2e/phone';
import { findUpdate, troubles, versionOf } from '../e2e/versions';
import { score } from './ledger';
import { Notes } from './notes';
import { OfficeProcess } from './office-process';
import { chromiumHere, phoneHere } from './phone-browser';
import { enginesInTurn, minutes } from './settings';

const rounds = minutes > 0 ? 10 : 2;

for (const engine of enginesInTurn) {
  test(`[DEV-6] [DEV-12] two windows, two versions, an update while a form is open, ${engine}`, async () => {
    const notes = new Notes();
    const office = await OfficeProcess.make(engine);
    const browser = await chromium.launch(chromiumHere);
    let line: CrookedLine | null = null;
    try {
      await office.start();
      line = await startLine(office.address);
      const sent: string[] = [];
      line.meddle = async (request, _answer, pass) => {
        const { body, text } = await questionOf(request);
        sent.push(...pushedIn(text));
        await pass(body);
      };
      const context = await browser.newContext(phoneHere);
      const said = troubles(context);
      const one = await phoneIn(context, line.address, 'grid1');
      const doors = await doorsToDo(one, line.address);
      const two = await context.newPage();
      let turn = 0;
      const nextDoor = () => doors[turn++ % doors.length] ?? '';
      const save = async (page: Page) => {
        const words = notes.fresh();
        await nobodyHome(page, nextDoor());
        await page.getByLabel('备注').fill(words);
        await foot(page).click();
        await screen(page).toHaveURL(/\/saved$/);
        notes.saved(words);
      };
      /** A window that is left amid a request sends again; here none is. */
      const allDelivered = async () => {
        for (const page of [one, two]) await screen(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
      };
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all([save(one), save(two)]);
        await allDelivered();
      }

      const words = notes.fresh();
      await nobodyHome(one, nextDoor());
      await one.getByLabel('备注').fill(words);
      await screen(one.getByText('草稿已存')).toBeVisible();
      notes.kept(words);
      await two.goto(`${line.address}/me`);
      await findUpdate(two, line);
      await two.getByRole('button', { name: '更新', exact: true }).first().click();
      await screen(two.getByText(/-v2/)).toBeVisible({ timeout: 30_000 });
      await Promise.all([
        save(two),
        (async () => {
          await screen(one.getByLabel('备注')).toHaveValue(words); // the form stands as it was, in the version that it was begun in
          notes.found(words);
          await foot(one).click();
          await screen(one).toHaveURL(/\/saved$/);
          notes.saved(words);
        })(),
      ]);
      await allDelivered();
      expect(await versionOf(one, line.address)).toContain('-v2');
      expect(said).toEqual([]);
      expect(sent.length).toBe(new Set(sent).size);
      score({
        case: 'two windows at once, two versions, an update while a form is open',
        engine,
        ...notes.compare(await office.rows()),
        message: `${sent.length} sent, none twice; 有新版本，草稿都在`,
      });
    } finally {
      await browser.close();
      await line?.stop();
      await office.remove();
    }
  });
}
