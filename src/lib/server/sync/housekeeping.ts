/** What the office does by itself while it serves: what a crash left undone, and what only time brings. */
import { refreshCommunities } from '../feeds/refresh';
import { askRenewal } from '../feeds/renew';
import { askDailyRecheck } from '../quarantine/recheck';
import { log, plainError } from '../log';
import { hashAllNumbers } from '../register/hash-all-numbers';
import type { Office } from '../office';
import { resumeJobs } from '../roster/jobs';
import { afterPush } from './afterwork';
import { retireSubmissions } from './retire';

const minuteMs = 60 * 1000;
const dayMs = 24 * 3600 * 1000;

/** What is done daily, in this order; one that fails keeps no other from being done. */
const duties: readonly ((office: Office) => unknown)[] = [
  refreshCommunities,
  hashAllNumbers,
  askRenewal,
  askDailyRecheck,
  afterPush,
  retireSubmissions,
  ({ database }) => database.tune(),
];

/** Begins at once and goes on daily, and each minute looks for work that another process left; the returned function ends it. Failures are logged and tried again the next day. */
export function keepHouse(office: Office): () => void {
  let takeBack = () => {};
  let takeBackMinute = () => {};
  const round = async () => {
    for (const duty of duties) {
      try {
        await duty(office);
      } catch (error) {
        log({ event: 'housekeeping', ...plainError(error) });
      }
    }
  };
  const daily = () => {
    takeBack = office.world.after(dayMs, daily);
    void round();
  };
  const minutely = () => {
    takeBackMinute = office.world.after(minuteMs, minutely);
    afterPush(office);
    resumeJobs(office).catch((error: unknown) => log({ event: 'housekeeping', ...plainError(error) }));
  };
  minutely();
  daily();
  return () => {
    takeBack();
    takeBackMinute();
  };
}
