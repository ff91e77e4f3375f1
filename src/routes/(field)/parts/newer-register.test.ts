import { describe, expect, it } from 'vitest';
import { dwelling, household, id, knock, resident } from '$lib/device/testing/fixtures';
import type { DoorView, Draft } from '$lib/device/phone';
import { emptyBody } from '$lib/forms/verification-body';
import type { DwellingItem } from '$lib/sync/items';
import { DraftKeeper } from './draft-keeper.svelte';
import { Verification } from './verification.svelte';

const wang = resident(21);
const li = resident(22, { name: '李建国', sex: '1', relation: '10' });
const both = dwelling(1, { households: [household(10, wang, li)] });
const wangAlone = dwelling(1, { households: [household(10, wang, { ...li, presence: 'moved-away' })] });

const view = (door: DwellingItem, version: number): DoorView => ({
  ...{ door, registered: door, version, record: null, onlyHere: false, hasDraft: false, handedOver: false },
});
const begin = ({ door, version }: DoorView): Draft =>
  knock(id(70), id(1), emptyBody(), { basis: { [id(1)]: version ?? 0 }, prefilledFrom: door });

/** A form that was opened at version 4 of the door, with the register as it is now. */
function opened() {
  const at = { view: view(both, 4) };
  const world = { now: () => 0, after: () => () => {}, uuid: () => id(90) };
  const keeper = new DraftKeeper({ keepDraft: () => Promise.resolve() }, world, begin(at.view), false, () => {});
  const verification = new Verification({ register: { door: () => at.view }, world }, keeper);
  const come = (door: DwellingItem, version: number) => {
    at.view = view(door, version);
    keeper.follow(() => begin(at.view));
  };
  return { verification, keeper, come };
}
const names = (verification: Verification) => verification.people.map((person) => verification.nameOf(person));

describe('the register goes on while a form of its door is open', () => {
  it('follows it as long as nothing is entered', () => {
    const { verification, keeper, come } = opened();
    keeper.moveTo('people', 'outcome');
    come(wangAlone, 5);
    expect(names(verification)).toEqual(['王秀兰']);
    expect(keeper.draft).toMatchObject({ basis: { [id(1)]: 5 }, place: { step: 'people', field: 'outcome' } });
    expect(verification.newer).toBeNull();
  });

  it('stands still under what is entered, says that there is something newer, and goes on from it without losing a word', () => {
    const { verification, keeper, come } = opened();
    verification.edit((body) => (body.note = '下午在家'));
    verification.restUnchanged();
    come(wangAlone, 5);
    expect(names(verification)).toEqual(['王秀兰', '李建国']);
    expect(keeper.draft.basis).toEqual({ [id(1)]: 4 });
    expect(verification.newer).toMatchObject({ version: 5 });
    expect(verification.goneSince).toEqual(['李建国']);

    verification.startFromNewer();
    expect(names(verification)).toEqual(['王秀兰']);
    expect(keeper.draft).toMatchObject({ basis: { [id(1)]: 5 }, body: { note: '下午在家' } });
    expect(verification.newer).toBeNull();
  });

  it('says nothing where only the round went on', () => {
    const { verification, come } = opened();
    verification.restUnchanged();
    come({ ...both, state: { ...both.state, outcome: 'no-one-home', note: '邻居有钥匙' } }, 5);
    expect(verification.newer).toBeNull();
  });
});
