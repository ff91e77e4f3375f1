import { expect, it } from 'vitest';
import { itemOf } from './item-row';
import type { HeldItem } from './items-memory';
import { RegisterMemory } from './register-memory';
import { building, dwelling, grid, GRID_FEED, id, round } from './testing/fixtures';

it('counts the doors of its buildings without reading one', () => {
  const read: string[] = [];
  const stored = (type: string, number: number, body: unknown): HeldItem => {
    const { feed, head, version } = itemOf({ feed: GRID_FEED, type, id: id(number) }, 1, body);
    return {
      ...{ feed, type, id: id(number), version, head },
      get body() {
        if (type === 'dwelling') read.push(id(number));
        return body;
      },
    };
  };
  const register = new RegisterMemory(() => Date.parse('2026-11-23T10:00:00+08:00'));
  const put = [stored('grid', 1, grid([round()])), stored('building', 2, building())];
  for (const number of [11, 12, 13]) put.push(stored('dwelling', number, dwelling(number, { room: `${number}` })));
  register.applyItems({ emptied: [], put, gone: [] });
  register.refreshOwn();
  expect(register.buildings()[0]).toMatchObject({ doors: 3, toDo: 3 });
  expect(read).toEqual([]);
  expect(register.door(id(11))?.door.room).toBe('11');
  expect(read).toContain(id(11));
});
