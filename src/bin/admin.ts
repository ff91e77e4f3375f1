/** The caretaker's program: communities, accounts and rosters from a terminal, on whatever DATA_DIR holds, an empty one included. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import * as z from 'zod';
import * as m from '../lib/paraglide/messages';
import { createCommunity } from '../lib/server/accounts/communities';
import { readConfiguration } from '../lib/server/configuration';
import { eraseResident } from '../lib/server/register/erase';
import { wholeDwelling } from '../lib/server/register/read';
import { importRosterCommand } from '../lib/server/roster/command';
import { rosterJobExit } from '../lib/server/roster/job-steps';
import { addAccountCommands } from './account-commands';
import { answer, locale, Refusal, told, withOffice } from './caretaker';
import { addDataCommands } from './data-commands';
import { publishFormFile } from './publish-form-file';

z.config({ jitless: true });
// What is written is read by this account alone: the database, a backup, its locks.
process.umask(0o077);

const program = new Command('npm run admin --')
  .description('敲门 Qiaomen: what the office’s caretaker does. DATA_DIR says where the data is (default ./data).')
  .showHelpAfterError()
  .enablePositionalOptions();

const json = () => new Option('--json', 'answer with one line of JSON');

program
  .command('create-community')
  .description('makes a community')
  .requiredOption('--name <name>', 'its name, e.g. 东街社区')
  .addOption(json())
  .action((flags: { name: string; json?: boolean }) =>
    told(() =>
      withOffice(async (office) => {
        const made = await createCommunity(office, flags.name);
        answer(flags.json, made, m.admin_community_made({ ...made }, { locale }));
      }),
    ),
  );

addAccountCommands(program);

type RosterFlags = { community: string; dryRun?: boolean; confirmAll?: boolean; json?: boolean };

program
  .command('import-roster')
  .description('takes a spreadsheet (.xlsx, .csv) into the register')
  .argument('<file>', 'the spreadsheet')
  .requiredOption('--community <id>', 'id of the community')
  .option('--dry-run', 'read it and say what it holds; change nothing')
  .option('--confirm-all', 'make changes of values that were verified since as well')
  .addOption(json())
  .action((file: string, flags: RosterFlags) =>
    told(() =>
      withOffice(async (office) => {
        const { community: communityId, dryRun, confirmAll, json: asJson } = flags;
        const options = { file: fromWhereCalled(file), communityId, dryRun, confirmAll, json: asJson, locale };
        const report = await importRosterCommand(options, office, (text) => process.stdout.write(`${text}\n`));
        if ('refused' in report) throw new Refusal(report.refused);
      }),
    ),
  );

program
  .command('publish-form')
  .description('publishes a new version of a form, a JSON file; it is taken beside the versions before it')
  .argument('<file>', 'the definition')
  .requiredOption('--community <id>', 'id of the community')
  .addOption(json())
  .action((file: string, flags: { community: string; json?: boolean }) =>
    told(() =>
      withOffice(async (office) => {
        const published = await publishFormFile(office, flags.community, fromWhereCalled(file));
        answer(flags.json, published, m.admin_form_published({ ...published }, { locale }));
      }),
    ),
  );

program
  .command('list-residents')
  .description('tells who is registered at a door, with their ids: what erase-resident asks for')
  .requiredOption('--community <id>', 'id of the community')
  .requiredOption('--dwelling <id>', 'id of the dwelling: the end of its address at the desk')
  .addOption(json())
  .action((flags: { community: string; dwelling: string; json?: boolean }) =>
    told(() =>
      withOffice(async (office) => {
        const door = await office.database.read((db) => wholeDwelling(db, flags.community, flags.dwelling));
        if (!door) throw new Refusal(m.admin_no_such_door({ id: flags.dwelling }, { locale }));
        const residents = door.households
          .flatMap((household) => household.residents)
          .map(({ id, name, birthDate }) => ({ id, name, birthDate }));
        const lines = residents.map(({ id, name, birthDate }) => `${id}  ${name}  ${birthDate}`);
        answer(flags.json, { residents }, lines.join('\n'));
      }),
    ),
  );

program
  .command('erase-resident')
  .description('erases a person: what the register and its records say of them, for good; phones are told')
  .requiredOption('--community <id>', 'id of the community')
  .requiredOption('--resident <id>', 'id of the resident, as the register has it')
  .addOption(json())
  .action((flags: { community: string; resident: string; json?: boolean }) =>
    told(() =>
      withOffice(async (office) => {
        const erased = await eraseResident(office, flags.community, flags.resident);
        if (!erased) throw new Refusal(m.admin_erase_unknown({ id: flags.resident }, { locale }));
        const files = erased.filesLeft > 0 ? `\n${m.admin_erased_files({ n: erased.filesLeft }, { locale })}` : '';
        const left =
          erased.left.length > 0 ? `\n${m.admin_erased_left({ rows: erased.left.join(', ') }, { locale })}` : '';
        const words = m.admin_erased({ ...erased }, { locale }) + files + left;
        answer(flags.json, { resident: flags.resident, ...erased }, words);
        if (erased.left.length > 0) process.exitCode = 1;
      }),
    ),
  );

/** npm starts programs at the top of the project; a path that is typed counts from where it is typed. */
function fromWhereCalled(file: string): string {
  const typed = path.resolve(process.env.INIT_CWD ?? '.', file);
  return existsSync(typed) ? typed : path.resolve(file);
}

type JobFlags = { community: string; import: string; step: 'read' | 'import' };

program
  .command('roster-job', { hidden: true })
  .description('one step of a roster that was uploaded at the desk; the server starts it')
  .requiredOption('--community <id>')
  .requiredOption('--import <id>')
  .addOption(new Option('--step <step>').choices(['read', 'import']).makeOptionMandatory())
  .action((flags: JobFlags) =>
    told(async () => {
      const configuration = readConfiguration(process.env);
      process.exitCode = await rosterJobExit(configuration, flags.community, flags.import, flags.step);
    }),
  );

addDataCommands(program);

await program.parseAsync();
