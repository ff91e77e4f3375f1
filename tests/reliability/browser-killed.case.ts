/** The browser is killed at random moments of a save and of a sync; its profile is opened again, and what its screen had said is true. */
import { expect, test } from 'vitest';
import { expect as screen, type Page } from '@playwright/test';
import { portal, pushedIn, questionOf, startLine, type CrookedLine, type Meddler } from '../e2e/crooked-line';
import { doorsToDo, foot, nobodyHome, phoneIn } from '../e2e/phone';
import { moment } from './moment';
import { Notes } from './notes';
import { OfficeProcess } from './office-process';
import { PhoneBrowser } from './phone-browser';
import { chanceOf, enginesInTurn, minutes, seed } from './settings';
import { score } from './ledger';

const kills = minutes > 0 ? Math.ceil(minutes * 4) : 3;
const kinds = ['amid a save', 'before the office heard it', 'before its answer came'] as const;

/** A form half-way: its words are on the disk, and the screen has said so. */
async function begin(page: Page, door: string, notes: Notes): Promise<string> {
  const words = notes.fresh();
  await nobodyHome(page, door);
  await page.getByLabel('备注').fill(words);
  await screen(page.getByText('草稿已存')).toBeVisible();
  notes.kept(words);
  return words;
}

async function save(page: Page, words: string, notes: Notes): Promise<void> {
  await foot(page).click();
  await screen(page).toHaveURL(/\/saved$/);
  notes.saved(words);
}

/** The form of the start before: as it was left, or saved when there is none any more. */
async function goOn(page: Page, { door, words }: Form, notes: Notes): Promise<void> {
  await page.goto(door);
  await screen(page.locator('[data-field="outcome"]')).toBeVisible();
  if (!(await page.getByText('草稿已存').isVisible())) return notes.saved(words);
  if ((await page.getByLabel('备注').inputValue()) !== words) return;
  notes.found(words);
  await save(page, words, notes);
}

type Form = { door: string; words: string };

for (const engine of enginesInTurn) {
  test(`[DEV-2] [DEV-3] [DEV-9] the browser is killed during save and during sync, ${engine}`, async () => {
    const chance = chanceOf(seed);
    const notes = new Notes();
    const office = await OfficeProcess.make(engine);
    const browser = new PhoneBrowser();
    let line: CrookedLine | null = null;
    try {
      await office.start();
      line = await startLine(office.address);
      await browser.start();
      const doors = await doorsToDo(await phoneIn(browser.context, line.address, 'grid1'), line.address);
      await browser.end(); // a session that is a minute old is on the disk
      let turn = 0;
      const nextDoor = () => doors[turn++ % doors.length] ?? '';
      let left: Form[] = [];
      const killed = new Map<string, number>();
      for (let round = 0; round < kills; round += 1) {
        const kind = kinds[round % kinds.length] ?? kinds[0];
        line.meddle = kind === 'amid a save' ? portal : null;
        await browser.start();
        const page = await browser.page();
        for (const form of left) await goOn(page, form, notes);
        const [door, other] = [nextDoor(), nextDoor()];
        left = [{ door: other, words: await begin(page, other, notes) }];
        const words = await begin(page, door, notes);
        if (kind === 'amid a save') {
          left.push({ door, words });
          const said = page.waitForURL(/\/saved$/).then(
            () => notes.saved(words),
            () => undefined, // killed before
          );
          await foot(page).click();
          await moment(chance() * 120);
          await browser.kill();
          await said;
        } else {
          const asked = Promise.withResolvers<null>();
          line.meddle = watched(() => asked.resolve(null), kind === 'before its answer came');
          await save(page, words, notes);
          await asked.promise;
          await moment(chance() * 60);
          await browser.kill();
        }
        killed.set(kind, (killed.get(kind) ?? 0) + 1);
      }
      line.meddle = null;
      await browser.start();
      const page = await browser.page();
      for (const form of left) await goOn(page, form, notes);
      await page.goto(line.address);
      await screen(page.getByText('已送达')).toBeVisible({ timeout: 60_000 });
      expect(killed.size).toBe(kinds.length);
      score({
        case: 'browser killed during save and during sync, profile reopened',
        engine,
        ...notes.compare(await office.rows()),
        message: [...killed].map(([kind, times]) => `${times} × ${kind}`).join(', '),
      });
    } finally {
      await browser.remove();
      await line?.stop();
      await office.remove();
    }
  });
}

/** A record sets out, and `asked` is called; it arrives and is answered, or does not. What asks without a record is answered. */
function watched(asked: () => void, arrives: boolean): Meddler {
  return async (request, _answer, pass) => {
    const { body, text } = await questionOf(request);
    if (pushedIn(text).length === 0) return pass(body);
    asked();
    if (arrives) await pass(body);
  };
}
