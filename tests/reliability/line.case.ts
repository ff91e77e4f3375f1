/** Whatever a line does to a request or its answer is no connection: the queue is untouched, and everything arrives once when the line is well. */
import { expect, test } from 'vitest';
import { Ledger, score } from './ledger';
import { nastiness, NastyLine } from './nasty-line';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { enginesInTurn } from './settings';

for (const engine of enginesInTurn) {
  test(`[DEV-11] [REC-5] portals, cut answers, storms and resets, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    const ledger = new Ledger();
    try {
      await office.start();
      const line = await NastyLine.before(office.address);
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger, { via: line.address });
      const doors = phone.doors();
      const phases = new Set<string>();
      for (const [index, how] of nastiness.entries()) {
        line.now = how;
        const before = phone.state.waiting;
        phone.setHaste(how === 'slow' ? 100 : 1);
        await phone.knocks(doors[index % doors.length] ?? '');
        await phone.sync();
        // Nothing left the queue: there was no receipt that the phone could have read.
        expect(phone.state.waiting, how).toBe(before + 1);
        // It comes again by itself, later.
        expect(phone.state.nextTryAt, how).not.toBeNull();
        phases.add(phone.state.phase);
      }
      line.now = null;
      phone.setHaste(1);
      await phone.syncUntilIdle();
      expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0, setAside: 0 });
      expect([...line.struck.keys()].sort()).toEqual([...nastiness].sort());
      score({
        case: 'captive portal, cut and wrong answers, 5xx storm, resets, slow-loris',
        engine,
        ...ledger.compare(await office.rows()),
        message: [...phases].join(', '),
      });
      await phone.close();
      await line.close();
    } finally {
      await office.remove();
    }
  });
}
