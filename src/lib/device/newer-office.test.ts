/** An office that is newer than this app tells codes which the app lacks: what they stand in is shown all the same, and kept as it came. */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { type DwellingItem, notVisited, type RecipientItem } from '../sync/items';
import { itemOf } from './item-row';
import { RegisterMemory } from './register-memory';
import { Search } from './search';
import {
  BUILDING,
  building,
  dwelling,
  grid,
  GRID,
  GRID_FEED,
  household,
  id,
  resident,
  round,
} from './testing/fixtures';
import { START } from './testing/test-world';

const ACCOUNT_FEED = 'account/a';
const code = 'of-a-newer-office';

function registerOf(...put: [feed: string, type: string, id: string, body: object][]) {
  const register = new RegisterMemory(() => START);
  register.addSearch((known) => new Search(known));
  register.applyItems({
    emptied: [],
    gone: [],
    put: put.map(([feed, type, itemId, body]) => itemOf({ feed, type, id: itemId }, 1, body)),
  });
  return register;
}

const withResident = (more: Parameters<typeof resident>[1]): Partial<DwellingItem> => ({
  households: [household(51, resident(101, more))],
});
const withHousehold = (more: object): Partial<DwellingItem> => ({
  households: [{ ...household(51, resident(101)), ...more }],
});
const withState = (more: Partial<DwellingItem['state']>): Partial<DwellingItem> => ({
  ...withResident({}),
  state: { ...notVisited(id(5)), ...more },
});
const attempt = { at: '2026-11-22T10:00:00+08:00', outcome: 'no-one-home', band: 'morning', weekend: false };

const doors: [where: string, Partial<DwellingItem>][] = [
  ['the use of the dwelling', { ...withResident({}), use: code }],
  ['a reason of the dwelling', { ...withResident({}), missing: { use: code } }],
  ['the kind of a household', withHousehold({ kind: code })],
  ['the tenure', withHousehold({ tenure: code })],
  ['a reason of a household', withHousehold({ missing: { tenure: code } })],
  ['the sex', withResident({ sex: code })],
  ['the kind of document', withResident({ idType: code })],
  ['the relation', withResident({ relation: code })],
  ['the residence', withResident({ residence: code })],
  ['the presence', withResident({ presence: code })],
  ['a care group', withResident({ careGroups: ['disabled', code] })],
  ['a care group that an import named', withResident({ suggestedCareGroups: [code] })],
  ['a contact', withResident({ contacts: [{ kind: code, name: '王芳', phone: '13800008980' }] })],
  ['a reason of a resident', withResident({ missing: { phone: code } })],
  ['how the last visit ended', withState({ outcome: code })],
  ['how a try ended', withState({ outcome: 'no-one-home', attempts: [{ ...attempt, outcome: code }] })],
  ['the hours of a try', withState({ outcome: 'no-one-home', attempts: [{ ...attempt, band: code }] })],
];

describe('[FEED-7] a door with a code that only a newer office knows', () => {
  it.each(doors)('in %s is on the board, counted, found, opened, and is as it came', (_where, more) => {
    const told = dwelling(11, more);
    const register = registerOf(
      [GRID_FEED, 'grid', GRID, grid([round()])],
      [GRID_FEED, 'building', BUILDING, building()],
      [GRID_FEED, 'dwelling', id(11), told],
    );
    const shown = register.board(BUILDING)?.units.flatMap(({ floors }) => floors.flatMap((floor) => floor.doors));
    expect(shown?.map(({ door }) => door.id)).toEqual([id(11)]);
    expect(register.buildings()[0]).toMatchObject({ doors: 1, toDo: 1 });
    expect(register.search('王秀兰', 5)).toMatchObject([{ kind: 'resident', dwellingId: id(11) }]);
    expect(register.search('3-1-302', 5)).toMatchObject([{ dwellingId: id(11) }]);
    expect(register.door(id(11))?.registered).toEqual(told);
  });
});

const recipient: RecipientItem = {
  ...{ id: id(101), name: '王秀兰', sex: '2', birthDate: '1951', phone: '', careGroups: ['oldest-old'], contacts: [] },
  address: { compound: '金山花园', building: '3', unit: '1', floor: 3, room: '302' },
  plan: {
    ...{ services: ['haircut'], everyDays: 7, from: '2026-11-01', until: null, mustKnow: '', pausedUntil: null },
    ...{ nextOn: null, volunteers: [] },
  },
  visits: [],
};
const visit = { at: '2026-11-20T10:00:00+08:00', outcome: 'met', condition: {}, services: [], by: '李', note: '' };

describe('[FEED-7] a code that only a newer office knows hides nothing else', () => {
  it.each<[where: string, Partial<RecipientItem>]>([
    ['the sex', { sex: code }],
    ['a care group', { careGroups: [code] }],
    ['a contact', { contacts: [{ kind: code, name: '王芳', phone: '' }] }],
    ['a service of the plan', { plan: { ...recipient.plan, services: ['haircut', code] } }],
    ['how a visit ended', { visits: [{ ...visit, outcome: code }] }],
    ['a service of a visit', { visits: [{ ...visit, services: [{ code, minutes: 5 }] }] }],
    ['a part of the condition', { visits: [{ ...visit, condition: { [code]: 3 } }] }],
  ])('of a person in care: %s', (_where, more) => {
    const told = { ...recipient, ...more };
    expect(registerOf([ACCOUNT_FEED, 'recipient', id(101), told]).recipients()).toEqual([told]);
  });

  it('of a round, which goes on', () => {
    const running = grid([round({ kind: code })]);
    const register = registerOf([GRID_FEED, 'grid', GRID, running], [GRID_FEED, 'building', BUILDING, building()]);
    expect(register.grids()).toEqual([running]);
    expect(register.buildings()[0]).toMatchObject({ inRound: true, grid: running });
  });

  it.each([
    { kind: code, target: { type: 'dwelling', id: id(11) }, urgency: null },
    { kind: 'visit', target: { type: code, id: id(11) }, urgency: null },
    { kind: 'visit', target: { type: 'dwelling', id: id(11) }, urgency: code },
  ])('of a task', (more) => {
    const told = { id: id(70), text: '请去看看', dueOn: null, ...more };
    expect(registerOf([ACCOUNT_FEED, 'task', id(70), told]).tasks()).toEqual([told]);
  });

  it('of what somebody does', () => {
    const told = { id: 'a', username: 'grid1', name: '李', role: code, grids: [GRID] };
    expect(registerOf([ACCOUNT_FEED, 'profile', 'a', told]).profile()).toEqual(told);
  });

  it('of a decision: the office has the record, and more is not said', () => {
    const told = {
      ...{ kind: 'household-verification', target: { type: 'dwelling', id: id(11) }, outcome: 'refused' },
      ...{ recordedAt: '2026-11-23T14:30:00+08:00', revision: 1, digest: 'd', review: code, comments: [] },
      ...{ decidedAt: null, by: null },
    };
    expect(registerOf([ACCOUNT_FEED, 'submission', id(90), told]).records()).toMatchObject([
      { id: id(90), state: 'at-the-office', outcome: 'refused' },
    ]);
  });
});
