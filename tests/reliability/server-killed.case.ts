/** The office is killed at each named step of a push, and at random moments under load: what phones saved is there once. */
import { expect, test } from 'vitest';
import type { FaultPoint } from '../../src/lib/server/fault-point';
import { Ledger, score } from './ledger';
import { moment } from './moment';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { chanceOf, engines, enginesInTurn, minutes, seed } from './settings';

const steps: FaultPoint[] = [
  'push:unpacked',
  'push:begun',
  'push:revision-stored',
  'push:told',
  'push:committed',
  'push:answered',
  'afterwork:begun',
  'afterwork:decided',
];

/** The long form lets each step be passed once before it strikes. */
const counts = minutes > 0 ? [1, 2, 3] : [1];

for (const engine of engines) {
  test(`[REC-1] [REC-5] killed at each step of a push, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    try {
      await office.start();
      const ledger = new Ledger();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      const doors = phone.doors();
      let door = 0;
      let died = 0;
      for (const step of steps) {
        for (const count of counts) {
          await office.kill();
          died += 1;
          // What an earlier death left undone is done at the start, and may meet the step already there.
          if (!(await office.start({ die: `${step}:${count}` }))) continue;
          // A step that is reached once a push is reached for the third time by the third.
          for (let push = 0; push <= count && office.lives; push += 1) {
            for (let record = 0; record < 4; record += 1) await phone.knocks(doors[door++ % doors.length] ?? '');
            await phone.sync();
          }
          await office.ended();
        }
      }
      await office.start();
      await phone.sync();
      expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0 });
      score({
        case: 'server killed at each step of a push',
        engine,
        ...ledger.compare(await office.rows()),
        message: `died ${died} times at ${steps.length} steps`,
      });
      await phone.close();
    } finally {
      await office.remove();
    }
  });
}

for (const engine of enginesInTurn) {
  test(`[REC-1] [REC-5] killed at random moments under load, ${engine}`, async () => {
    const chance = chanceOf(seed);
    const office = await OfficeProcess.make(engine);
    const ledger = new Ledger();
    try {
      await office.start();
      const phones = await Promise.all(
        ['grid1', 'grid2'].map((name) => PhoneInNode.open(office.address, name, ledger)),
      );
      const rounds = minutes > 0 ? Math.ceil(minutes * 8) : 3;
      for (let round = 0; round < rounds; round += 1) {
        const work = phones.map(async (phone) => {
          const doors = phone.doors();
          for (let record = 0; record < 15; record += 1) {
            await phone.knocks(doors[Math.floor(chance() * doors.length)] ?? '');
            await phone.sync();
          }
        });
        await moment(chance() * 400);
        await office.kill();
        await Promise.all(work);
        await office.start();
      }
      for (const phone of phones) {
        await phone.sync();
        expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0 });
        await phone.close();
      }
      score({
        case: 'server killed at random moments under load',
        engine,
        ...ledger.compare(await office.rows()),
        message: `killed ${rounds} times`,
      });
    } finally {
      await office.remove();
    }
  });
}
