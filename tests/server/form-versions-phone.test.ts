/** A new version of a form reaches a phone that is amid the old one: the phone's real code and the real office. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownForms } from '../../src/lib/device/known-forms';
import type { FormDefinition } from '../../src/lib/forms/definition';
import { householdVerification } from '../../src/lib/forms/definitions/household-verification';
import { checkBody } from '../../src/lib/forms/check';
import { publishForm } from '../../src/lib/server/forms/publish-form';
import { type FieldPhone, noNetwork, openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: FieldPhone;

beforeEach(async () => {
  here = await openTestOffice();
  phone = await openFieldPhone(here, here.accounts.worker);
});
afterEach(async () => {
  await phone.close();
  await here.close();
});

const form = (version: number) => ({ id: 'household-verification', version });
const sections = householdVerification.sections.slice(0, -1);
const remarks = (more: object) => ({
  ...at([...householdVerification.sections], -1 + householdVerification.sections.length),
  fields: [
    {
      name: 'note',
      type: 'long-text',
      label: 'label_note',
      purpose: 'purpose_note',
      maxLength: 1000,
      personal: true,
      ...more,
    },
  ],
});
/** Version 2 asks the same, and must have the note of a verified door. */
const second = {
  ...householdVerification,
  version: 2,
  sections: [...sections, remarks({ required: { field: 'outcome', in: ['verified'] } })],
};
/** Version 3 asks what no screen of this app asks. */
const third = {
  ...second,
  version: 3,
  sections: [
    ...sections,
    remarks({}),
    { name: 'meter', label: 'section_remarks', fields: [{ ...remarks({}).fields[0], name: 'meter' }] },
  ],
};

async function publish(definition: object): Promise<void> {
  expect(await publishForm(here.office, here.communityId, definition)).toHaveProperty('published');
}
const forms = () => new KnownForms(phone.register);
const newest = () => forms().newest('household-verification').version;
const stateOf = (id: string) => phone.register.record(id)?.state;
const begun = (door: TestDoor, body = verifiedBody(door)) => ({
  ...verifying(phone, door, body),
  form: form(newest()),
});
const problemsOf = (body: Record<string, unknown>, definition: FormDefinition | null) =>
  definition &&
  checkBody(definition, body, { recordedAt: new Date(here.office.world.now()).toISOString(), door: at(here.doors, 0) })
    .problems;

test('a draft of version 1 goes on under it while version 2 arrives, is saved, pushed and accepted', async () => {
  const draft = begun(at(here.doors, 0));
  expect(draft.form).toEqual(form(1));
  await phone.keepDraft(draft);
  await publish(second);
  await phone.syncNow();
  expect(newest()).toBe(2);

  await phone.close();
  phone = await openFieldPhone(here, here.accounts.worker);
  const kept = await phone.draft(draft.id);
  if (!kept) throw new Error('the draft is gone');
  expect(kept).toMatchObject({ form: form(1), body: draft.body });
  expect(problemsOf(kept.body, forms().find(kept.form))).toEqual([]);
  expect(problemsOf(kept.body, forms().find(form(2)))).toMatchObject([{ path: ['note'], code: 'required' }]);

  await phone.save(kept);
  await phone.syncNow();
  expect(stateOf(draft.id)).toBe('at-the-office');
});

test('a record saved under version 1 without a connection is accepted after version 2 was published', async () => {
  phone.link.network = noNetwork;
  const draft = begun(at(here.doors, 0));
  await phone.save(draft);
  await publish(second);
  phone.link.network = null;
  await phone.syncNow();
  expect(stateOf(draft.id)).toBe('at-the-office');
  expect(newest()).toBe(2);
});

test('what is begun afterwards is in version 2, and both stand at the office', async () => {
  const old = begun(at(here.doors, 0));
  await publish(second);
  await phone.syncNow();
  const door = at(here.doors, 1);
  const fresh = begun(door, verifiedBody(door, { note: '水表已换' }));
  expect(fresh.form).toEqual(form(2));
  await phone.saveAll([old, fresh]);
  await phone.syncNow();
  expect([old, fresh].map(({ id }) => stateOf(id))).toEqual(['at-the-office', 'at-the-office']);
});

test('[FEED-7] a version that these screens cannot ask, and a form that nobody knows, are kept and passed over', async () => {
  await publish(second);
  await publish(third);
  await publish({
    ...second,
    id: 'census',
    version: 1,
    sections: [...sections, remarks({})],
  });
  await phone.syncNow();
  expect(newest()).toBe(2);
  expect(forms().find(form(3))).toMatchObject({ version: 3 });
  expect(() => forms().newest('nothing')).toThrow(RangeError);
  const door = at(here.doors, 0);
  const draft = begun(door, verifiedBody(door, { note: '都好' }));
  await phone.save(draft);
  await phone.syncNow();
  expect(stateOf(draft.id)).toBe('at-the-office');
});
