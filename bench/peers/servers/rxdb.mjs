// The endpoint RxDB's HTTP replication guide describes: checkpoint = { updatedAt, id }, over better-sqlite3 with an index on (updatedAt, id).
import Database from 'better-sqlite3';
import express from 'express';
import compression from 'compression';
import { register, changed, changedIndexes } from '../data.mjs';
import { serve } from './common.mjs';

await serve(async (app, { items, seed, dir }) => {
  const db = new Database(dir + '/rxdb.sqlite');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE item (id TEXT PRIMARY KEY, updatedAt INTEGER NOT NULL, doc TEXT NOT NULL); CREATE INDEX item_feed ON item (updatedAt, id); CREATE TABLE submission (id TEXT PRIMARY KEY, doc TEXT NOT NULL)',
  );
  const all = register(items, seed),
    put = db.prepare('INSERT OR REPLACE INTO item VALUES (?, ?, ?)');
  const putAll = db.transaction((list) => {
    for (const item of list) put.run(item.id, item.updatedAt, JSON.stringify({ ...item, _deleted: false }));
  });
  putAll(all);

  const page = db.prepare(
    'SELECT id, updatedAt, doc FROM item WHERE (updatedAt, id) > (?, ?) ORDER BY updatedAt, id LIMIT ?',
  );
  const get = db.prepare('SELECT doc FROM submission WHERE id = ?').pluck(),
    add = db.prepare('INSERT INTO submission VALUES (?, ?)');
  const addAll = db.transaction((rows) => {
    const conflicts = [];
    for (const { newDocumentState } of rows) {
      const stored = get.get(newDocumentState.id);
      if (stored === undefined) add.run(newDocumentState.id, JSON.stringify(newDocumentState));
      else conflicts.push(JSON.parse(stored));
    }
    return conflicts;
  });
  const api = express.Router();
  api.use(compression(), express.json({ limit: '64mb' }));
  api.get('/pull', (req, res) => {
    const rows = page.all(+(req.query.updatedAt ?? 0), req.query.id ?? '', +req.query.limit),
      last = rows.at(-1);
    const checkpoint = last
      ? { id: last.id, updatedAt: last.updatedAt }
      : req.query.id
        ? { id: req.query.id, updatedAt: +req.query.updatedAt }
        : null;
    res
      .type('json')
      .send(`{"documents":[${rows.map((r) => r.doc).join(',')}],"checkpoint":${JSON.stringify(checkpoint)}}`);
  });
  api.post('/push', (req, res) => res.json(addAll(req.body)));
  app.use('/api', api);
  return {
    change: (count) => putAll(changedIndexes(items, count).map((i) => changed(all[i], 1, seed))),
    sent: (ids) => ({
      count: db.prepare('SELECT count(*) FROM submission').pluck().get(),
      records: ids.map((id) => {
        const { _deleted, ...record } = JSON.parse(get.get(id) ?? 'null') ?? {};
        return record;
      }),
    }),
  };
});
