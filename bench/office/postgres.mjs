// A PostgreSQL for the bench: a server of its own whose commits wait for the disk, and an empty database on it.
import { makeDatabase, startPostgres } from '../../tests/support/postgres.ts';

/** The database's address, what it runs on, and how to end it. */
export async function postgresForBench() {
  const server = await startPostgres({ durable: true });
  return {
    url: await makeDatabase(server.url, 'bench'),
    version: `PostgreSQL ${server.version}`,
    stop: server.stop,
  };
}
