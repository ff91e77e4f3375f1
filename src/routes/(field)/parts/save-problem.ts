/** Why a form could not be saved, in words that say what to do; what was typed stands as it was. */
import { StorageFullError, TooLargeError } from '$lib/device/store-errors';
import * as m from '$lib/paraglide/messages';

export function saveProblem(error: unknown): string {
  if (error instanceof StorageFullError) return m.field_save_full();
  if (error instanceof TooLargeError) return m.field_save_too_large();
  return m.field_save_failed();
}
