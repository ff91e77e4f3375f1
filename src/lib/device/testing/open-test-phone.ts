/** A phone on a fresh store, joined to a fake office, on a clock of the test. */
import * as later from '../later';
import { openPhone } from '../open-phone';
import type { Phone } from '../phone';
import { FakeOffice } from './fake-office';
import { building, dwelling, grid, GRID_FEED, household, id, resident, round } from './fixtures';
import { makeTestWorld, settled, type TestWorld } from './test-world';

export type TestPhone = Phone & { world: TestWorld; office: FakeOffice };

let accounts = 0;
/** An account that no other test of this file has. */
export function newAccount(): string {
  accounts += 1;
  return `worker-${accounts}`;
}

/** An office with one grid: a building of two stairs, 301 and 302 lived in, 401, and 101 on the second. */
export function officeWithDoors(account: string): FakeOffice {
  const office = new FakeOffice();
  office.allow(account, [GRID_FEED]);
  office.publish(GRID_FEED, 'grid', id(1), grid([round()]));
  office.publish(GRID_FEED, 'building', id(2), building());
  const old = resident(100);
  office.publish(GRID_FEED, 'dwelling', id(11), dwelling(11, { room: '301', households: [household(50, old)] }));
  const young = resident(101, { name: '曾小明', phone: '13911112222', birthDate: '1990-05-01' });
  office.publish(GRID_FEED, 'dwelling', id(12), dwelling(12, { room: '302', households: [household(51, young)] }));
  office.publish(GRID_FEED, 'dwelling', id(13), dwelling(13, { room: '401', floor: 4 }));
  office.publish(GRID_FEED, 'dwelling', id(14), dwelling(14, { unit: '2', room: '101', floor: 1 }));
  return office;
}

/** Opens the account's phone; the first sync has ended when this answers. */
export async function openTestPhone(
  office: FakeOffice,
  account: string,
  options: { world?: TestWorld; app?: string; seed?: number; pushAtMost?: number } = {},
): Promise<TestPhone> {
  const world = options.world ?? makeTestWorld(options.seed);
  const phone = await openPhone({
    accountId: account,
    world,
    send: office.sendAs(account),
    app: options.app ?? 'app-1',
    ...(options.pushAtMost && { pushAtMost: options.pushAtMost }),
    loadLater: () => Promise.resolve(later),
  });
  await phone.syncNow();
  await settled(5);
  return Object.assign(phone, { world, office });
}
