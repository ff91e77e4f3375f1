import { describe, expect, it } from 'vitest';
import type { DoorLike, ResidentLike } from '../domain/door-like';
import { emptyBody, type FillingBody } from './verification-body';
import * as edits from './verification-edits';
import { answeredAndGone, putOnto } from './verification-onto';
import { peopleOf } from './verification-people';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, name: string, more: Partial<ResidentLike> = {}): ResidentLike => ({
  ...{ id: id(n), name, sex: '1', birthDate: '1968-01-01', idType: 'resident-id', idNumberMasked: '***123X' },
  ...{ phone: '', relation: '02', residence: 'both-here', registeredAddress: '', since: '', careGroups: [] },
  presence: 'here',
  ...more,
});
const door = (...households: ResidentLike[][]): DoorLike => ({
  ...{ id: id(1), gridId: id(2), compound: '金山花园', building: '3', unit: '3', floor: 3, room: '302' },
  ...{ use: 'owner-occupied', note: '', contactName: '', contactPhone: '' },
  households: households.map((residents, index) => ({
    ...{ id: id(10 + index), kind: 'family', tenure: 'owner', headId: residents[0]?.id ?? null, phone: '' },
    residents,
  })),
});
const at = (n: number, household = 10) => ({ id: id(n), householdId: id(household) });
const begun = (): FillingBody => ({ ...emptyBody(), outcome: 'verified' });
const ids = () => {
  let next = 90;
  return () => id(next++);
};
const shown = (now: DoorLike, body: FillingBody) =>
  peopleOf(now, body).map(({ id: one, entry }) => [one, entry?.change ?? null]);

const li = person(21, '李建国');
const zhang = person(22, '张桂兰', { relation: '10' });

describe('a form that is put onto a newer register', () => {
  it('confirms nobody whom the register has no longer here', () => {
    const body = begun();
    edits.answer(body, at(21), 'unchanged');
    edits.answer(body, at(22), 'unchanged');
    body.informant = { residentId: id(22), name: '张桂兰' };
    const gone = door([li, { ...zhang, presence: 'moved-away' }]);
    for (const now of [gone, door([li])]) {
      const after = putOnto(door([li, zhang]), now, body, ids());
      expect(shown(now, after)).toEqual([[id(21), 'unchanged']]);
      expect(after.informant).toBeNull();
      expect(answeredAndGone(door([li, zhang]), now, body)).toEqual(['张桂兰']);
    }
  });

  it('leaves who came since to be answered for', () => {
    const body = begun();
    edits.answer(body, at(21), 'unchanged');
    const now = door([li, zhang]);
    expect(shown(now, putOnto(door([li]), now, body, ids()))).toEqual([
      [id(21), 'unchanged'],
      [id(22), null],
    ]);
  });

  it('loses nothing typed about somebody who left at the register: they moved in, the same person', () => {
    const body = begun();
    edits.setField(body, door([li, zhang]), at(22), 'phone', '13800008979');
    body.note = '下午在家';
    const after = putOnto(door([li, zhang]), door([li]), body, ids());
    expect(after.households[0]?.residents).toEqual([
      expect.objectContaining({ id: id(90), change: 'moved-in', sameAs: id(22), name: '张桂兰', phone: '13800008979' }),
    ]);
    expect(after.note).toBe('下午在家');
  });

  it('follows people into the household where the register has them, but not back from where the worker put them', () => {
    const before = door([li, zhang], [person(23, '王芳')]);
    const now = door([li], [person(23, '王芳'), zhang]);
    const left = begun();
    edits.answer(left, at(22), 'unchanged');
    expect(putOnto(before, now, left, ids()).households.find(({ id: one }) => one === id(11))?.residents).toEqual([
      { id: id(22), change: 'unchanged' },
    ]);
    const moved = begun();
    const zhangAt = peopleOf(before, moved).find((one) => one.id === id(22));
    if (zhangAt) edits.moveTo(moved, zhangAt, id(11));
    expect(putOnto(before, door([li, zhang], [person(23, '王芳')]), moved, ids()).households).toMatchObject([
      { id: id(11), residents: [{ id: id(22) }] },
    ]);
  });

  it('keeps a newcomer whose household ended at the register, in a household that comes whole', () => {
    const body = begun();
    edits.add(body, id(50), 'moved-in', id(10));
    const [household, ...others] = putOnto(door([li]), door(), body, ids()).households;
    expect(others).toEqual([]);
    expect(household).toMatchObject({ id: id(90), kind: 'family', tenure: 'owner', residents: [{ id: id(50) }] });
  });

  it('takes back an outcome that the newer register does not allow', () => {
    const vacant = begun();
    edits.chooseOutcome(vacant, 'vacant');
    expect(putOnto(door(), door([li]), vacant, ids())).toMatchObject({ outcome: null, dwelling: {} });
    const away = begun();
    edits.chooseOutcome(away, 'moved-away');
    expect(putOnto(door([li]), door([{ ...li, presence: 'moved-away' }]), away, ids()).outcome).toBeNull();
  });

  it('shows no phantom of a record that was sent before the register went on', () => {
    const record = begun();
    edits.answer(record, at(21), 'unchanged');
    edits.answer(record, at(22), 'unchanged');
    const now = door([li]);
    expect(shown(now, putOnto(null, now, record, ids()))).toEqual([[id(21), 'unchanged']]);
  });
});
