/** What the commands share: the office on DATA_DIR, answers as JSON or in words, refusals in words. */
import type { Locale } from '../lib/domain/codes/codes';
import * as m from '../lib/paraglide/messages';
import { AccountProblem } from '../lib/server/accounts/problem';
import { databaseWords } from './database-words';
import { ConfigurationError, readConfiguration } from '../lib/server/configuration';
import { DatabaseUnavailableError, type Older } from '../lib/server/database/open';
import { type Office, openOffice } from '../lib/server/office';
import { makeWorld } from '../lib/server/world';

/** The caretaker's language: English where the terminal says so, else Chinese. */
export const locale: Locale = /^en/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')
  ? 'en'
  : 'zh-CN';

/** Refused in words: printed as they are, exit 1. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/**
 * Runs `work` on the office, whose tables are made where there are none, and closes it however that ends. Those of an earlier version are the start's to
 * bring up to date: a backup is to be made by the version that they are of, and an old one that runs would not start again.
 */
export async function withOffice<T>(work: (office: Office) => Promise<T>, older: Older = 'refuse'): Promise<T> {
  const configuration = readConfiguration(process.env);
  const opened = openOffice(configuration, makeWorld({ demoNow: configuration.demoNow }), older);
  const office = await opened.catch(refuseFor(configuration.database));
  try {
    return await work(office);
  } finally {
    await office.database.close();
  }
}

/** Throws on what the database at `place` has failed with: a Refusal in words where there are some. */
export function refuseFor(place: string): (error: unknown) => never {
  return (error) => {
    const words = databaseWords(error, place, locale);
    throw words === null ? error : new Refusal(words);
  };
}

/** Runs a command: exit 0 when it was done, 1 when it was refused, with the words on standard error. */
export async function told(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const words = inWords(error);
    if (words === null) throw error;
    process.stderr.write(`${words}\n`);
    process.exitCode = 1;
  }
}

/** With `--json` one line of JSON alone, else the words. */
export function answer(json: boolean | undefined, value: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : words}\n`);
}

function inWords(error: unknown): string | null {
  if (error instanceof AccountProblem) return accountWords(error);
  if (error instanceof Refusal || error instanceof ConfigurationError) return error.message;
  if (error instanceof DatabaseUnavailableError) return m.admin_database({ code: error.code }, { locale });
  return null;
}

function accountWords({ code, params }: AccountProblem): string {
  const said = { locale } as const;
  switch (code) {
    case 'community-name':
      return m.account_problem_community_name({}, said);
    case 'community-unknown':
      return m.account_problem_community_unknown({}, said);
    case 'id':
      return m.account_problem_id({}, said);
    case 'id-taken':
      return m.account_problem_id_taken({ id: String(params.id ?? '') }, said);
    case 'username':
      return m.account_problem_username({}, said);
    case 'username-taken':
      return m.account_problem_username_taken({ username: String(params.username ?? '') }, said);
    case 'password':
      return m.account_problem_password({}, said);
    case 'name':
      return m.account_problem_name({}, said);
    case 'role':
      return m.account_problem_role({}, said);
    case 'grid-unknown':
      return m.account_problem_grid_unknown({}, said);
    case 'grids-changed':
      return m.account_problem_grids_changed({}, said);
    case 'unknown':
      return m.account_problem_unknown({}, said);
    case 'ended':
      return m.account_problem_ended({}, said);
    case 'not-allowed':
      return m.account_problem_not_allowed({}, said);
    case 'own':
      return m.account_problem_own({}, said);
    case 'last-administrator':
      return m.account_problem_last_administrator({}, said);
    case 'device-unknown':
      return m.account_problem_device_unknown({}, said);
  }
}
