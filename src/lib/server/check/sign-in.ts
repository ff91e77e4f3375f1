/** Whether everybody who has an account can sign in as it, and nobody else can: the sign-in library's rows beside our own. */
import { sql } from 'kysely';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import { type Finding, page } from './finding';

const most = 100;

/** What `passwords.ts` makes: a PHC string of Argon2id with 16 bytes of salt and 32 of hash, or more of either. */
const checkable = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43,}$/;

/** Answers how many accounts and sign-in rows were looked at. Those of accounts that ended are kept, too. */
export async function checkSignIn(db: ReadSnapshot, found: (finding: Finding) => void): Promise<number> {
  const say = (communityId: string, subject: string, what: string) =>
    found({ check: 'accounts', communityId, subject, what });

  const nameless = await db
    .selectFrom('account')
    .leftJoin('sign_in_user', 'sign_in_user.id', 'account.id')
    .select(['account.community_id', 'account.id', 'sign_in_user.id as user'])
    .where((eb) =>
      eb.or([
        eb('sign_in_user.id', 'is', null),
        eb('sign_in_user.username', 'is', null),
        eb('sign_in_user.username', '<>', eb.ref('account.username')),
        eb('sign_in_user.name', '<>', eb.ref('account.name')),
      ]),
    )
    .limit(most)
    .execute();
  for (const { community_id, id, user } of nameless)
    say(community_id, `account ${id}`, user === null ? 'nobody can sign in as it' : 'signs in under another name');

  for await (const { community_id, id, passwords } of passwordsOfAll(db)) {
    if (passwords.length > 1) say(community_id, `account ${id}`, 'has more than one password');
    if (!passwords.some((password) => checkable.test(password)))
      say(community_id, `account ${id}`, 'has no password that can be checked');
  }

  const working = await db
    .selectFrom('account')
    .innerJoin('account_grid', (join) =>
      join
        .onRef('account_grid.community_id', '=', 'account.community_id')
        .onRef('account_grid.account_id', '=', 'account.id'),
    )
    .select(['account.community_id', 'account.id', 'account_grid.grid_id'])
    .where('account.ended_at', 'is not', null)
    .where('account_grid.until_at', 'is', null)
    .limit(most)
    .execute();
  for (const { community_id, id, grid_id } of working)
    say(community_id, `account ${id}`, `has ended, and has grid ${grid_id} still`);

  const twice = await db
    .selectFrom('account')
    .innerJoin('account as other', 'other.id', 'account.id')
    .select(['account.community_id', 'account.id'])
    .whereRef('other.community_id', '<>', 'account.community_id')
    .limit(most)
    .execute();
  for (const { community_id, id } of twice) say(community_id, `account ${id}`, 'is an account of two communities');

  const { rows: double } = await sql<{ community_id: string; account_id: string; grid_id: string }>`
    SELECT community_id, account_id, grid_id FROM account_grid WHERE until_at IS NULL
    GROUP BY community_id, account_id, grid_id HAVING count(*) > 1 LIMIT ${sql.lit(most)}`.execute(db);
  for (const { community_id, account_id, grid_id } of double)
    say(community_id, `account ${account_id}`, `has grid ${grid_id} twice at once`);

  const strangers = await db
    .selectFrom('sign_in_user')
    .leftJoin('account', 'account.id', 'sign_in_user.id')
    .select('sign_in_user.id')
    .where('account.id', 'is', null)
    .limit(most)
    .execute();
  for (const { id } of strangers) say('', `sign_in_user ${id}`, 'is of no account');

  for (const table of ['sign_in_session', 'sign_in_credential'] as const) {
    const rows = await db
      .selectFrom(table)
      .leftJoin('sign_in_user', 'sign_in_user.id', `${table}.userId`)
      .select(`${table}.id`)
      .where('sign_in_user.id', 'is', null)
      .limit(most)
      .execute();
    for (const { id } of rows) say('', `${table} ${id}`, 'names nobody');
  }
  return counted(db);
}

type WithPasswords = { community_id: string; id: string; passwords: string[] };

async function* passwordsOfAll(db: ReadSnapshot): AsyncGenerator<WithPasswords> {
  const pages = inPages<{ community_id: string; id: string }>(page, (last) =>
    db
      .selectFrom('account')
      .select(['community_id', 'id'])
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const accounts of pages) {
    const rows = await db
      .selectFrom('sign_in_credential')
      .select(['userId', 'password'])
      .whereRef('accountId', '=', 'userId')
      .where('providerId', '=', 'credential')
      .where(
        'userId',
        'in',
        accounts.map(({ id }) => id),
      )
      .execute();
    const held = Map.groupBy(rows, ({ userId }) => userId);
    for (const account of accounts)
      yield { ...account, passwords: (held.get(account.id) ?? []).map(({ password }) => password ?? '') };
  }
}

async function counted(db: ReadSnapshot): Promise<number> {
  let rows = 0;
  for (const table of ['account', 'sign_in_user', 'sign_in_session', 'sign_in_credential'] as const) {
    const { count } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    rows += Number(count);
  }
  return rows;
}
