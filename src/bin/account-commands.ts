/** What the caretaker does with accounts: make one, an old one again, see all with their phones, and shut out who has to be. */
import { type Command, Option } from 'commander';
import type * as z from 'zod';
import * as m from '../lib/paraglide/messages';
import { createAccount, endAccount, listAccounts, resetPassword } from '../lib/server/accounts/accounts';
import { devicesByAccount, revokeDevice } from '../lib/server/accounts/devices';
import { AccountProblem } from '../lib/server/accounts/problem';
import type { Office } from '../lib/server/office';
import { Role } from '../lib/sync/items';
import { answer, locale, told, withOffice } from './caretaker';
import { passwordFromInput } from './password-input';

type AccountFlags = {
  community: string;
  username: string;
  role: z.infer<typeof Role>;
  name?: string;
  grid?: string[];
  id?: string;
  json?: boolean;
};
type Which = { community: string; account: string; json?: boolean };

const said = { locale } as const;

export function addAccountCommands(program: Command): void {
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .requiredOption('--community <id>', 'id of its community')
      .addOption(new Option('--json', 'answer with one line of JSON'));
  const ofOne = (name: string, description: string) =>
    command(name, description).requiredOption('--account <id>', 'id of the account, as list-accounts tells it');

  command(
    'create-account',
    'makes an account; its password is the first line of standard input, or made and printed once',
  )
    .requiredOption('--username <username>', 'what the person signs in with')
    .addOption(new Option('--role <role>', 'what the person does').choices(Role.options).makeOptionMandatory())
    .option('--name <name>', 'the person’s name (else the username)')
    .option('--grid <grid...>', 'id or name of a grid that the person works in')
    .option(
      '--id <id>',
      'make it again under its old id, after a restore that lacks it: its phones give back what they hold',
    )
    .action((flags: AccountFlags) => told(() => makeAccount(flags)));

  command('list-accounts', 'tells the accounts of a community, with their ids, and their phones').action(
    ({ community, json }: { community: string; json?: boolean }) =>
      told(() => withOffice((office) => tellAccounts(office, community, json))),
  );

  ofOne('end-account', 'deactivates an account: nothing more is told to its phones; what it recorded stays').action(
    ({ community, account, json }: Which) =>
      told(() =>
        withOffice(async (office) => {
          await endAccount(office, community, account);
          answer(json, { id: account }, m.admin_account_ended({ id: account }, said));
        }),
      ),
  );

  ofOne(
    'reset-password',
    'gives an account another password (the first line of standard input, or made and printed once); its sessions end',
  ).action(({ community, account, json }: Which) =>
    told(async () => {
      const given = await passwordFromInput();
      await withOffice(async (office) => {
        const { password } = await resetPassword(office, community, account, given);
        const words = m.admin_password_reset({ id: account }, said);
        answer(json, { id: account, ...(password ? { password } : {}) }, words + onceWords(password));
      });
    }),
  );

  ofOne('revoke-phone', 'shuts a phone out: it may hand over what it holds, and nothing else')
    .requiredOption('--phone <id>', 'id of the phone, as list-accounts tells it')
    .action(({ community, account, phone, json }: Which & { phone: string }) =>
      told(() =>
        withOffice(async (office) => {
          await revokeDevice(office, community, account, phone);
          answer(json, { id: account, phone }, m.admin_phone_revoked({ phone }, said));
        }),
      ),
    );
}

async function makeAccount({ community, username, role, name, grid, id, json }: AccountFlags): Promise<void> {
  const password = await passwordFromInput();
  await withOffice(async (office) => {
    const grids = await gridsNamed(office, community, grid ?? []);
    const input = { username, password, name: name ?? username, role, grids };
    const made = await createAccount(office, community, id === undefined ? input : { ...input, id });
    answer(
      json,
      { id: made.id, username, role, ...(made.password ? { password: made.password } : {}) },
      m.admin_account_made({ username, id: made.id }, said) + onceWords(made.password),
    );
  });
}

const onceWords = (password: string | null) =>
  password === null ? '' : `\n${m.admin_password_made({ password }, said)}`;

/** A line each, its phones beneath it: ids, and what a person knows them by. */
async function tellAccounts(office: Office, communityId: string, json: boolean | undefined): Promise<void> {
  const views = await listAccounts(office, communityId);
  const phones = await office.database.read((db) => devicesByAccount(db, communityId));
  const accounts = views.map((view) => ({ ...view, phones: phones.get(view.id) ?? [] }));
  const lines = accounts.flatMap(({ id, username, name, role, grids, endedAt, phones: own }) => [
    [
      id,
      username,
      name,
      role,
      grids.map((grid) => grid.name).join('、'),
      endedAt && m.admin_list_ended({ at: endedAt }, said),
    ]
      .filter(Boolean)
      .join('  '),
    ...own.map(({ id: phone, lastHeardAt, revokedAt }) =>
      ['   ', phone, lastHeardAt, revokedAt && m.admin_list_revoked({ at: revokedAt }, said)]
        .filter(Boolean)
        .join('  '),
    ),
  ]);
  answer(json, { accounts }, lines.join('\n'));
}

/** Grids by id or by name: an import made them, and its people know them by name. */
async function gridsNamed(office: Office, communityId: string, wanted: string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const known = await office.database.read((db) =>
    db.selectFrom('grid').select(['id', 'name']).where('community_id', '=', communityId).execute(),
  );
  return wanted.map((text) => {
    const found = known.find((grid) => grid.id === text || grid.name === text);
    if (!found) throw new AccountProblem('grid-unknown');
    return found.id;
  });
}
