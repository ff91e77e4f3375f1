/** Who changes somebody's account or phone, whether they may, and the audit line of it. */
import type { Transaction } from '../database/open';
import type { AccountTable } from '../database/tables';
import type { Office, SignedIn } from '../office';
import { mayManage } from '../rights';
import { AccountProblem } from './problem';

/** Who does it: an account at the desk, or null for whoever runs the office from its terminal. */
export type Actor = SignedIn | null;

/** The account, for somebody who may change it. Throws an AccountProblem: `unknown`, `not-allowed`. */
export async function managedAccount(
  tx: Transaction,
  communityId: string,
  accountId: string,
  by: Actor,
): Promise<AccountTable> {
  const row = await tx
    .selectFrom('account')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (!row || (by && by.communityId !== communityId)) throw new AccountProblem('unknown');
  if (by && !mayManage(by.role, row.role)) throw new AccountProblem('not-allowed');
  return row;
}

export async function noteDone(
  office: Office,
  tx: Transaction,
  communityId: string,
  subject: { type: 'account' | 'device'; id: string },
  action: string,
  by: Actor,
): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      community_id: communityId,
      id: office.world.uuid(),
      at: new Date(office.world.now()).toISOString(),
      account_id: by?.id ?? '',
      action,
      subject_type: subject.type,
      subject_id: subject.id,
    })
    .execute();
}
