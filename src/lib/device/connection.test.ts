import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { Connection } from './connection';
import { PhoneDatabase } from './database';
import { Dexie } from './dexie';
import { knock, id, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled } from './testing/test-world';

const meta = { key: 'k', value: 'v' };

function makeConnection(account = newAccount(), world = makeTestWorld()) {
  const opened: PhoneDatabase[] = [];
  const connection = new Connection(() => {
    const database = new PhoneDatabase(account);
    opened.push(database);
    return database;
  }, world);
  return { account, connection, opened, world };
}

describe('the connection', () => {
  it('is opened once for all who ask at the same time', async () => {
    const { connection, opened } = makeConnection();
    await Promise.all([1, 2, 3].map(() => connection.run((database) => database.meta.count())));
    expect(opened).toHaveLength(1);
    await connection.close();
  });

  it('is opened again when the browser closed it, and the write is repeated', async () => {
    const { connection, opened } = makeConnection();
    await connection.run((database) => database.meta.count());
    let tries = 0;
    await connection.run(async (database) => {
      tries += 1;
      if (tries === 1) opened[0]?.backendDB().close();
      await database.meta.put(meta);
    });
    expect(await connection.run((database) => database.meta.get('k'))).toEqual(meta);
    await connection.close();
  });

  it('is opened again when it was closed amid a write of many, whose error holds the browser’s own', async () => {
    const connection = makeConnection().connection;
    let tries = 0;
    await connection.run(async (database) => {
      tries += 1;
      if (tries > 1) return;
      database.close();
      throw Object.assign(new Error('1 of 1 operations failed'), {
        name: 'BulkError',
        failures: [new DOMException('A request was aborted', 'AbortError')],
      });
    });
    expect(tries).toBe(2);
    await connection.close();
  });

  it('is opened again when a transaction is told that it was aborted before the database is told that it was closed', async () => {
    const { connection, opened } = makeConnection();
    await connection.run((database) => database.meta.put(meta));
    let tries = 0;
    const read = connection.run((database) =>
      database.transaction('r', database.meta, async (transaction) => {
        tries += 1;
        const asked = database.meta.get('k');
        if (tries === 1) transaction.idbtrans.abort();
        return asked;
      }),
    );
    expect(await read).toEqual(meta);
    expect(opened).toHaveLength(2);
    await connection.close();
  });

  it('is opened again after it was closed between two writes', async () => {
    const { connection, opened } = makeConnection();
    await connection.run((database) => database.meta.put(meta));
    opened[0]?.close();
    expect(await connection.run((database) => database.meta.get('k'))).toEqual(meta);
    expect(opened).toHaveLength(2);
    await connection.close();
  });

  it('steps aside for a newer app that converts the database', async () => {
    const { account, connection } = makeConnection();
    await connection.run((database) => database.meta.put(meta));
    const newer = new Dexie(`qiaomen-${account}`);
    newer.version(2).stores({
      meta: 'key',
      items: '[feed+type+id]',
      cursors: 'feed',
      drafts: 'id',
      outbox: '[id+revision], order',
      sent: '[id+revision], epoch, held',
    });
    await newer.open();
    expect(newer.verno).toBe(2);
    newer.close();
    expect(await connection.run((database) => database.meta.get('k'))).toEqual(meta);
    await connection.close();
  });

  it('says when it is blocked, and can be tried again', async () => {
    const account = newAccount();
    const older = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(`qiaomen-${account}`, 1); // below Dexie's 10, and deaf to versionchange
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const { connection, world } = makeConnection(account);
    const first = connection.run((database) => database.meta.count()).catch((error: unknown) => error);
    await settled();
    await world.advance(11_000);
    expect(await first).toMatchObject({ code: 'store-blocked' });
    older.close();
    await settled();
    expect(await connection.run((database) => database.meta.count())).toBe(0);
    await connection.close();
  });

  it('tries a failed opening again', async () => {
    const { connection, opened } = makeConnection();
    const disk = vi.spyOn(PhoneDatabase.prototype, 'open').mockImplementation(() => {
      throw new Error('no disk');
    });
    await expect(connection.run((database) => database.meta.count())).rejects.toMatchObject({ code: 'store-failed' });
    disk.mockRestore();
    expect(await connection.run((database) => database.meta.count())).toBe(0);
    expect(opened).toHaveLength(2);
    await connection.close();
  });

  it('passes on the work’s own error without repeating it', async () => {
    const { connection } = makeConnection();
    let tries = 0;
    const failing = connection.run(() => {
      tries += 1;
      return Promise.reject(new RangeError('mine'));
    });
    await expect(failing).rejects.toThrow('mine');
    expect(tries).toBe(1);
    await connection.close();
  });
});

describe('a full disk', () => {
  it('is told in so many words, and the draft stands as it was', async () => {
    const account = newAccount();
    const phone = await openTestPhone(officeWithDoors(account), account);
    const draft = knock(id(900), id(11), noOneHome);
    await phone.keepDraft(draft);
    const full = Object.assign(new Error('aborted'), {
      name: 'AbortError',
      inner: new DOMException('', 'QuotaExceededError'),
    });
    const disk = vi.spyOn(PhoneDatabase.prototype, 'transaction').mockImplementation(() => {
      throw full;
    });
    await expect(phone.save(draft)).rejects.toMatchObject({ code: 'storage-full' });
    disk.mockRestore();
    expect((await phone.draft(id(900)))?.body).toEqual(noOneHome);
    expect(phone.syncState().waiting).toBe(0);
    expect((await phone.save(draft)).revision).toBe(1);
    await phone.close();
  });
});
