/**
 * Which tables are the office's own. Another program may have some in the same database: they are in no backup, and nothing of ours removes them.
 */
import type { Tables } from './tables';

/** Whatever a migration ever made; a name stays here when a later one removes the table, for backups that have it. */
const own: Record<keyof Tables, true> = {
  office_setting: true,
  sign_in_user: true,
  sign_in_session: true,
  sign_in_credential: true,
  sign_in_verification: true,
  sign_in_failure: true,
  community: true,
  rescue_key: true,
  number_key: true,
  account: true,
  account_grid: true,
  account_recipient: true,
  device: true,
  grid: true,
  building: true,
  dwelling: true,
  household: true,
  resident: true,
  alias: true,
  register_change: true,
  submission: true,
  revision: true,
  proposal: true,
  decision: true,
  decision_effect: true,
  round: true,
  door_state: true,
  care_plan: true,
  feed: true,
  feed_item: true,
  feed_past: true,
  afterwork: true,
  form_version: true,
  roster_import: true,
  bulk_sample: true,
  audit: true,
};

export const ownTables = Object.keys(own).filter(isOwnTable);

export function isOwnTable(name: string): name is keyof Tables {
  return Object.hasOwn(own, name);
}
