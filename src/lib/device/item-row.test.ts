import { describe, expect, it, vi } from 'vitest';
import { itemOf, itemRow, openItemRow } from './item-row';
import { dwelling, GRID_FEED, id } from './testing/fixtures';
import { openVault } from './vault';

const ref = (type: string) => ({ feed: GRID_FEED, type, id: id(11) });

describe('an item in the store', () => {
  it('[FEED-7] comes back as it was told, whatever it is', async () => {
    for (const body of [{ colour: 'green', more: [1, null, { a: '王' }] }, 'text', 0, false, null, []]) {
      const row = await itemRow(openVault, itemOf(ref('medal'), 3, body));
      const item = await openItemRow(openVault, row);
      expect({ ...ref('medal'), version: item.version, body: item.body }).toEqual({
        ...ref('medal'),
        version: 3,
        body,
      });
      expect(item.body).toBe(item.body);
      expect(item.head).toBeNull();
    }
  });

  it('counts a door without reading it', async () => {
    const row = await itemRow(openVault, itemOf(ref('dwelling'), 3, dwelling(11)));
    const parse = vi.spyOn(JSON, 'parse');
    const item = await openItemRow(openVault, row);
    expect(item.head).toMatchObject({ buildingId: id(2), outcome: 'not-visited' });
    expect(parse).not.toHaveBeenCalled();
    expect(item.body).toEqual(dwelling(11));
    expect(item.body).toBe(item.body);
    expect(parse).toHaveBeenCalledTimes(1);
  });
});
