// A CouchDB-protocol server: express-pouchdb (the core of pouchdb-server 4.2) over PouchDB 9 on LevelDB.
import PouchDB from 'pouchdb';
import expressPouchDB from 'express-pouchdb';
import { register, changed, changedIndexes } from '../data.mjs';
import { docId, toDoc, fromDoc } from '../pages/pouchdb-doc.mjs';
import { serve } from './common.mjs';

await serve(async (app, { items, seed, dir }) => {
  const Server = PouchDB.defaults({ prefix: dir + '/' });
  app.use('/db', expressPouchDB(Server, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
  await new Promise((r) => setTimeout(r, 100)); // it must be listening for new databases before they are made, or it answers 404 for them
  const all = register(items, seed),
    db = new Server('register'),
    outbox = new Server('outbox');
  for (let i = 0; i < all.length; i += 1000) await db.bulkDocs(all.slice(i, i + 1000).map(toDoc));
  await outbox.info();
  return {
    async change(count) {
      const next = changedIndexes(items, count).map((i) => changed(all[i], 1, seed));
      const { rows } = await db.allDocs({ keys: next.map(docId) });
      const done = await db.bulkDocs(next.map((item, i) => ({ ...toDoc(item), _rev: rows[i].value.rev })));
      if (done.some((d) => d.error)) throw new Error('change failed');
    },
    async sent(ids) {
      const { doc_count } = await outbox.info(),
        { rows } = await outbox.allDocs({ keys: ids, include_docs: true });
      return { count: doc_count, records: rows.map((r) => r.doc && fromDoc(r.doc)) };
    },
  };
});
