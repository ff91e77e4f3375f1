/** Starts the processes that work on rosters, a few at a time, and notes in a job's row when its process breaks off. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
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

/**
 * At how many rosters an office works at once: one large file keeps nobody else's waiting, and a hundred uploads at once take neither the machine's
 * memory nor its processors from those who push.
 */
const AT_ONCE = 2;
const turns = new WeakMap<Office, LimitFunction>();

function turnsOf(office: Office): LimitFunction {
  const own = turns.get(office) ?? pLimit(AT_ONCE);
  turns.set(office, own);
  return own;
}

/** What waits for its turn when the server ends stands in its row, and is taken up by the next start. */
export const launchRosterJob: Launch = (office, communityId, importId, step) => {
  turnsOf(office)(() => work(office, communityId, importId, step)).catch((error: unknown) => {
    log({ event: 'roster-job', step, ...plainError(error) });
  });
};

/** Resolves when the process has ended, however it did. */
async function work(...[office, communityId, importId, step]: Parameters<Launch>): Promise<void> {
  const child = spawn(
    process.execPath,
    [...MEMORY, program(), 'roster-job', '--community', communityId, '--import', importId, '--step', step],
    { env: environment(office), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  let leaving = false;
  // The server ends all that it started, and begins nothing more; the job's row says where the next start goes on.
  const forget = onLeave(async () => {
    leaving = true;
    turnsOf(office).clearQueue();
    child.kill();
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  forget();
  if (code !== 0 && !leaving) await markFailed(office, communityId, importId, step);
}

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
