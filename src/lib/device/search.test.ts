import { expect, it } from 'vitest';
import type { ResidentItem } from '../sync/items';
import { itemOf } from './item-row';
import { RegisterMemory } from './register-memory';
import { Search } from './search';
import { building, dwelling, GRID_FEED, household, id, resident } from './testing/fixtures';
import { START } from './testing/test-world';

/** Behind one door each: enough that they do not stand in one text. */
const MANY = 130;
type Who = Partial<ResidentItem>;

const doorOf = (number: number, ...people: Who[]) => {
  const residents = people.map((who, index) => resident(10_000 + number * 10 + index, who));
  const room = String(1000 + number);
  return dwelling(number, { room, floor: 10, households: [household(1000 + number, ...residents)] });
};
const ref = (number: number) => ({ feed: GRID_FEED, type: 'dwelling', id: id(number) });
const put = (number: number, ...people: Who[]) => itemOf(ref(number), 1, doorOf(number, ...people));

function registerOf(...people: Who[][]) {
  const register = new RegisterMemory(() => START);
  register.addSearch((doors) => new Search(doors));
  const plan = itemOf({ feed: GRID_FEED, type: 'building', id: building().id }, 1, building());
  const doors = people.map((behind, index) => put(100 + index, ...behind));
  register.applyItems({ emptied: [], gone: [], put: [plan, ...doors] });
  const apply = (change: Partial<Parameters<RegisterMemory['applyItems']>[0]>) =>
    register.applyItems({ emptied: [], gone: [], put: [], ...change });
  const find = (text: string, limit = 1000) =>
    register.search(text, limit).map(({ kind, name, residentId, dwellingId, by }) => {
      const door = Number(dwellingId.slice(-6)) - 100;
      return `${kind === 'door' ? 'door' : name}${residentId?.endsWith('1') ? ' 2nd' : ''} ${door} ${by}`;
    });
  return { register, apply, find };
}
const everywhere = (name: (index: number) => string) =>
  Array.from({ length: MANY }, (_, index) => [{ name: name(index), phone: '' }]);

it('tells the best first, and of one kind who comes first in the register', () => {
  const { find } = registerOf(...everywhere((index) => ['李王', '王秀', '王'][index % 3] ?? ''));
  const at = (rest: number, name: string) =>
    Array.from({ length: MANY }, (_, index) => index).flatMap((index) =>
      index % 3 === rest ? `${name} ${index} name` : [],
    );
  const all = [...at(2, '王'), ...at(1, '王秀'), ...at(0, '李王')];
  expect(find('王')).toEqual(all);
  for (const limit of [1, 43, 44, 60, 100]) expect(find('王', limit)).toEqual(all.slice(0, limit));
});

it('keeps the register’s order among what is found in several ways', () => {
  const { find } = registerOf(
    ...everywhere((index) => (index === 2 ? '李1103' : index === 5 ? '李1105' : '王')).slice(0, 6),
    [{ name: '周', phone: '1110' }],
  );
  expect(find('110')).toEqual([
    ...['door 0 door', 'door 1 door', 'door 2 door', '李1103 2 name', 'door 3 door', 'door 4 door', 'door 5 door'],
    ...['李1105 5 name', 'door 6 door', '周 6 phone'],
  ]);
});

it('finds a person once, by the name before all else', () => {
  const { find } = registerOf(
    [{ name: '1tom', phone: '' }, { name: 'Tom' }],
    [{ name: '唐欧美', phone: '' }],
    [{ name: '周8979' }],
  );
  expect(find('tom')).toEqual(['Tom 2nd 0 name', '唐欧美 1 initials', '1tom 0 name']);
  expect(find('8979')).toEqual(['Tom 2nd 0 phone', '周8979 2 name']);
});

it('reads nothing from one person’s end into the next one’s beginning', () => {
  const { find } = registerOf(
    [
      { name: '王秀', phone: '13800001234' },
      { name: '兰英', phone: '56' },
    ],
    [{ name: '曾祥' }],
  );
  for (const text of ['秀兰', 'xl', 'yz', '123456', '00123', '10-1', '1-01'])
    expect([text, find(text)]).toEqual([text, []]);
});

it('finds by what a door’s people are called now', () => {
  const { find, apply, register } = registerOf(...everywhere(() => '王秀'));
  const [middle, other] = [160, 161];
  expect(find('wx')).toHaveLength(MANY);
  apply({ put: [put(middle, { name: '曾祥' }, { name: '李王' })] });
  expect([find('曾'), find('zx'), find('李')]).toEqual([['曾祥 60 name'], ['曾祥 60 initials'], ['李王 2nd 60 name']]);
  expect(find('王')).toHaveLength(MANY);
  expect(find('王', 61).slice(59)).toEqual(['王秀 59 name', '王秀 61 name']);

  apply({ gone: [ref(middle), ref(other)] });
  expect([find('曾'), find('1160'), find('王').length]).toEqual([[], [], MANY - 2]);
  // What comes back stands behind the others.
  apply({ put: [put(middle, { name: '王秀' })] });
  expect(find('王').at(-1)).toBe('王秀 60 name');
  apply({ put: [put(300, { name: '曾祥' })] });
  expect(find('曾')).toEqual(['曾祥 200 name']);

  apply({ emptied: [GRID_FEED] });
  expect([find('王'), register.warmSearch(50)]).toEqual([[], false]);
});
