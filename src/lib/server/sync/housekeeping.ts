/** What the office does by itself while it serves: what a crash left undone, and what only time brings. */
import { tune } from '../database/migrate';
import { refreshCommunities } from '../feeds/refresh';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { afterPush } from './afterwork';
import { retireSubmissions } from './retire';

const dayMs = 24 * 3600 * 1000;

/** Begins at once and goes on daily; the returned function ends it. Failures are logged and tried again the next day. */
export function keepHouse(office: Office): () => void {
  let takeBack = () => {};
  const round = async () => {
    try {
      await refreshCommunities(office);
      await retireSubmissions(office);
      await office.database.write(tune);
    } catch (error) {
      log({ event: 'housekeeping', ...plainError(error) });
    }
  };
  const daily = () => {
    takeBack = office.world.after(dayMs, daily);
    void round();
  };
  afterPush(office);
  daily();
  return () => takeBack();
}
