/** A phone whose clock is a day wrong, and jumps while it works: what it saves is stored once, and the office tells it the true time. */
import { expect, test } from 'vitest';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { enginesInTurn } from './settings';

const day = 24 * 3600_000;

for (const engine of enginesInTurn) {
  test(`[TIME-1] [TIME-2] a clock that is a day wrong, and jumps, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    const ledger = new Ledger();
    try {
      await office.start();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      const doors = phone.doors();
      let door = 0;
      const told: string[] = [];
      for (const ahead of [day, -day, 0, -day, day]) {
        // Some are saved before the jump and sent after it.
        phone.setOffline(true);
        for (let time = 0; time < 2; time += 1) await phone.knocks(doors[door++ % doors.length] ?? '');
        phone.setClock(ahead);
        await phone.knocks(doors[door++ % doors.length] ?? '');
        phone.setOffline(false);
        await phone.syncUntilIdle();
        const { clockAhead, setAside } = phone.state;
        expect(setAside).toBe(0);
        expect(Math.round(clockAhead / 3600_000)).toBe(ahead / 3600_000);
        told.push(`${Math.round(clockAhead / day)} d`);
      }
      const rows = await office.rows();
      expect(rows.filter(({ id, status }) => ledger.has(id) && status !== 'stored')).toEqual([]);
      score({
        case: 'clock a day wrong, and jumping',
        engine,
        ...ledger.compare(rows),
        message: `measured ahead by ${told.join(', ')}`,
      });
      await phone.close();
    } finally {
      await office.remove();
    }
  });
}
