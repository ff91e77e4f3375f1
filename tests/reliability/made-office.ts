/** Makes the demo community once for a run, on each engine: most cases begin with a copy of it, which is there at once. */
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { dropDatabase, makeDatabase, startPostgres } from '../support/postgres';
import { OfficeProcess } from './office-process';
import { engines } from './settings';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the made offices are: a `DATA_DIR`, and a database on a server that syncs its commits to disk. Null: not asked for. */
    madeOffice: { folder: string | null; postgres: { url: string; template: string } | null };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [folder, postgres] = await Promise.all([
    engines.includes('sqlite') ? makeFolder() : null,
    engines.includes('postgres') ? makeTemplate() : null,
  ]);
  project.provide('madeOffice', { folder, postgres: postgres && { url: postgres.url, template: postgres.template } });
  return async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await postgres?.remove();
  };
}

async function makeFolder(): Promise<string> {
  const office = await OfficeProcess.bare('sqlite');
  await office.start();
  await office.end();
  return office.folder;
}

async function makeTemplate() {
  const server = await startPostgres({ durable: true });
  const template = `qiaomen_reliability_${process.pid}`;
  const url = await makeDatabase(server.url, template);
  const office = await OfficeProcess.bare('postgres', { url, stop: () => dropDatabase(server.url, template) });
  await office.start();
  await office.end();
  return {
    url: server.url,
    template,
    async remove() {
      await office.remove();
      await server.stop();
    },
  };
}
