import { describe, expect, it } from 'vitest';
import type { DoorLike, ResidentLike } from '../domain/door-like';
import { checkBody } from './check';
import { householdVerification } from './definitions/household-verification';
import { withoutNewerCodes } from './newer-codes';
import { emptyBody, type FillingBody } from './verification-body';
import { bodyToSend } from './verification-draft';
import * as edits from './verification-edits';
import { putOnto } from './verification-onto';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const code = 'of-a-newer-office';
const wang: ResidentLike = {
  ...{ id: id(21), name: '王秀兰', sex: '2', birthDate: '1951-03-08', idType: code, idNumberMasked: '***123X' },
  ...{ phone: '', relation: code, residence: code, registeredAddress: '', since: '', presence: code },
  careGroups: ['disabled', code],
  contacts: [{ kind: code, name: '王芳', phone: '13800008980' }],
};
const li: ResidentLike = { ...wang, id: id(22), name: '李建国', sex: '1', relation: '02', contacts: [] };
const door: DoorLike = {
  ...{ id: id(1), gridId: id(2), compound: '金山花园', building: '3', unit: '3', floor: 3, room: '302' },
  ...{ use: code, note: '', contactName: '', contactPhone: '' },
  households: [{ id: id(10), kind: code, tenure: code, headId: id(22), phone: '', residents: [wang, li] }],
};
const at = { id: id(21), householdId: id(10) };

function begun(): FillingBody {
  const body = { ...emptyBody(), outcome: 'verified' as const, noticeGiven: true };
  body.informant = { residentId: id(22), name: '李建国' };
  return body;
}
/** What goes out of a form, and what stands in its way. */
function sent(body: FillingBody) {
  edits.restUnchanged(door, body);
  const out = bodyToSend(door, body);
  const context = { recordedAt: '2026-11-23T10:00:00+08:00', door };
  const { problems } = checkBody(householdVerification, out, context);
  const left = withoutNewerCodes(householdVerification, out, problems);
  return { out, entry: entriesOf(out)[0], problems: left.map(({ path, code: what }) => [path.join('/'), what]) };
}
const entriesOf = (out: Record<string, unknown>) =>
  (out['households'] as { residents: Record<string, unknown>[] }[])[0]?.residents ?? [];

describe('[FEED-7] a record made at a door with codes that only a newer office knows', () => {
  it('says nothing of them where everything is as registered', () => {
    const { out, problems } = sent(begun());
    expect(problems).toEqual([]);
    expect(JSON.stringify(out)).not.toContain(code);
    expect(entriesOf(out).map(({ change }) => change)).toEqual(['unchanged', 'unchanged']);
  });

  it('says nothing of them where something else is corrected', () => {
    const body = begun();
    edits.setField(body, door, at, 'phone', '13800008979');
    const { out, entry, problems } = sent(body);
    expect(problems).toEqual([]);
    expect(entry).toEqual({ id: id(21), change: 'corrected', phone: '13800008979' });
    expect(JSON.stringify(out)).not.toContain(code);
  });

  it('gives back those of a list in which the worker changed something else', () => {
    const body = begun();
    edits.setField(body, door, at, 'careGroups', ['disabled', code, 'oldest-old']);
    edits.setField(body, door, at, 'contacts', [{ kind: code, name: '王芳', phone: '13800008981' }]);
    const { entry, problems } = sent(body);
    expect(problems).toEqual([]);
    expect(entry).toMatchObject({
      careGroups: ['disabled', code, 'oldest-old'],
      contacts: [{ kind: code, name: '王芳', phone: '13800008981' }],
    });
  });

  it('changes one where the worker picked another', () => {
    const body = begun();
    edits.setField(body, door, at, 'presence', 'away');
    body.dwelling.use = 'rented';
    const { out, entry, problems } = sent(body);
    expect(problems).toEqual([]);
    expect(out['dwelling']).toEqual({ use: 'rented' });
    expect(entry).toEqual({ id: id(21), change: 'corrected', presence: 'away' });
  });

  it('tells of somebody whom the register lost meanwhile as it stood', () => {
    const body = begun();
    edits.setField(body, door, at, 'phone', '13800008979');
    const after = putOnto(door, { ...door, households: [] }, body, () => id(90));
    expect(after.households[0]).toMatchObject({ kind: code, tenure: code });
    expect(after.households[0]?.residents).toMatchObject([{ sameAs: id(21), idType: code, phone: '13800008979' }]);
  });
});

describe('a code that this version lacks stands in the way', () => {
  const problemsOf = (body: Record<string, unknown>) =>
    withoutNewerCodes(
      householdVerification,
      body,
      checkBody(householdVerification, body, { recordedAt: '2026-11-23T10:00:00+08:00', door }).problems,
    ).map(({ path, code: what }) => [path.join('/'), what]);

  it('where the form goes by it', () => {
    expect(problemsOf({ outcome: code })).toContainEqual(['outcome', 'code']);
    const residents = [{ id: id(21), change: code }];
    expect(problemsOf({ ...begun(), households: [{ id: id(10), residents }] })).toContainEqual([
      'households/0/residents/0/change',
      'code',
    ]);
  });

  it('where it is no text', () => {
    expect(problemsOf({ ...begun(), dwelling: { use: 7 } })).toContainEqual(['dwelling/use', 'code']);
  });
});
