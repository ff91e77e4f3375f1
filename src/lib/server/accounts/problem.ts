/** What an account cannot be given or have done to it: a code, which screens and the command line turn into words. */

export type AccountProblemCode =
  | 'community-name'
  | 'community-unknown'
  | 'id'
  | 'id-taken'
  | 'username'
  | 'username-taken'
  | 'password'
  | 'name'
  | 'role'
  | 'grid-unknown'
  | 'grids-changed'
  | 'unknown'
  | 'ended'
  | 'device-unknown'
  | 'not-allowed'
  | 'own'
  | 'last-administrator';

/** Refused, nothing changed. Words: `account_problem_<code>` of the catalogue, dashes as underscores. */
export class AccountProblem extends Error {
  override name = 'AccountProblem';
  constructor(
    readonly code: AccountProblemCode,
    readonly params: Record<string, string | number> = {},
  ) {
    super(`account: ${code}`);
  }
}
