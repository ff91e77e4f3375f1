import PouchDB from 'pouchdb/dist/pouchdb.min.js';
import { option, run } from './common.mjs';
import { docId, toDoc, fromDoc } from './pouchdb-doc.mjs';

const adapter = option.get('adapter') ?? 'idb';
const options = { live: false, retry: false, batch_size: +(option.get('batch') ?? 1000), batches_limit: 10 };
const remote = (name) => new PouchDB(`${location.origin}/db/${name}`, { skip_setup: true });
const local = (name) => new PouchDB(name, { adapter });
let register, outbox;

run({
  async open() {
    register = local('register');
    if (!option.has('building')) {
      outbox = local('outbox');
      await outbox.info();
    }
    await register.info();
  },
  async pull() {
    const r = await PouchDB.replicate(remote('register'), register, options);
    if (!r.ok || r.errors.length) throw new Error('pull failed');
    return r.docs_written;
  },
  async push() {
    const r = await PouchDB.replicate(outbox, remote('outbox'), options);
    if (!r.ok || r.errors.length) throw new Error('push failed');
    return r.docs_written;
  },
  async count() {
    return (await register.info()).doc_count;
  },
  async read(items) {
    return (await register.allDocs({ keys: items.map(docId), include_docs: true })).rows.map(
      (r) => r.doc && fromDoc(r.doc),
    );
  },
  async queue(records) {
    await outbox.bulkDocs(records.map(toDoc));
  },
  async building(key) {
    return (await register.allDocs({ startkey: key + ':', endkey: key + ':\uffff', include_docs: true })).rows.map(
      (r) => fromDoc(r.doc),
    );
  },
});
