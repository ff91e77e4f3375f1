// Not a peer but a floor: Dexie with nothing around it – one table, one index, a cursor, pages of 5,000 – against RxDB's own server.
// It does less than any real project must (no conflicts, no receipts, no sealing, no checks), so it shows how much of a peer's time is the
// browser's storage itself, and how little code a project has to bring to stand in this bench.
import Dexie from 'dexie';
import { option, run } from './common.mjs';

const db = new Dexie('plain'),
  limit = +(option.get('batch') ?? 5000);
db.version(1).stores({ items: 'id, building', meta: '', outbox: 'id' });

run({
  open: () => db.open(),
  async pull() {
    let cursor = await db.meta.get('cursor'),
      documents;
    do {
      let checkpoint;
      ({ documents, checkpoint } = await (
        await fetch('/api/pull?' + new URLSearchParams({ ...cursor, limit }))
      ).json());
      if (!documents.length) return;
      cursor = checkpoint;
      await db.transaction('rw', db.items, db.meta, () =>
        Promise.all([db.items.bulkPut(documents), db.meta.put(cursor, 'cursor')]),
      );
    } while (documents.length === limit);
  },
  async push() {
    for (let records; (records = await db.outbox.limit(limit).toArray()).length;) {
      const response = await fetch('/api/push', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(records.map((r) => ({ newDocumentState: r }))),
      });
      if (!response.ok || (await response.json()).length) throw new Error('push failed');
      await db.outbox.bulkDelete(records.map((r) => r.id));
    }
  },
  count: () => db.items.count(),
  read: async (items) =>
    (await db.items.bulkGet(items.map((i) => i.id))).map((r) => {
      const { _deleted, ...item } = r ?? {};
      return item;
    }),
  queue: (records) => db.outbox.bulkAdd(records),
  building: (key) => db.items.where('building').equals(key).toArray(),
});
