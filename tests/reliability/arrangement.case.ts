/** What compose.yaml arranges, without containers: two processes, one PostgreSQL, a proxy with TLS before them; one process is killed amid the work. */
import { expect, test } from 'vitest';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { engines } from './settings';
import { TlsProxy } from './tls-proxy';

test.runIf(engines.includes('postgres'))(
  '[REC-2] [FEED-3] two processes on one PostgreSQL behind a proxy with TLS',
  async () => {
    const proxy = await TlsProxy.open();
    const one = await OfficeProcess.make('postgres', proxy.address);
    const other = await one.another();
    try {
      await one.start();
      await other.start();
      proxy.serve([one.address, other.address]);
      const ledger = new Ledger();
      const open = (name: string) => PhoneInNode.open(proxy.address, name, ledger, { fetch: proxy.fetch });
      const phones = [await open('grid1'), await open('grid2')];
      const knock = async (round: number) => {
        for (const [index, phone] of phones.entries()) {
          const doors = phone.doors();
          for (let record = 0; record < 4; record += 1)
            await phone.knocks(doors[(round * 12 + index * 4 + record) % doors.length] ?? '');
        }
        await Promise.all(phones.map((phone) => phone.sync()));
      };
      await knock(0);
      // A session made at one process is good at the other: the proxy takes them in turn.
      expect(proxy.answered.every((count) => count > 0)).toBe(true);
      const working = knock(1);
      await other.kill();
      await working;
      proxy.serve([one.address]);
      await knock(2);
      await other.start();
      proxy.serve([one.address, other.address]);
      for (const phone of phones) {
        await phone.syncUntilIdle();
        expect(phone.state).toMatchObject({ waiting: 0, setAside: 0 });
        await phone.close();
      }
      score({
        case: 'two processes, one PostgreSQL, a TLS proxy; one killed',
        engine: 'postgres',
        ...ledger.compare(await one.rows()),
        message: `answered ${proxy.answered.join(' + ')}`,
      });
    } finally {
      await other.remove();
      await one.remove();
      await proxy.close();
    }
  },
);
