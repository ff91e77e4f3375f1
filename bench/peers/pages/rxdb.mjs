import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { option, run } from './common.mjs';

const pullBatch = +(option.get('batch') ?? 1000),
  pushBatch = +(option.get('pushBatch') ?? pullBatch);
const LIVE = option.get('live') === 'true';
const text = (n) => ({ type: 'string', maxLength: n }),
  object = { type: 'object', additionalProperties: true };
const register = {
  version: 0,
  type: 'object',
  primaryKey: 'id',
  indexes: ['building'],
  properties: {
    id: text(36),
    type: text(20),
    grid: text(20),
    building: text(10),
    version: { type: 'integer' },
    updatedAt: { type: 'integer' },
    body: object,
  },
  required: ['id', 'type', 'grid', 'building', 'version', 'updatedAt', 'body'],
};
const outbox = {
  version: 0,
  type: 'object',
  primaryKey: 'id',
  properties: {
    id: text(36),
    revision: { type: 'integer' },
    kind: text(40),
    form: object,
    target: object,
    basis: object,
    recordedAt: text(40),
    secondsOpen: { type: 'integer' },
    location: object,
    body: object,
    digest: text(43),
  },
  required: ['id'],
};
let db;

// One round, timed until awaitInitialReplication (all stored, or all confirmed by the server). With live: false that promise also waits for
// RxDB's clearing up (its checkpoints and meta documents); with live: true and no stream it does not. So live: true is kinder to RxDB:
// the clearing up is waited for, but not timed, and then the replication is cancelled. The requests are the same.
async function once(settings) {
  const state = replicateRxCollection({
    live: LIVE,
    waitForLeadership: false,
    autoStart: true,
    deletedField: '_deleted',
    ...settings,
  });
  let failed;
  state.error$.subscribe((e) => {
    failed ??= e;
  });
  await state.awaitInitialReplication();
  const settled = LIVE ? state.awaitInSync().then(() => state.cancel()) : Promise.resolve();
  return {
    settled: settled.then(() => {
      if (failed) throw failed;
    }),
  };
}

run({
  async open() {
    db = await createRxDatabase({
      name: 'bench',
      storage: getRxStorageDexie(),
      multiInstance: false,
      eventReduce: true,
    });
    await db.addCollections(
      option.has('building')
        ? { register: { schema: register } }
        : { register: { schema: register }, outbox: { schema: outbox } },
    );
  },
  pull: () =>
    once({
      collection: db.register,
      replicationIdentifier: 'register-http',
      pull: {
        batchSize: pullBatch,
        async handler(checkpoint, limit) {
          const response = await fetch('/api/pull?' + new URLSearchParams({ ...(checkpoint ?? {}), limit }));
          return response.json();
        },
      },
    }),
  push: () =>
    once({
      collection: db.outbox,
      replicationIdentifier: 'outbox-http',
      push: {
        batchSize: pushBatch,
        async handler(rows) {
          const response = await fetch('/api/push', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(rows),
          });
          return response.json();
        },
      },
    }),
  count: () => db.register.count().exec(),
  async read(items) {
    const found = await db.register.findByIds(items.map((i) => i.id)).exec();
    return items.map((i) => found.get(i.id)?.toJSON() ?? null);
  },
  async queue(records) {
    const r = await db.outbox.bulkInsert(records);
    if (r.error.length) throw new Error('queue failed');
  },
  building: async (key) => (await db.register.find({ selector: { building: key } }).exec()).map((d) => d.toJSON()),
});
