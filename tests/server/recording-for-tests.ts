/** A row of the dictionary's *How to record*, from the knock to the register: what a worker records, a coordinator approves. */
import { expect } from 'vitest';
import { addDays, dayOf } from '../../src/lib/domain/calendar';
import type { Resident } from '../../src/lib/domain/register';
import { republishDoors } from '../../src/lib/server/feeds/republish';
import { insertHouseholds, insertResidents } from '../../src/lib/server/register/rows';
import { startRound } from '../../src/lib/server/rounds/rounds';
import type { Decision } from '../../src/lib/server/review/decision';
import { DeskForTests } from './desk-for-tests';
import { Knock } from './knock-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';
import { changesOf, confirmedFields, readRegister } from './register-for-tests';

export type Recording = {
  at: TestOffice;
  phone: PhoneForTests;
  desk: DeskForTests;
  /** 101, 102, 201, 202 of the first grid, with 王建国 (head) and 李秀英 (spouse) at each. */
  doors: [TestDoor, TestDoor, TestDoor, TestDoor];
  knock(door: TestDoor | { id: string }): Promise<Knock>;
  newDoor(address: Record<string, unknown>): Promise<Knock>;
  /** Sends, approves, and answers what that did to the register; the history says the same. */
  approved(knock: Knock, decision?: Partial<Decision>): Promise<Record<string, unknown>>;
  /** Which values of a person a visit has confirmed. */
  confirmed(residentId: string): Promise<string[]>;
  /** More people in a door's household, or each in one of their own, as an import brings them. Answers their ids. */
  registered(door: TestDoor, people: (Partial<Resident> & { name: string })[], apart?: 'apart'): Promise<string[]>;
  /** A round runs in the first grid. */
  openRound(): Promise<void>;
  close(): Promise<void>;
};

export async function startRecording(): Promise<Recording> {
  const at = await openTestOffice();
  const phone = at.phone(at.accounts.worker);
  const desk = new DeskForTests(at);
  const [first, second, third, fourth] = at.doors;
  if (!first || !second || !third || !fourth) throw new Error('a test office has four doors');
  const { world } = at.office;
  return {
    at,
    phone,
    desk,
    doors: [first, second, third, fourth],
    knock: (door) => Knock.at(phone, world, door.id),
    newDoor: async (address) => Knock.atNewDoor(phone, world, await Knock.at(phone, world, first.id), address),
    async approved(knock, decision) {
      const submissionId = await knock.sent();
      const before = await readRegister(at);
      expect(await desk.approve(submissionId, decision)).toHaveProperty('done');
      return changesOf(at, before, await readRegister(at), submissionId);
    },
    confirmed: (residentId) => confirmedFields(at, residentId),
    registered: (door, people, apart) => register(at, door, people, apart === 'apart'),
    async openRound() {
      const closesOn = addDays(dayOf(at.office.world.now()), 30);
      const round = { name: '核实', kind: 'full', closesOn, gridIds: [at.grids[0]] };
      expect(await startRound(at.office, at.accounts.coordinator, round)).toHaveProperty('id');
    },
    close: () => at.close(),
  };
}

async function register(
  at: TestOffice,
  door: TestDoor,
  people: (Partial<Resident> & { name: string })[],
  isApart: boolean,
): Promise<string[]> {
  const { communityId } = at;
  const theirs = door.households[0]?.id ?? '';
  const by = at.accounts.administrator.id;
  const unconfirmed = { confirmedAt: null, confirmedBy: null, how: null };
  const origin = { since: '2026-01-01', from: 'import', by, ...unconfirmed } as const;
  const residents = people.map((person) => ({
    ...someone,
    ...person,
    id: at.office.world.uuid(),
    householdId: isApart ? at.office.world.uuid() : theirs,
    dwellingId: door.id,
  }));
  await at.office.database.write(async (tx) => {
    if (isApart)
      await insertHouseholds(
        tx,
        communityId,
        residents.map(({ id, householdId }) => ({
          ...{ id: householdId, dwellingId: door.id, kind: 'family', tenure: 'tenant', headId: id, phone: '' },
        })),
        origin,
      );
    await insertResidents(tx, communityId, residents, origin);
    await republishDoors(tx, communityId, [door.id]);
  });
  return residents.map(({ id }) => id);
}

const someone: Omit<Resident, 'id' | 'householdId' | 'name'> = {
  sex: '2',
  birthDate: '',
  idType: 'resident-id',
  idNumber: '',
  phone: '',
  relation: '30',
  residence: 'both-here',
  registeredAddress: '',
  since: '',
  careGroups: [],
  presence: 'here',
};
