/** What the caretaker does with all of the data at once: back it up, put it back, check it, move it to PostgreSQL. */
import path from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import * as m from '../lib/paraglide/messages';
import { type BackupCode, BackupProblem } from '../lib/server/backup/backup-problem';
import { linesOf } from '../lib/server/backup/lines';
import { linesOfFile, restoreLines, type Restored } from '../lib/server/backup/restore-backup';
import { writeBackup } from '../lib/server/backup/write-backup';
import { checkOffice } from '../lib/server/check/check-office';
import { readConfiguration } from '../lib/server/configuration';
import { DatabaseUnavailableError, openDatabase, StrangerError } from '../lib/server/database/open';
import { isPostgres } from '../lib/server/database/place';
import { plainError } from '../lib/server/log';
import type { Office } from '../lib/server/office';
import { answer, locale, refuseFor, Refusal, told, withOffice } from './caretaker';

type Flags = { json?: boolean };
const json = () => new Option('--json', 'answer with one line of JSON');

export function addDataCommands(program: Command): void {
  program
    .command('backup')
    .description('writes all that the office holds at this moment into one file, while it runs')
    .argument('<file>', 'the file to make, e.g. office.backup')
    .addOption(json())
    .action((file: string, flags: Flags) =>
      told(() =>
        withOffice(async (office) => {
          await expectAnOffice(office);
          const written = await inWords(() => writeBackup(office, __QIAOMEN_BUILD__, typedPath(file)));
          const { bytes, removed } = written;
          const lines = [
            ...(removed.length > 0 ? [m.admin_backup_removed({ files: removed.join(', ') }, { locale })] : []),
            m.admin_backup_written({ file: written.file, size: megabytes(bytes) }, { locale }),
          ];
          answer(flags.json, written, lines.join('\n'));
        }),
      ),
    );

  program
    .command('restore')
    .description('puts a backup back; phones give back what it lacks. Stop the office first')
    .argument('<file>', 'what backup made')
    .option('--replace', 'remove what the database holds now')
    .addOption(json())
    .action((file: string, flags: Flags & { replace?: boolean }) =>
      told(() =>
        withOffice(async ({ database, world }) => {
          const restored = await inWords(() =>
            restoreLines(database, world, linesOfFile(typedPath(file)), { replace: flags.replace ?? false }),
          );
          const into = placeWords();
          const accounts = accountWords(restored);
          answer(flags.json, { ...restored, into, accounts }, `${restoredWords(restored)}\n${into}\n\n${accounts}`);
        }, 'update'),
      ),
    );

  program
    .command('check')
    .description('looks whether every feed, receipt, history and reference is whole; changes nothing')
    .addOption(json())
    .action((flags: Flags) =>
      told(() =>
        withOffice(async (office) => {
          await expectAnOffice(office);
          const checked = await withoutItsWords(() => checkOffice(office));
          const { counts, findings, renewing } = checked;
          const lines = findings.map(({ check, subject, what }) => `${check}: ${subject} – ${what}`);
          const looked = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
          const end =
            findings.length === 0
              ? m.admin_check_whole({}, { locale })
              : m.admin_check_broken({ count: findings.length }, { locale });
          const anew = renewing.length === 0 ? [] : [m.admin_check_renewing({}, { locale })];
          answer(flags.json, checked, [...lines, looked.join(', '), ...anew, end].join('\n'));
          if (findings.length > 0) process.exitCode = 1;
        }),
      ),
    );

  program
    .command('move-to-postgres')
    .description('copies the office from SQLite in DATA_DIR into an empty PostgreSQL database. Stop the office first')
    .argument('<url>', 'postgres://…')
    .addOption(json())
    .action((url: string, flags: Flags) =>
      told(() =>
        withOffice(async (office) => {
          await expectAnOffice(office);
          const moved = await inWords(() => move(office, url), { 'not-empty': m.admin_move_not_empty });
          answer(flags.json, moved, m.admin_moved({ communities: moved.communities, rows: moved.rows }, { locale }));
        }),
      ),
    );
}

async function move({ database, world }: Office, url: string): Promise<Restored> {
  if (database.engine !== 'sqlite') throw new BackupProblem('not-sqlite');
  if (!isPostgres(url)) throw new BackupProblem('not-postgres');
  const place = readConfiguration({ ...process.env, DATABASE_URL: url }).database;
  const target = await openDatabase(place, world).catch(refuseFor(place));
  try {
    return await database.read((db) => {
      const about = { madeAt: new Date(world.now()).toISOString(), app: __QIAOMEN_BUILD__ };
      return restoreLines(target, world, singleLines(linesOf(db, database.engine, about)), { replace: false });
    });
  } catch (error) {
    if (error instanceof StrangerError) refuseFor(place)(error);
    throw error;
  } finally {
    await target.close();
  }
}

/** A caretaker who forgot DATA_DIR is told so, and has not backed up or checked an empty folder. */
async function expectAnOffice({ database }: Office): Promise<void> {
  const one = await database.read((db) => db.selectFrom('community').select('community_id').executeTakeFirst());
  if (!one) throw new Refusal(m.admin_no_office({ place: placeWords() }, { locale }));
}

/** Where the data is that a command works on, without a password. */
function placeWords(): string {
  const { database } = readConfiguration(process.env);
  return isPostgres(database) ? `DATABASE_URL (${new URL(database).host})` : database;
}

/** Lines of pieces that hold several. */
async function* singleLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) yield* piece.split('\n').filter((line) => line !== '');
}

/** What fails over damaged data may quote it; a caretaker's terminal shows nothing of it, and where it failed instead. */
async function withoutItsWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    throw new Refusal(m.admin_check_failed({ ...plainError(error) }, { locale }));
  }
}

async function inWords<T>(run: () => Promise<T>, own: Partial<typeof words> = {}): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BackupProblem) throw new Refusal((own[error.code] ?? words[error.code])({}, { locale }));
    if (error instanceof StrangerError) refuseFor(readConfiguration(process.env).database)(error);
    const said = z.object({ syscall: z.string(), code: z.string(), path: z.string().optional() }).safeParse(error);
    if (said.success) throw new Refusal(m.admin_file({ code: said.data.code, path: said.data.path ?? '' }, { locale }));
    throw error;
  }
}

const words: Record<BackupCode, (inputs: object, options: { locale: typeof locale }) => string> = {
  'no-file': m.admin_backup_no_file,
  'not-a-file': m.admin_backup_not_a_file,
  'no-backup': m.admin_backup_no_backup,
  damaged: m.admin_backup_damaged,
  newer: m.admin_backup_newer,
  unfitting: m.admin_backup_unfitting,
  'not-empty': m.admin_backup_not_empty,
  'not-sqlite': m.admin_move_not_sqlite,
  'not-postgres': m.admin_move_not_postgres,
};

function restoredWords({ communities, rows, madeAt }: Restored): string {
  return m.admin_restored({ communities, rows, madeAt: madeAt.slice(0, 16).replace('T', ' ') }, { locale });
}

/** What a restore cannot mend by itself: who may sign in is as it was when the backup was made. */
function accountWords({ accountsGone }: Restored): string {
  const again = accountsGone.map(
    ({ community_id, id, username, role }) =>
      `npm run admin -- create-account --community ${community_id} --username ${username} --role ${role} --id ${id}`,
  );
  const gone = again.length > 0 ? [m.admin_restored_gone({}, { locale }), ...again] : [];
  return [m.admin_restored_accounts({}, { locale }), ...gone].join('\n');
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

/** npm starts programs at the top of the project; a path that is typed counts from where it is typed. */
function typedPath(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? '.', file);
}
