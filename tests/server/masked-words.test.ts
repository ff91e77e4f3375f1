/** A whole identity number that somebody wrote into words goes to no phone (SCO-7), and those words are still compared with the register's. */
import { expect, onTestFinished, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { open, seal } from '../../src/lib/server/codec';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { basisOf, DeskForTests } from './desk-for-tests';
import { Knock } from './knock-for-tests';
import { at, openTestOffice } from './office-for-tests';
import { verifiedBody } from './phone-for-tests';

test('[SCO-7] in a door’s own note, in the note of an attempt, whoever wrote it', async () => {
  const here = await openTestOffice();
  onTestFinished(() => here.close());
  const { office, accounts, grids } = here;
  const desk = new DeskForTests(here);
  const phone = here.phone(accounts.worker);
  const door = at(here.doors, 1);
  const number = at(at(at(here.doors, 0).households, 0).residents, 0).idNumber;
  const masked = '*'.repeat(14) + number.slice(-4);
  const round = { name: '冬季核实', kind: 'full' as const, closesOn: '2099-12-31', gridIds: [grids[0]] };
  await startRound(office, accounts.coordinator, round);
  await phone.push(await phone.knocksInVain(door, { body: { outcome: 'no-one-home', note: `${number}的儿子说` } }));
  await runAfterwork(office);
  const correction = {
    entity: 'dwelling',
    id: door.id,
    field: 'note',
    value: `房东 ${number}`,
    reason: '核对',
  } as const;
  expect(await correctValue(office, accounts.coordinator, correction)).toEqual({ done: true });
  await phone.pull();
  expect(JSON.stringify([...phone.items])).not.toContain(number);
  expect(phone.item(`grid/${grids[0]}`, 'dwelling', door.id)).toMatchObject({
    note: `房东 ${masked}`,
    state: { note: `${masked}的儿子说` },
  });
  // The worker saw the note, though masked: it is no news to a record on that basis.
  const body = verifiedBody(door);
  const record = await phone.verifies(door, { basis: await basisOf(phone, door), body });
  await phone.push(record);
  expect(await desk.approve(record.id)).toHaveProperty('done');
  expect(await desk.door(door.id)).toMatchObject({ note: `房东 ${number}` });
  expect((await checkOffice(office)).findings).toEqual([]);
});

test('what an older office told whole is no news to a record on that basis', async () => {
  const here = await openTestOffice();
  onTestFinished(() => here.close());
  const { office, accounts } = here;
  const phone = here.phone(accounts.worker);
  const door = at(here.doors, 1);
  const number = at(at(at(here.doors, 0).households, 0).residents, 0).idNumber;
  const note = `房东 ${number}`;
  const correction = { entity: 'dwelling', id: door.id, field: 'note', value: note, reason: '核对' } as const;
  expect(await correctValue(office, accounts.coordinator, correction)).toEqual({ done: true });
  const basis = await basisOf(phone, door);
  await office.database.write(async (tx) => {
    const told = tx.selectFrom('feed_item').select('body').where('item_id', '=', door.id);
    const { body } = await told.executeTakeFirstOrThrow();
    const whole = seal(open(body).replace(`房东 ${'*'.repeat(14)}${number.slice(-4)}`, note));
    expect(whole).not.toBe(body);
    await tx.updateTable('feed_item').set({ body: whole }).where('item_id', '=', door.id).execute();
  });
  const record = await phone.verifies(door, { basis, body: verifiedBody(door) });
  await phone.push(record);
  expect(await new DeskForTests(here).open(record.id)).toMatchObject({ basisHeld: true, since: [] });
});

test('[SCO-7] [FEED-7] whatever else of a record it stands in, which the author’s phone goes on reading', async () => {
  const here = await openTestOffice();
  onTestFinished(() => here.close());
  const { office, accounts } = here;
  const phone = here.phone(accounts.worker);
  const door = at(here.doors, 1);
  const number = 440103195804130900;
  const odd = { seen: number, [`${number}`]: ['有', `\u0001${number}\n`] };
  const record = await phone.verifies(door, { body: { ...verifiedBody(door), odd } });
  await phone.push(record);
  expect(await new DeskForTests(here).sendBack(record.id)).toHaveProperty('done');
  await runAfterwork(office);
  await phone.pull();
  const masked = `${'*'.repeat(14)}0900`;
  expect(phone.item(`account/${accounts.worker.id}`, 'submission', record.id)).toMatchObject({
    review: 'returned',
    record: { body: { odd: { seen: masked, [masked]: ['有', `\u0001${masked}\n`] } } },
  });
  expect((await checkOffice(office)).findings).toEqual([]);
});

test('[DEV-17] masked in words that a phone sends back it is the number that the register has there', async () => {
  const here = await openTestOffice();
  onTestFinished(() => here.close());
  const { office, accounts } = here;
  const desk = new DeskForTests(here);
  const phone = here.phone(accounts.worker);
  const [door, other] = [at(here.doors, 1), at(here.doors, 2)];
  const [first, second] = at(at(here.doors, 0).households, 0).residents.map(({ idNumber }) => idNumber);
  for (const [{ id }, value] of [
    [door, `房东 ${first}，钥匙 ${second}`],
    [other, `房东 ${first}`],
  ] as const) {
    const correction = { entity: 'dwelling', id, field: 'note', value, reason: '核对' } as const;
    expect(await correctValue(office, accounts.coordinator, correction)).toEqual({ done: true });
  }

  const again = await Knock.at(phone, office.world, other.id);
  again
    .unchanged()
    .dwelling({ note: String(again.door.note) })
    .toldBy('王建国');
  const same = await again.sent();
  expect(await desk.open(same)).toMatchObject({ row: { changes: 0 }, compared: [], since: [] });
  expect(await desk.approve(same)).toHaveProperty('done');
  expect(await desk.door(other.id)).toMatchObject({ note: `房东 ${first}` });

  const knock = await Knock.at(phone, office.world, door.id);
  const masked = String(knock.door.note);
  expect(masked).not.toContain(first);
  knock
    .unchanged()
    .dwelling({ note: `${masked}，周末在` })
    .toldBy('王建国');
  const more = await knock.sent();
  const whole = `房东 ${first}，钥匙 ${second}，周末在`;
  expect((await desk.open(more)).compared).toMatchObject([{ field: 'note', verdict: 'merge', proposed: whole }]);
  expect(await desk.sendBack(more)).toHaveProperty('done');
  await runAfterwork(office);
  const returned = (await phone.record(more))?.['record'] as { body: Record<string, unknown> };
  const corrected = await phone.revision({ ...returned, revision: 2, digest: undefined });
  expect(JSON.stringify(corrected)).not.toContain(first);
  await phone.push(corrected);
  expect(await desk.approve(more)).toHaveProperty('done');
  expect(await desk.door(door.id)).toMatchObject({ note: whole });
  expect((await checkOffice(office)).findings).toEqual([]);
});
