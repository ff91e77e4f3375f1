/** Whether the office tells this phone nothing any more. */
import type { PhoneDatabase } from './database';

/** Row of `meta`: 1 while the office takes in what is here and tells nothing (SCO-5), and after it said that this phone is out of use (403). */
export const STOPPED = 'stopped';

export async function isStopped(database: PhoneDatabase): Promise<boolean> {
  return (await database.meta.get(STOPPED))?.value === 1;
}
