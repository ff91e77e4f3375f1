/** An office at work that can be damaged: what its check finds, and then all is as it was. */
import { sql } from 'kysely';
import { setCarePlan } from '../../src/lib/server/care/plans';
import { checkOffice } from '../../src/lib/server/check/check-office';
import type { Finding } from '../../src/lib/server/check/finding';
import { decideAside } from '../../src/lib/server/quarantine/aside';
import { partKey, revisionRows } from '../../src/lib/server/quarantine/part';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { verifiedBody, visitBody } from './phone-for-tests';

/** What every table and every kind of row has something of. `on`: as of a test office. */
export async function openWorkedOffice({ on }: { on?: string } = {}): Promise<TestOffice> {
  const here = await openTestOffice(on === undefined ? {} : { on });
  const { office, accounts } = here;
  const desk = new DeskForTests(here);
  const phone = here.phone(accounts.worker);
  const volunteer = here.phone(accounts.volunteer);
  const door = at(here.doors, 0);
  const cared = door.households[0]?.residents[0]?.id ?? '';
  const plan = { services: ['company' as const], everyDays: 7, from: '2026-01-01', until: null, mustKnow: '听力不好' };
  await setCarePlan(office, accounts.coordinator, cared, { ...plan, pausedUntil: null }, [accounts.volunteer.id]);
  const round = { name: '冬季核实', kind: 'full', closesOn: '2099-01-31', gridIds: [...here.grids] };
  await startRound(office, accounts.coordinator, round);
  await runAfterwork(office);

  const moved = await phone.verifies(door, { body: { ...verifiedBody(door), households: [withNewcomer(here, door)] } });
  const returned = await phone.verifies(at(here.doors, 1));
  const pending = await phone.verifies(at(here.doors, 2));
  const bad = await phone.verifies(at(here.doors, 2), { body: { outcome: 'verified' } });
  const visit = await volunteer.revision({
    kind: 'care-visit',
    target: { type: 'resident', id: cared },
    body: visitBody(),
  });
  await phone.push(moved, returned, pending, bad, await phone.knocksInVain(at(here.doors, 3)));
  await volunteer.push(visit);
  await here.phone(accounts.otherWorker).push(await phone.revision({ ...pending, digest: undefined, secondsOpen: 31 }));
  await putAside(here, pending.id);
  for (const { id } of [moved, visit]) await desk.approve(id);
  await desk.undo(moved.id);
  await desk.approve(moved.id);
  await desk.sendBack(returned.id);
  await runAfterwork(office);
  const correction = {
    entity: 'resident',
    id: cared,
    field: 'phone',
    value: '13900001111',
    reason: '本人来电',
  } as const;
  await correctValue(office, accounts.coordinator, correction);
  await correctValue(office, accounts.coordinator, { ...correction, value: '13900002222' });
  return here;
}

/** What somebody else pushed under this id is kept at the office, which is taken back, and kept again. */
async function putAside({ office, accounts }: TestOffice, submissionId: string): Promise<void> {
  const rows = await office.database.read((db) => revisionRows(db, accounts.coordinator.communityId, submissionId));
  const row = rows.find(({ place }) => place === 'foreign');
  if (!row) throw new Error('nobody else pushed it');
  let previous: string | null = null;
  for (const kind of ['void', 'undo', 'void'] as const) {
    const decision = { submissionId, part: partKey(row), previous, kind, reason: '不是本人' };
    const answer = await decideAside(office, accounts.coordinator, decision);
    if (!('done' in answer)) throw new Error('not decided');
    previous = answer.done;
  }
}

function withNewcomer(here: TestOffice, door: TestDoor) {
  const household = door.households[0];
  const person = {
    ...{ id: here.office.world.uuid(), change: 'moved-in', name: '王芳', sex: '2', birthDate: '1990' },
    ...{ idType: 'resident-id', relation: '97', residence: 'migrant', presence: 'here' },
  };
  const residents = household?.residents.map((resident) => ({ id: resident.id, change: 'unchanged' })) ?? [];
  return { id: household?.id, residents: [...residents, person] };
}

/** What the check finds after these statements, which are taken back again. */
export async function foundAfter({ office }: TestOffice, ...statements: string[]): Promise<Finding[]> {
  let findings: Finding[] = [];
  const takenBack = new Error('taken back');
  const run = office.database.write(async (tx) => {
    for (const statement of statements) {
      const { numAffectedRows } = await sql.raw(statement).execute(tx);
      if (!numAffectedRows) throw new Error(`damages nothing: ${statement}`);
    }
    ({ findings } = await checkOffice({ database: { read: (look) => look(tx) }, world: office.world }));
    throw takenBack;
  });
  await run.catch((error: unknown) => {
    if (error !== takenBack) throw error;
  });
  return findings;
}
