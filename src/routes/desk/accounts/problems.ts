/** Why something about an account or a grid was not done, in words. */
import * as m from '$lib/paraglide/messages';
import { wordOf } from '../words';

export function problemOf({
  problem,
  params = {},
}: {
  problem: string;
  params?: Record<string, string | number>;
}): string {
  const code = problem.replaceAll('-', '_');
  return (
    wordOf(`account_problem_${code}`, params) ??
    wordOf(`desk_account_problem_${code}`, params) ??
    m.desk_account_problem_other()
  );
}
