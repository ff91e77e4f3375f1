/** `npm run admin -- import-roster FILE --community ID [--dry-run] [--json]`: the desk's import from a terminal. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as m from '$lib/paraglide/messages';
import { dayOf } from '../../domain/calendar';
import type { Locale } from '../../domain/codes/codes';
import type { Office } from '../office';
import { planImport, type ImportPlan } from './plan';
import { questionText } from './questions';
import { readRoster } from './read';
import { isRefusal, refusalText, type RosterRefusal } from './refusal';
import { rosterReport, type RosterReport } from './report';
import { runImport } from './run';
import { understand, type RosterUnderstanding } from './understand';

export type ImportRosterOptions = {
  file: string;
  communityId: string;
  dryRun?: boolean | undefined;
  json?: boolean | undefined;
  /** Makes changes of values that were verified since as well; without it they are only named. */
  confirmAll?: boolean | undefined;
  locale?: Locale | undefined;
};

/** Whose import it is in the history: nobody signed in. */
export const COMMAND_LINE = 'command-line';

/**
 * Reads and imports one file. `out` gets what goes to standard output: with `json` the report alone, in one call, else words.
 * Answers the report, or the words of a refusal (exit 1); then nothing was changed.
 */
export async function importRosterCommand(
  { file, communityId, dryRun, json, confirmAll, locale = 'zh-CN' }: ImportRosterOptions,
  office: Office,
  out: (text: string) => void,
): Promise<RosterReport | { refused: string }> {
  const said = { locale };
  const community = await office.database.read((db) =>
    db.selectFrom('community').select('community_id').where('community_id', '=', communityId).executeTakeFirst(),
  );
  if (!community) return { refused: m.roster_command_no_community({ id: communityId }, said) };
  const understanding = await understandFile(file, dayOf(office.world.now()));
  if (!understanding) return { refused: m.roster_command_no_file({ file }, said) };
  if (isRefusal(understanding)) return { refused: refusalText(understanding, locale) };
  const plan = await office.database.read((db) => planImport(db, communityId, understanding));
  const confirmed = new Set(confirmAll ? plan.changes.map(({ key }) => key) : []);
  const open = dryRun ? [] : await runImport(office, communityId, plan, { by: COMMAND_LINE, confirmed });
  const waiting = confirmAll ? open : [...plan.waiting, ...open];
  const report = rosterReport(plan.understanding, waiting);
  out(json ? JSON.stringify(report) : inWords({ ...plan, waiting }, report, locale, dryRun ?? false));
  return report;
}

/** Null when the file cannot be opened. Bytes and sheets end here: nothing holds them through the import. */
async function understandFile(file: string, today: string): Promise<RosterUnderstanding | RosterRefusal | null> {
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) return null;
  const sheets = await readRoster(bytes, path.basename(file));
  return isRefusal(sheets) ? sheets : understand(sheets, today);
}

function inWords(plan: ImportPlan, report: RosterReport, locale: Locale, dryRun: boolean): string {
  const said = { locale };
  const { sheets, roster } = plan.understanding;
  const held = plan.changes.filter((change) => change.held).length;
  const lines = [
    ...sheets.map(({ name, left, rows, hiddenRows }) => {
      if (left !== null) return m.roster_command_sheet_left({ sheet: name }, said);
      const hidden = hiddenRows > 0 ? m.roster_command_hidden({ count: hiddenRows }, said) : '';
      return m.roster_command_sheet_read({ sheet: name, rows }, said) + hidden;
    }),
    m.roster_command_figures({ ...figuresOf(report) }, said),
    m.roster_command_added({ ...plan.added }, said),
    m.roster_command_changes({ changed: plan.changes.length - held, held }, said),
    ...[...roster.questions, ...plan.waiting].map((question) => {
      const { sheet, row, column, value } = question;
      return m.roster_command_question({ sheet, row, column, value, message: questionText(question, locale) }, said);
    }),
    dryRun ? m.roster_command_dry_run({}, said) : m.roster_command_done({}, said),
  ];
  return lines.join('\n');
}

function figuresOf({ dwellings, vacantDwellings, households, residents, grids, buildings }: RosterReport) {
  return { dwellings, vacantDwellings, households, residents, grids, buildings };
}
