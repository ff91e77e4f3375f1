import { expect, it } from 'vitest';
import { dwelling, household, id, knock, resident } from '$lib/device/testing/fixtures';
import { checkBody } from '$lib/forms/check';
import { householdVerification } from '$lib/forms/definitions/household-verification';
import { emptyBody } from '$lib/forms/verification-body';
import { bodyToSend } from '$lib/forms/verification-draft';
import { DraftKeeper } from './draft-keeper.svelte';
import { problemLines } from './problem-lines';
import { Verification } from './verification.svelte';

it('says whose answer and which one a rule is about, and where it is mended', () => {
  const door = dwelling(1, { households: [household(10, resident(21))] });
  let next = 90;
  const world = { now: () => 0, after: () => () => {}, uuid: () => id(next++) };
  const draft = knock(id(70), id(1), { ...emptyBody(), outcome: 'verified' }, { prefilledFrom: door });
  const keeper = new DraftKeeper({ keepDraft: () => Promise.resolve() }, world, draft, false, () => {});
  const verification = new Verification({ register: { door: () => null }, world }, keeper);
  verification.restUnchanged();
  const added = verification.add('moved-in', id(10));
  const wang = verification.person(id(21));
  if (wang) verification.setField(wang, 'idNumber', '110101');
  verification.edit((body) => (body.informant = { residentId: null, name: '李', kind: 'neighbour' }));

  const body = bodyToSend(verification.door, verification.body);
  const { problems } = checkBody(householdVerification, body, { recordedAt: '2026-11-23T10:00:00+08:00', door });
  const lines = problemLines(verification, body, problems);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
  const of = (residentId: string) => lines.filter((line) => line.residentId === residentId);
  // One line for all that is wrong in one way with one person.
  expect(of(added).map(({ words }) => words)).toContain(
    '（还没写姓名） · 姓名、性别、与户主关系、人户情况：这几项必须填写。',
  );
  expect(of(added).every(({ href }) => href === `/door/${id(1)}/person/${added}?mend`)).toBe(true);
  expect(of(id(21))).toMatchObject([{ words: expect.stringContaining('王秀兰 · 证件号码：') as string }]);
});
