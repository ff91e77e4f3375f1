/** A visit is approved between the preview of a roster and the press that imports it: what it confirmed is not written over, and is asked about. */
import * as z from 'zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eraseResident } from '../../src/lib/server/register/erase';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { runStep } from '../../src/lib/server/roster/job-steps';
import { confirmJob, job, startJob, type JobStep } from '../../src/lib/server/roster/jobs';
import { makeWorkbook, type Value } from '../support/make-roster';
import { DeskForTests } from './desk-for-tests';
import { Knock } from './knock-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
let launched: [string, JobStep][];
beforeEach(async () => {
  here = await openTestOffice();
  launched = [];
});
afterEach(() => here.close());

type Door = TestOffice['doors'][number];
type Person = Door['households'][number]['residents'][number];

const columns = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '身份证号', '电话'];
const row = ({ compound, building, unit, room }: Door, { name, idNumber }: Person, phone = ''): Value[] => [
  '第一网格',
  compound,
  building,
  unit,
  room,
  name,
  idNumber,
  phone,
];
const peopleOf = (door: Door) => door.households.flatMap(({ residents }) => residents);

/** Everybody at the door is as the register has them, approved. */
async function findsUnchanged(door: Door): Promise<void> {
  here.forward(60_000);
  const knock = await Knock.at(here.phone(here.accounts.worker), here.office.world, door.id);
  const submissionId = await knock.unchanged().toldBy('王建国').sent();
  await runAfterwork(here.office);
  expect(await new DeskForTests(here).approve(submissionId)).toHaveProperty('done');
}

async function work(): Promise<void> {
  for (const [id, step] of launched.splice(0)) await runStep(here.office, here.communityId, id, step);
}
const launch = (_: unknown, __: string, id: string, step: JobStep) => void launched.push([id, step]);
const shown = (id: string) => here.office.database.read((db) => job(db, here.communityId, id));

/** The preview of these rows. */
async function previews(rows: Value[][]): Promise<string> {
  const bytes = await makeWorkbook({ 名册: [columns, ...rows] });
  const answer = await startJob(here.office, here.accounts.coordinator, '名册.xlsx', bytes, launch);
  if (!('id' in answer)) throw new Error(JSON.stringify(answer));
  await work();
  return answer.id;
}
/** Imports it with a yes to all that it asked, or to these alone; answers whom it still asks about. */
async function imports(id: string, confirmed: 'all' | string[] = 'all'): Promise<string[]> {
  const reading = (await shown(id))?.reading ?? '';
  await confirmJob(here.office, here.accounts.coordinator, id, { reading, confirmed }, launch);
  await work();
  const after = await shown(id);
  expect(after?.state).toBe('done');
  return (
    after?.summary?.questions.map(({ code, detail }) => `${code} ${z.parse(Named, JSON.parse(detail)).name}`) ?? []
  );
}
const Named = z.object({ name: z.string() });
const changeOf = async (id: string, field: string) =>
  (await shown(id))?.summary?.changes.find((change) => change.field === field);
const resident = ({ id }: Person) =>
  here.office.database.read((db) =>
    db.selectFrom('resident').select(['dwelling_id', 'body']).where('id', '=', id).executeTakeFirstOrThrow(),
  );

/** A roster has somebody who was confirmed at their door at the next one. */
async function asksToMove() {
  const [from, to] = [at(here.doors, 0), at(here.doors, 1)];
  const [mover, ...others] = peopleOf(from);
  if (!mover) throw new Error('nobody lives there');
  // The same person is registered in the other grid, too: of two the roster may mean either.
  const double = peopleOf(at(here.foreignDoors, 0)).find(({ idNumber }) => idNumber === mover.idNumber);
  await eraseResident(here.office, here.communityId, double?.id ?? '');
  await findsUnchanged(from);
  const id = await previews([
    ...others.map((person) => row(from, person)),
    ...peopleOf(to).map((person) => row(to, person)),
    row(to, mover),
  ]);
  expect(await changeOf(id, 'dwellingId')).toMatchObject({ kind: 'moved', name: mover.name, held: true });
  return { id, mover, from };
}

test('whoever was confirmed at their door after the yes does not move', async () => {
  const { id, mover, from } = await asksToMove();
  await findsUnchanged(from);
  expect(await imports(id)).toContain(`waits_values ${mover.name}`);
  expect((await resident(mover)).dwelling_id).toBe(from.id);
});

test('what was asked and not said yes to is not asked again, though it was confirmed at the door since', async () => {
  const { id, mover, from } = await asksToMove();
  await findsUnchanged(from);
  expect(await imports(id, [])).not.toContain(`waits_values ${mover.name}`);
  expect((await resident(mover)).dwelling_id).toBe(from.id);
});

test('what was plain in the preview and confirmed at the door before the press is left, and asked about', async () => {
  const door = at(here.doors, 0);
  const [person, ...others] = peopleOf(door);
  if (!person) throw new Error('nobody lives there');
  const id = await previews([row(door, person, '13900008888'), ...others.map((other) => row(door, other))]);
  expect(await changeOf(id, 'phone')).toMatchObject({ name: person.name, held: false });
  await findsUnchanged(door);
  expect(await imports(id)).toContain(`waits_values ${person.name}`);
  expect(z.parse(Phone, JSON.parse((await resident(person)).body)).phone).not.toBe('13900008888');
});
const Phone = z.object({ phone: z.string() });
