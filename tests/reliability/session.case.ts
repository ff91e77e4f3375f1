/** A session that ended while the phone was out, a changed password, another grid, an ended account: own work goes first, nothing is dropped. */
import { expect, test } from 'vitest';
import { DeskSession } from './desk-session';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { enginesInTurn } from './settings';

for (const engine of enginesInTurn) {
  test(`[DEV-13] [SCO-2] [SCO-5] a session ends, a password changes, a phone is revoked, grids change, the account ends, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    const ledger = new Ledger();
    const shown: string[] = [];
    try {
      await office.start();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      const doors = phone.doors();
      let door = 0;
      /** Five doors without a connection; meanwhile something changes at the office; then the phone is back. */
      const outWhile = async (changes: () => Promise<void> | void) => {
        phone.setOffline(true);
        for (let time = 0; time < 5; time += 1) await phone.knocks(doors[door++ % doors.length] ?? '');
        await changes();
        phone.setOffline(false);
        await phone.sync();
        shown.push(phone.state.phase);
      };

      await outWhile(() => phone.loseSession());
      expect(phone.state).toMatchObject({ phase: 'signed-out', waiting: 5 });
      await phone.signInAgain(office.address, 'grid1');
      await phone.sync();
      expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0 });

      const desk = await DeskSession.open(office.address, 'admin1');
      let another = '';
      await outWhile(async () => {
        another = await desk.resetPassword(phone.accountId);
      });
      expect(phone.state).toMatchObject({ phase: 'signed-out', waiting: 5 });
      await phone.signInAgain(office.address, 'grid1', another);
      await phone.sync();
      expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0 });

      await outWhile(() => desk.revokePhone(phone.accountId, phone.phone.deviceId));
      expect(phone.state).toMatchObject({ phase: 'revoked', stopped: true, waiting: 0 });
      expect(phone.doors()).toEqual([]);
      await desk.allowPhone(phone.accountId, phone.phone.deviceId);
      await phone.sync();
      expect(phone.state).toMatchObject({ phase: 'idle', stopped: false });
      expect(phone.doors()).not.toEqual([]);

      const seen = phone.grids();
      expect(seen).not.toEqual([]);
      await outWhile(() => desk.setGrids(phone.accountId, { seen, grids: [] }));
      expect(phone.state).toMatchObject({ phase: 'idle', waiting: 0 });
      expect(phone.doors()).toEqual([]);

      await outWhile(() => desk.endAccount(phone.accountId));
      expect(phone.state.waiting).toBe(0);
      score({
        case: 'session ended, password changed, phone revoked, grids moved, account ended',
        engine,
        ...ledger.compare(await office.rows()),
        message: shown.join(', '),
      });
      await phone.close();
    } finally {
      await office.remove();
    }
  });
}
