/** Starts the process that works on a roster, and notes in its row when that process breaks off. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { onLeave } from '../leave';
import { log, plainError } from '../log';
import type { Office } from '../office';
import type { Launch, JobStep } from './jobs';
import { markFailed } from './job-steps';

/**
 * A small young generation keeps 20,000 rows under 300 MB: what is read and written in pieces dies young, and is swept at once. The same stands
 * in package.json for `npm run admin`.
 */
const MEMORY = ['--max-semi-space-size=4', '--max-old-space-size=1024'];

export const launchRosterJob: Launch = (office, communityId, importId, step) => {
  const child = spawn(
    process.execPath,
    [...MEMORY, program(), 'roster-job', '--community', communityId, '--import', importId, '--step', step],
    { env: environment(office), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  let leaving = false;
  const brokeOff = () => {
    if (leaving) return;
    markFailed(office, communityId, importId, step).catch((error: unknown) => {
      log({ event: 'roster-job', step, ...plainError(error) });
    });
  };
  // The server ends all that it started; the job's row says where the next start goes on.
  const forget = onLeave(async () => {
    leaving = true;
    child.kill();
  });
  child.once('error', brokeOff);
  child.once('exit', (code) => {
    forget();
    if (code !== 0) brokeOff();
  });
};

/** The built program beside the one that runs, or of the folder that it was started in. */
function program(): string {
  const beside = path.join(path.dirname(process.argv[1] ?? ''), 'admin.js');
  return existsSync(beside) ? beside : path.resolve('build/admin.js');
}

/** The same office, and in a demo the same time. */
function environment({ configuration, world }: Office): NodeJS.ProcessEnv {
  const demoNow = configuration.demoNow === null ? {} : { DEMO_NOW: new Date(world.now()).toISOString() };
  return { ...process.env, DATA_DIR: configuration.dataDir, ...demoNow };
}

export type { JobStep };
