import { toTimestamp } from '$lib/domain/calendar';
import { madeAt } from '$lib/device/office-clock';
import type { FieldApp } from './field-app.svelte';
import { timeWords } from './words';

/** Less than this off is a clock that is right. */
const MINUTE = 60_000;

/** When own work was made, of the time that was written then: by the office's clock as far as the phone knows it. */
export function madeWords(app: Pick<FieldApp, 'sync' | 'officeDay'>, said: string): string {
  const { lastSyncedAt, clockAhead } = app.sync;
  const last = lastSyncedAt === null ? null : { clock: Date.parse(lastSyncedAt), ahead: clockAhead };
  const made = madeAt(Date.parse(said), last);
  const isWrong = Math.abs(made - Date.parse(said)) >= MINUTE;
  return timeWords(isWrong ? toTimestamp(made) : said, app.officeDay());
}
