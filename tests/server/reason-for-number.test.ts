/** Why somebody's number is missing is no number: it goes where the record goes; what is none of the reasons is hidden like any number. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bodyToCorrect } from '../../src/lib/server/desk/review-page';
import { masked, maskedAt } from '../../src/lib/server/feeds/bodies/mask';
import { storedHead } from '../../src/lib/server/review/revision';
import { keyOf } from '../../src/routes/desk/answer-keys';
import { correctionsIn } from '../../src/routes/desk/review/decision-form';
import { answerGroups } from '../../src/routes/desk/review/answers';
import { unmaskedNames } from '../../src/lib/server/desk/unmasked-names';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, identityNumber, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
});
afterEach(() => here.close());

const number = identityNumber('1961-03-04', 77);

/** Somebody moved in who shows no card. */
function households(missing: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const { household, head, spouse } = idsOf(at(here.doors, 0));
  return [
    {
      id: household,
      residents: [
        { id: head, change: 'unchanged' },
        { id: spouse, change: 'unchanged' },
        {
          ...{ id: here.office.world.uuid(), change: 'moved-in', name: '周新', sex: '2', birthDate: '1990' },
          ...{ idType: 'resident-id', relation: '97', residence: 'migrant', presence: 'here', phone: '13900001111' },
          ...{ missing, ...more },
        },
      ],
    },
  ];
}

async function pushed(missing: Record<string, unknown>, draft: Record<string, unknown> = {}): Promise<Pushed> {
  const door = at(here.doors, 0);
  const record = await phone.verifies(door, {
    body: verifiedBody(door, { households: households(missing) }),
    ...draft,
  });
  await phone.push(record);
  return record;
}

const reasonAt = ['households', 0, 'residents', 2, 'missing'];

test('who corrects another answer at the desk corrects that one alone', async () => {
  const { id } = await pushed({ idNumber: 'refused' });
  const held = await bodyToCorrect(here.office, desk.account, id);
  // As the page sends it: every answer that it shows, one of them typed over.
  const form = new FormData();
  for (const { answers } of answerGroups(held?.definition ?? null, unmaskedNames(held?.body))) {
    for (const { path, value, field } of answers) {
      const named = (at: typeof path) => `value:${keyOf(held?.body, at)}`;
      if (typeof value === 'string') form.set(named(path), path.at(-1) === 'phone' ? '13900001119' : value);
      else if (field?.type === 'missing')
        for (const [name, reason] of Object.entries(value ?? {})) form.set(named([...path, name]), String(reason));
    }
  }
  const path = ['households', 0, 'residents', 2, 'phone'];
  const corrections = [{ path, value: '13900001119' }];
  expect(form.get(`value:${keyOf(held?.body, [...reasonAt, 'idNumber'])}`)).toBe('refused');
  expect(correctionsIn(form, held?.body, held?.definition ?? null)).toEqual(corrections);
  expect(await desk.approve(id, { corrections })).toHaveProperty('done');
  expect(await phone.record(id)).toMatchObject({ review: 'approved', corrections });
});

test('a reason that the desk corrects is told as it is', async () => {
  const { id } = await pushed({ idNumber: 'refused' });
  const corrections = [{ path: [...reasonAt, 'idNumber'], value: 'not-shown' }];
  expect(await desk.approve(id, { corrections })).toHaveProperty('done');
  expect(await phone.record(id)).toMatchObject({ review: 'approved', corrections });
  const newcomer = (await desk.door(at(here.doors, 0).id)).households[0]?.residents.find(({ name }) => name === '周新');
  expect(newcomer).toMatchObject({ missing: { idNumber: 'not-shown' } });
});

test('[DEV-17] a record that came back keeps the reason on another phone, and is sent again with it', async () => {
  const first = await pushed({ idNumber: 'refused', phone: 'unknown' });
  await desk.sendBack(first.id);
  const told = await phone.record(first.id);
  expect(told).toHaveProperty('record.body', first.body);
  const record = (told?.['record'] ?? {}) as { body: Record<string, unknown> };
  const second = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 2, body: record.body });
  expect(await phone.push(second)).toMatchObject([{ status: 'stored' }]);
  const { id, revision, digest } = second;
  const head = await here.office.database.read((db) => storedHead(db, here.communityId, { id, revision, digest }));
  expect(head?.body).toEqual(first.body);
});

test('[SCO-7] a number in the place of the reason leaves the office in no feed and on no page of the desk', async () => {
  for (const odd of [
    number,
    Number(number.slice(0, 15)),
    { idNumber: 'refused', was: Number(number.slice(0, 15)) },
    'P1234567',
  ]) {
    const { id } = await pushed({ idNumber: odd });
    await desk.sendBack(id);
    const told = JSON.stringify([await phone.record(id), (await desk.open(id)).shown.body]);
    expect(told).not.toContain(number.slice(0, 15));
    expect(told).not.toContain('P1234567');
  }
});

test('a reason is what the code list has, right among the reasons, and nothing else', () => {
  const reason = { missing: { idNumber: 'refused', phone: 'refused' } };
  expect(masked(reason)).toEqual(reason);
  expect(masked({ residents: [{ idNumber: number, ...reason }] })).toEqual({
    residents: [{ idNumberMasked: `**************${number.slice(-4)}`, ...reason }],
  });
  expect(masked({ missing: { idNumber: 'P1234567' } })).toEqual({ missing: { idNumber: '****4567' } });
  expect(masked({ missing: [{ idNumber: 'refused' }] })).toEqual({ missing: [{ idNumberMasked: '***used' }] });
  expect(masked({ missing: { more: { idNumber: 'refused' } } })).toEqual({
    missing: { more: { idNumberMasked: '***used' } },
  });
  expect(maskedAt(['missing', 'idNumber'], 'refused')).toBe('refused');
  expect(maskedAt(['missing', 'idNumber'], null)).toBe(null);
  expect(maskedAt(['missing', 'idNumber'], 'P1234567')).toBe('****4567');
  expect(maskedAt(['missing', 'idNumber', 0], 'refused')).toBe('***used');
  expect(maskedAt(['missing'], { idNumber: 'refused' })).toEqual({ idNumber: 'refused' });
  expect(maskedAt(['residents', 0, 'idNumber'], 'refused')).toBe('***used');
});
