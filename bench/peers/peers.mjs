// Who is measured: this project, and what people would build on instead. A peer is a server in servers/, a page in pages/, and a line here.
import { readFileSync } from 'node:fs';
const version = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url)));

export const peers = {
  qiaomen: {
    title: `Qiaomen ${own.version}, the built app through its service worker ← its own server, SQLite, synchronous=FULL; phone durability strict`,
    own: true,
    query: {},
  },
  pouchdb: {
    title: `PouchDB ${version('pouchdb')} (idb) ← express-pouchdb ${version('express-pouchdb')}, LevelDB`,
    server: 'servers/pouchdb.mjs',
    page: 'pouchdb',
    query: { adapter: 'idb', batch: 2500 },
  },
  'pouchdb-indexeddb': {
    title: `PouchDB ${version('pouchdb')} (indexeddb) ← express-pouchdb ${version('express-pouchdb')}, LevelDB`,
    server: 'servers/pouchdb.mjs',
    page: 'pouchdb-indexeddb',
    query: { adapter: 'indexeddb', batch: 2500 },
  },
  rxdb: {
    title: `RxDB ${version('rxdb')} (Dexie ${version('dexie')}) ← express, better-sqlite3 ${version('better-sqlite3')}`,
    server: 'servers/rxdb.mjs',
    page: 'rxdb',
    query: { batch: 5000, live: true },
  },
  plain: {
    title: `not a peer: Dexie ${version('dexie')} alone, RxDB's server (the floor)`,
    server: 'servers/rxdb.mjs',
    page: 'plain',
    query: { batch: 5000 },
  },
};
