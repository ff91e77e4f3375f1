/** Several versions of one form beside each other: published as data, each taken, none ever changed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { householdVerification } from '../../src/lib/forms/definitions/household-verification';
import { bodyToCorrect, reviewPage } from '../../src/lib/server/desk/review-page';
import { publishForm } from '../../src/lib/server/forms/publish-form';
import { refreshCommunities } from '../../src/lib/server/feeds/refresh';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
});
afterEach(() => here.close());

/** Version 2 asks one thing more, and must have it. */
const meter = {
  name: 'meter',
  type: 'text',
  label: 'label_meter',
  purpose: 'purpose_meter',
  words: { 'zh-CN': '水表号', en: 'Water meter' },
  required: { field: 'outcome', in: ['verified'] },
  maxLength: 20,
};
const second = {
  ...householdVerification,
  version: 2,
  sections: [...householdVerification.sections, { name: 'meter', label: 'section_remarks', fields: [meter] }],
};
const publish = (definition: unknown) => publishForm(here.office, here.communityId, definition);
const form = (version: number) => ({ id: 'household-verification', version });
const inSecond = (index: number, more: Record<string, unknown> = { meter: 'B-20331' }) => {
  const door = at(here.doors, index);
  return phone.verifies(door, { form: form(2), body: verifiedBody(door, more) });
};

test('[QUA-6] [QUA-5] a version that nobody knows waits in quarantine, and is pending once it was published', async () => {
  const visit = await inSecond(0);
  const [receipt] = await phone.push(visit);
  expect(receipt).toMatchObject({ status: 'quarantined', problems: [{ code: 'form_unknown' }] });
  expect(await publish(second)).toEqual({ published: form(2) });
  await runAfterwork(here.office);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'pending' });
  expect(await desk.approve(visit.id)).toHaveProperty('done');
  expect(await phone.push(visit)).toEqual([receipt]);
});

test('both versions are taken, each by its own definition', async () => {
  await publish(second);
  const first = await phone.verifies(at(here.doors, 0));
  const newer = await inSecond(1);
  const lacking = await inSecond(2, {});
  const receipts = await phone.push(first, newer, lacking);
  expect(receipts.map(({ status }) => status)).toEqual(['stored', 'stored', 'quarantined']);
  expect(receipts[2]?.problems).toMatchObject([{ code: 'required', path: ['meter'] }]);
  expect(await desk.approve(first.id)).toHaveProperty('done');
  expect((await desk.open(newer.id)).definition?.version).toBe(2);
  expect(await desk.approve(newer.id)).toHaveProperty('done');
});

test('the desk shows and corrects a record by the version of its form', async () => {
  await publish(second);
  const [first, newer] = [await phone.verifies(at(here.doors, 0)), await inSecond(1)];
  await phone.push(first, newer);
  for (const [{ id }, version] of [[first, 1] as const, [newer, 2] as const]) {
    const page = await reviewPage(here.office, desk.account, { id }, 'zh-CN');
    expect(page.definition).toMatchObject(form(version));
    expect((await bodyToCorrect(here.office, desk.account, id))?.definition).toMatchObject(form(version));
  }
  const correct = (value: string) => desk.approve(newer.id, { corrections: [{ path: ['meter'], value }] });
  const tooLong = { path: ['meter'], code: 'too_long' };
  expect(await correct('B'.repeat(21))).toMatchObject({ refused: 'invalid', problems: [tooLong] });
  expect(await correct('B-20332')).toHaveProperty('done');
});

test('every version is told to phones, and stays told after a restart', async () => {
  await publish(second);
  await here.reopen();
  await refreshCommunities(here.office);
  await phone.pull();
  const feed = `community/${here.communityId}`;
  expect(phone.item(feed, 'form', 'household-verification@1')).toMatchObject({ version: 1 });
  expect(phone.item(feed, 'form', 'household-verification@2')).toMatchObject({ version: 2 });
});

test('a published version never changes, and what is no definition is refused with what is wrong in it', async () => {
  await publish(second);
  expect(await publish({ ...second, targets: ['dwelling', 'grid'] })).toEqual({ refused: 'version-taken', newest: 2 });
  expect(await publish(householdVerification)).toEqual({ refused: 'version-taken', newest: 2 });
  expect(await publish({ id: 'x' })).toMatchObject({ refused: 'not-a-form' });
  expect(await publish({ ...second, version: 3, colour: 'red' })).toMatchObject({
    refused: 'not-a-form',
    faults: [expect.stringContaining('colour')],
  });
  const another = { community: here.office.world.uuid() };
  expect(await publishForm(here.office, another.community, second)).toEqual({ refused: 'community-unknown' });
});

test('a version without what the office rests on, or with another meaning under an old name, is refused', async () => {
  const [knock, ...rest] = householdVerification.sections;
  const without = { ...second, sections: [{ ...knock, fields: knock.fields.slice(1) }, ...rest] };
  expect(await publish(without)).toEqual({ refused: 'fields', paths: ['outcome'] });
  const note = { name: 'remarks', label: 'section_remarks', fields: [{ ...meter, name: 'note', type: 'code' }] };
  const renamed = { ...second, sections: [...householdVerification.sections.slice(0, -1), note] };
  expect(await publish(renamed)).toEqual({ refused: 'fields', paths: ['note'] });
});
