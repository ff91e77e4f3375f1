/** What a sync leaves to be done afterwards, one run at a time: the answer does not wait for it, and a restart finds what is left (FEED-10). */
import { writeHeard } from '../accounts/heard';
import { DatabaseUnavailableError } from '../database/open';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { runAfterwork } from '../review/rules';
import { lineOf } from './line';

type Run = { done: Promise<void>; again: boolean };
const runs = new WeakMap<Office, Run>();
/** Takes back the run that is to come later. */
const putOff = new WeakMap<Office, () => void>();
const retryMs = 5000;
/** So long is worked on before those who stand in line are let go first again, milliseconds. */
const stretchMs = 200;
/** Another process is at it: it may have looked before the newest came. */
const lookAgainMs = 1000;

/** Starts a run; during one, asks for another when it has ended. */
export function afterPush(office: Office): void {
  const running = runs.get(office);
  if (running) {
    running.again = true;
    return;
  }
  const run: Run = { done: Promise.resolve(), again: true };
  runs.set(office, run);
  run.done = work(office, run);
}

/** Resolves when no run is under way any more; none that was put off comes later. */
export async function afterworkDone(office: Office): Promise<void> {
  while (runs.has(office)) await runs.get(office)?.done;
  putOff.get(office)?.();
}

async function work(office: Office, run: Run): Promise<void> {
  try {
    while (run.again) {
      run.again = false;
      await writeHeard(office);
      const isElsewhere = await runAfterwork(office, turns(office));
      if (isElsewhere) later(office, lookAgainMs);
    }
  } catch (error) {
    log({ event: 'afterwork', ...plainError(error) });
    if (error instanceof DatabaseUnavailableError) later(office, retryMs);
  } finally {
    runs.delete(office);
  }
}

/** Waits for a lull once in a stretch: under steady load much is done in each, and little is never put off for long. */
function turns(office: Office): () => Promise<void> {
  let until = 0;
  return async () => {
    const now = office.world.now();
    // Before a stretch that a clock put back made endless, too.
    if (now < until && until - now <= stretchMs) return;
    await lineOf(office).lull();
    until = office.world.now() + stretchMs;
  };
}

function later(office: Office, milliseconds: number): void {
  putOff.get(office)?.();
  putOff.set(
    office,
    office.world.after(milliseconds, () => afterPush(office)),
  );
}
