/** Why a rescue file was not opened or not taken in: what it is, and what to do. */
import * as m from '$lib/paraglide/messages';
import type { RescueRefusal } from '$lib/server/rescue/read';

const words: Record<RescueRefusal['refused'], (inputs: { id: string }) => string> = {
  empty: m.desk_rescue_no_empty,
  'not-ours': m.desk_rescue_no_not_ours,
  newer: m.desk_rescue_no_newer,
  'other-community': m.desk_rescue_no_other_community,
  'unknown-key': m.desk_rescue_no_unknown_key,
  damaged: m.desk_rescue_no_damaged,
  'account-unknown': m.desk_rescue_no_account_unknown,
  'account-ended': m.desk_rescue_no_account_ended,
};

/** `id`: of the account that the file says it is of, where it could be read. */
export function refusalWord(refused: RescueRefusal['refused'], id: string): string {
  return words[refused]({ id });
}
