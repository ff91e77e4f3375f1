/** What a sync leaves to be done afterwards, one run at a time: the answer does not wait for it, and a restart finds what is left (FEED-10). */
import { writeHeard } from '../accounts/heard';
import { DatabaseUnavailableError } from '../database/open';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { runAfterwork } from '../review/rules';

type Run = { done: Promise<void>; again: boolean };
const runs = new WeakMap<Office, Run>();
const retryMs = 5000;

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

/** Resolves when no run is under way any more. */
export async function afterworkDone(office: Office): Promise<void> {
  while (runs.has(office)) await runs.get(office)?.done;
}

async function work(office: Office, run: Run): Promise<void> {
  try {
    while (run.again) {
      run.again = false;
      await writeHeard(office);
      await runAfterwork(office);
    }
  } catch (error) {
    log({ event: 'afterwork', ...plainError(error) });
    if (error instanceof DatabaseUnavailableError) office.world.after(retryMs, () => afterPush(office));
  } finally {
    runs.delete(office);
  }
}
