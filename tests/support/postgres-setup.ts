/** Starts the PostgreSQL of the project `postgres`, and makes there what each test file's own database is a copy of. */
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/lib/server/database/open';
import { dropDatabase, makeDatabase, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `name`: what this run's databases begin with; `template`: one with all tables and no rows. */
    postgres: { url: string; version: string; name: string; template: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Whoever waits for each other is found out at once: no test waits a second for it.
  const server = await startPostgres({ settings: { deadlock_timeout: '50ms' } });
  const name = `qiaomen_test_${process.pid}`;
  const template = `${name}_template`;
  const made = await openDatabase(await makeDatabase(server.url, template));
  await made.close();
  project.provide('postgres', { url: server.url, version: server.version, name, template });
  console.log(`PostgreSQL ${server.version} (fsync off: these tests look at what is right, not at what is durable)`);
  return async () => {
    await dropDatabase(server.url, template);
    await server.stop();
  };
}
