import { describe, expect, it } from 'vitest';
import type { DoorLike, ResidentLike } from '../domain/door-like';
import { checkBody } from './check';
import { householdVerification } from './definitions/household-verification';
import { emptyBody, type FillingBody } from './verification-body';
import { bodyToSend } from './verification-draft';
import * as edits from './verification-edits';
import {
  headOf,
  housesOf,
  isConfirmed,
  newHousesOf,
  openRelations,
  peopleOf,
  stays,
  waitingOf,
} from './verification-people';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, name: string, relation: ResidentLike['relation']): ResidentLike => ({
  ...{ id: id(n), name, sex: '1', birthDate: '1968-01-01', idType: 'resident-id', idNumberMasked: '***123X' },
  ...{ phone: '', relation, residence: 'both-here', registeredAddress: '', since: '', careGroups: [] },
  presence: 'here',
});
const door: DoorLike = {
  ...{ id: id(1), gridId: id(2), compound: '金山花园', building: '3', unit: '3', floor: 3, room: '302' },
  ...{ use: 'owner-occupied', note: '', contactName: '', contactPhone: '' },
  households: [
    {
      ...{ id: id(10), kind: 'family', tenure: 'owner', headId: id(11), phone: '' },
      residents: [person(11, '李建国', '02'), person(12, '张桂兰', '10'), person(13, '李子豪', '20')],
    },
  ],
};
const at = (n: number, householdId = id(10)) => ({ id: id(n), householdId });
const begun = (): FillingBody => ({ ...emptyBody(), outcome: 'verified' });
const personAt = (body: FillingBody, n: number) => {
  const found = peopleOf(door, body).find((one) => one.id === id(n));
  if (!found) throw new Error(`nobody ${n} at the door`);
  return found;
};
const houseAt = (body: FillingBody, index: number) => {
  const house = housesOf(door, body)[index];
  if (!house) throw new Error(`no household ${index}`);
  return house;
};
const sent = (body: FillingBody) =>
  bodyToSend(door, {
    ...body,
    informant: { residentId: id(12), name: '张桂兰' },
    noticeGiven: true,
  });
const entries = (body: Record<string, unknown>) =>
  (body['households'] as { residents: Record<string, unknown>[] }[]).map(({ residents }) => residents);
const problems = (body: Record<string, unknown>) =>
  checkBody(householdVerification, body, { recordedAt: '2026-11-23T14:30:00+08:00', door }).problems;

describe('when the head changes', () => {
  function headDied(): FillingBody {
    const body = begun();
    edits.answer(body, at(11), 'died');
    edits.restUnchanged(door, body);
    edits.setHead(body, door, houseAt(body, 0), id(12));
    return body;
  }

  it('lists a relation that is the same to the new head as confirmed, and another as corrected', () => {
    const body = headDied();
    edits.setField(body, door, at(13), 'relation', '20');
    expect(isConfirmed(door, personAt(body, 13))).toBe(true);
    expect([11, 12].map((n) => isConfirmed(door, personAt(body, n)))).toEqual([false, false]);
    edits.setField(body, door, at(13), 'phone', '13900001111');
    expect(isConfirmed(door, personAt(body, 13))).toBe(false);
  });

  it("asks everyone's relation again, and sends one that is the same word as before", () => {
    const body = headDied();
    expect(openRelations(door, body)).toMatchObject([{ open: [{ id: id(13) }] }]);
    expect(problems(sent(body))).toMatchObject([{ code: 'relation_asked_again', params: { name: '李子豪' } }]);
    edits.setField(body, door, at(13), 'relation', '20');
    expect(openRelations(door, body)).toEqual([]);
    expect(entries(sent(body))).toEqual([
      [
        { id: id(11), change: 'died' },
        { id: id(12), change: 'corrected', relation: '02' },
        { id: id(13), change: 'corrected', relation: '20' },
      ],
    ]);
    expect(problems(sent(body))).toEqual([]);
  });

  it('forgets relations to a head who was named by mistake', () => {
    const body = headDied();
    edits.setField(body, door, at(13), 'relation', '20');
    edits.setHead(body, door, houseAt(body, 0), id(13));
    expect(openRelations(door, body)).toMatchObject([{ open: [{ id: id(12) }] }]);
    expect(headOf(houseAt(body, 0))).toBe(id(13));
  });

  it('sends an equal relation with who begins a household of their own, too', () => {
    const body = begun();
    edits.addHousehold(body, id(20));
    for (const n of [11, 12]) edits.moveTo(body, personAt(body, n), id(20));
    edits.setHead(body, door, houseAt(body, 1), id(11));
    edits.setField(body, door, at(12, id(20)), 'relation', '10');
    edits.setField(body, door, at(13), 'relation', '02');
    expect(entries(sent(body))[0]).toEqual([
      { id: id(11), change: 'corrected', relation: '02' },
      { id: id(12), change: 'corrected', relation: '10' },
    ]);
    expect(problems(sent(body))).toEqual([]);
  });

  it('leaves an equal relation out where the head is the same', () => {
    const body = begun();
    edits.setField(body, door, at(13), 'relation', '20');
    edits.setField(body, door, at(13), 'phone', '13900001111');
    edits.restUnchanged(door, body);
    expect(entries(sent(body))[0]).toContainEqual({ id: id(13), change: 'corrected', phone: '13900001111' });
  });
});

describe('what is sent', () => {
  it('is partly verified as long as somebody is to do', () => {
    const body = { ...begun(), nextVisit: '2026-12-01' };
    edits.answer(body, at(12), 'unchanged');
    expect(sent(body)).toMatchObject({ outcome: 'partly-verified', nextVisit: '2026-12-01' });
    edits.restUnchanged(door, body);
    expect(sent(body)).toMatchObject({ outcome: 'verified', nextVisit: null });
  });

  it('leaves the answers of another outcome in the draft', () => {
    const body = begun();
    edits.restUnchanged(door, body);
    edits.chooseOutcome(body, 'refused');
    expect(sent(body)).toMatchObject({ outcome: 'refused', households: [], informant: null });
    expect(body.households[0]?.residents).toHaveLength(3);
    edits.chooseOutcome(body, 'not-a-dwelling');
    body.dwelling.use = 'shop';
    edits.chooseOutcome(body, 'verified');
    expect(sent(body)).toMatchObject({ outcome: 'verified', dwelling: {} });
  });

  it('takes the whole address of a door that the register lacks along', () => {
    const body = begun();
    Object.assign(body.dwelling, { gridId: id(2), room: '303', floor: 3, unit: '3' });
    expect(bodyToSend({ ...door, room: '303', households: [] }, body, true)['dwelling']).toMatchObject({ room: '303' });
  });
});

describe('the people of a door', () => {
  it('forgets what was typed when another answer is given, and an added person when it is taken back', () => {
    const body = begun();
    edits.setField(body, door, at(13), 'phone', '13900001111');
    edits.answer(body, at(13), 'moved-away');
    expect(body.households[0]?.residents).toEqual([{ id: id(13), change: 'moved-away' }]);
    expect(stays(personAt(body, 13))).toBe(false);
    edits.add(body, id(30), 'born', id(10));
    edits.withoutNameAndPapers(body, door, at(30));
    expect(personAt(body, 30).entry).toMatchObject({ name: '未取名', missing: { idNumber: 'none-yet' } });
    edits.withdraw(door, body, at(30));
    expect(waitingOf(door, body).map((one) => one.id)).toEqual([id(11), id(12)]);
    expect(peopleOf(door, body)).toHaveLength(3);
  });

  it('gives another person all that was typed, and says that the registered one is unknown here', () => {
    const body = begun();
    edits.setField(body, door, at(13), 'name', '陈晓东');
    edits.setField(body, door, at(13), 'idNumber', '620799195403273977');
    edits.anotherPerson(body, personAt(body, 13), id(31));
    expect(body.households[0]?.residents).toMatchObject([
      { id: id(13), change: 'unknown-here' },
      { id: id(31), change: 'moved-in', name: '陈晓东', idNumber: '620799195403273977', presence: 'here' },
    ]);
    // What the card says, as of anybody new.
    expect(personAt(body, 31).entry).toMatchObject({ birthDate: '1954-03-27', sex: '1', idType: 'resident-id' });
  });

  it('keeps who said that a household moved away, and nobody for a knock that nobody answered', () => {
    const informant = { residentId: null, name: '', kind: 'neighbour' as const };
    const body: FillingBody = { ...emptyBody(), informant, how: 'telephone', outcome: 'moved-away' };
    expect(bodyToSend(door, body)).toMatchObject({
      outcome: 'moved-away',
      informant,
      how: 'telephone',
      households: [],
    });
    expect(problems(bodyToSend(door, body))).toEqual([]);
    expect(bodyToSend(door, { ...body, outcome: 'no-one-home' })).toMatchObject({ informant: null });
    const unsaid = { residentId: null, name: '' };
    expect(bodyToSend(door, { ...body, informant: unsaid })).toMatchObject({ informant: null });
  });

  it('keeps why an answer was not had until it comes', () => {
    const body = begun();
    edits.setField(body, door, at(13), 'idNumber', '');
    edits.setMissing(body, at(13), 'idNumber', 'not-shown');
    edits.setMissing(body, at(13), 'phone', 'refused');
    edits.setMissing(body, at(13), 'idNumber', null);
    expect(personAt(body, 13).entry?.missing).toEqual({ phone: 'refused' });
    edits.setMissing(body, at(13), 'phone', null);
    expect(personAt(body, 13).entry).not.toHaveProperty('missing');
  });
});

it('a reason for the tenure of a household, or the use of the dwelling, goes out with them, and goes with *vacant*', () => {
  const body = begun();
  edits.setReason(edits.householdIn(body, id(10)), 'tenure', 'refused');
  edits.setReason(body.dwelling, 'use', 'unknown');
  expect(bodyToSend(door, body)).toMatchObject({
    dwelling: { missing: { use: 'unknown' } },
    households: [{ id: id(10), missing: { tenure: 'refused' } }],
  });
  edits.setReason(edits.householdIn(body, id(10)), 'tenure', null);
  expect(edits.householdIn(body, id(10))).not.toHaveProperty('missing');
  edits.chooseOutcome(body, 'vacant');
  expect(body.dwelling).toEqual({ use: 'vacant' });
});

it('a household that the register lacks is asked by what right it lives here once somebody is in it', () => {
  const body = begun();
  edits.addHousehold(body, id(90));
  expect(newHousesOf(door, body)).toEqual([]);
  edits.add(body, id(91), 'moved-in', id(90));
  expect(newHousesOf(door, body).map((house) => house.id)).toEqual([id(90)]);
});
