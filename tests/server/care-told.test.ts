/** What phones are told of people in care follows whatever it tells of: other accounts, and visits whose approval is open again (FEED-10, TWO-4). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount, endAccount } from '../../src/lib/server/accounts/accounts';
import { type CarePlan, setCarePlan } from '../../src/lib/server/care/plans';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { RecipientItem } from '../../src/lib/sync/items';
import { idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let person: string;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.volunteer);
  person = idsOf(at(here.doors, 0)).head;
});
afterEach(() => here.close());

/** As the volunteer's phone has it after a sync. */
async function told(): Promise<RecipientItem> {
  await phone.pull();
  return RecipientItem.parse(phone.item(`account/${phone.account.id}`, 'recipient', person));
}
const isWhole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

test('who cares for somebody together with an account that ends is told so', async () => {
  const { coordinator, volunteer, administrator } = here.accounts;
  const other = await createAccount(here.office, here.communityId, {
    username: 'second-volunteer',
    name: '李志愿',
    role: 'volunteer',
    grids: [],
  });
  const plan: CarePlan = {
    services: ['company'],
    everyDays: 7,
    from: '2026-11-01',
    until: null,
    mustKnow: '',
    pausedUntil: null,
  };
  await setCarePlan(here.office, coordinator, person, plan, [volunteer.id, other.id]);
  expect((await told()).plan.volunteers).toEqual([{ id: other.id, name: '李志愿' }]);
  await isWhole();
  await endAccount(here.office, here.communityId, other.id, administrator);
  expect((await told()).plan.volunteers).toEqual([]);
  await isWhole();
});
