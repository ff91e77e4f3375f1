/** The office's disk fills: 503 with a time to come back, no receipt for what is not durable, and it recovers by itself when there is room. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';

/** SQLite's own page size. */
const pageBytes = 4096;

test('[REC-1] [LIM-2] the disk of the office fills, sqlite', async () => {
  const office = await OfficeProcess.make('sqlite');
  const ledger = new Ledger();
  try {
    await office.start();
    const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
    const doors = phone.doors();
    await office.end();
    const pages = Math.ceil(statSync(office.sqliteFile).size / pageBytes);
    await office.start({ pages: pages + 40 });
    // The session's own refresh is a write, too; what fits, fits.
    for (let record = 0; record < 120; record += 1) await phone.knocks(doors[record % doors.length] ?? '');
    let busy = 0;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await phone.sync();
      if (phone.state.phase === 'busy') busy += 1;
    }
    expect(busy).toBeGreaterThan(0);
    expect(phone.state.waiting).toBeGreaterThan(0);
    const rows = await office.rows();
    // A receipt is only ever given for a row: what the phone no longer holds as waiting is there.
    expect(rows.length).toBeGreaterThanOrEqual(ledger.size - phone.state.waiting);
    const shown = phone.state.phase;

    await office.end();
    await office.start();
    await phone.syncUntilIdle();
    score({
      case: 'the disk of the office fills',
      engine: 'sqlite',
      ...ledger.compare(await office.rows()),
      message: shown,
    });
    await phone.close();
  } finally {
    await office.remove();
  }
});
