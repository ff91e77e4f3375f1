/** The office's disk fills: 503 with a time to come back, no receipt for what is not durable, and it recovers by itself when there is room. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mountDisk, postgresDisk, type FillingDisk } from './filling-disk';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { engines, type Engine } from './settings';

/** SQLite's own page size. */
const pageBytes = 4096;

for (const engine of engines) {
  test(`[REC-1] [LIM-2] the disk of the office fills, ${engine}`, async () => {
    const office = await OfficeProcess.bare(engine);
    const ledger = new Ledger();
    let disk: FillingDisk | null = null;
    try {
      disk = await diskOf(office, engine);
      await office.start();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      const doors = phone.doors();
      await disk.fill();
      // What still fits in pages that are there, fits.
      for (let record = 0; record < 120; record += 1) await phone.knocks(doors[record % doors.length] ?? '');
      let busy = 0;
      for (let attempt = 0; attempt < 4; attempt += 1) {
        await phone.sync();
        if (phone.state.phase === 'busy') busy += 1;
      }
      expect(busy).toBeGreaterThan(0);
      expect(phone.state.waiting).toBeGreaterThan(0);
      const shown = phone.state.phase;

      phone.setOffline(true);
      await disk.makeRoom();
      // A receipt is only ever given for a row: what the phone no longer holds as waiting is there.
      const rows = await office.rows();
      expect(rows.filter(({ id }) => ledger.has(id)).length).toBeGreaterThanOrEqual(ledger.size - phone.state.waiting);
      phone.setOffline(false);
      await phone.syncUntilIdle();
      score({
        case: 'the disk of the office fills',
        engine,
        ...ledger.compare(await office.rows()),
        message: `${shown} (${disk.how})`,
      });
      await phone.close();
    } finally {
      await office.end();
      if (engine === 'sqlite') disk?.remove();
      await office.remove();
      if (engine === 'postgres') disk?.remove();
    }
  });
}

/** Where nobody may mount, SQLite's file is kept from growing; that ends with the process alone. */
async function diskOf(office: OfficeProcess, engine: Engine): Promise<FillingDisk> {
  if (engine === 'postgres') return postgresDisk(office.databaseUrl);
  const again = async (pages?: number) => {
    await office.end();
    await office.start(pages ? { pages } : {});
  };
  return (
    mountDisk(office.folder, 64) ?? {
      how: 'max_page_count',
      fill: () => again(Math.ceil(statSync(office.sqliteFile).size / pageBytes) + 40),
      makeRoom: () => again(),
      remove: () => undefined,
    }
  );
}
