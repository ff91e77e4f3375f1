/** The two steps of a roster job, as the process of `roster-job` runs them. Each may be run again after it broke off. */
import { dayOf } from '../../domain/calendar';
import { open, seal } from '../codec';
import type { Configuration } from '../configuration';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { openOffice } from '../office';
import { claimJob, job, moveOn, noOutcome, type JobStep, type Outcome, type RosterJob } from './jobs';
import { planImport, type ImportPlan } from './plan';
import { readRoster } from './read';
import { isRefusal, type RosterRefusal } from './refusal';
import { runImport } from './run';
import { summarise } from './summary';
import { understand } from './understand';

/**
 * The program's entry: opens the office of `configuration`, runs one step, closes it. Does nothing where another process is at the job. Throws when it
 * cannot go on.
 */
export async function runRosterJob(
  configuration: Configuration,
  communityId: string,
  importId: string,
  step: JobStep,
): Promise<void> {
  const office = await openOffice(configuration);
  try {
    const giveBack = await claimJob(office, importId);
    if (giveBack) await runStep(office, communityId, importId, step).finally(giveBack);
  } finally {
    await office.database.close();
  }
}

/** As `runRosterJob`, for a process that writes to the server's log: where it cannot go on, it says so there in one line. Answers its exit code. */
export async function rosterJobExit(...job: Parameters<typeof runRosterJob>): Promise<0 | 1> {
  try {
    await runRosterJob(...job);
    return 0;
  } catch (error) {
    log({ event: 'roster-job', step: job[3], ...plainError(error) });
    return 1;
  }
}

/** Does nothing when the job is not at this step any more. */
export async function runStep(office: Office, communityId: string, importId: string, step: JobStep): Promise<void> {
  const known = await office.database.read((db) => job(db, communityId, importId));
  if (known?.state !== stateOf(step)) return;
  const plan = await planOf(office, communityId, known);
  if (isRefusal(plan)) await settle(office, communityId, importId, step, { summary: null, refusal: plan });
  else if (step === 'read') await tellPlan(office, communityId, importId, plan);
  else await importPlan(office, communityId, known, plan);
}

/** A process broke off: a person may try again. */
export async function markFailed(office: Office, communityId: string, importId: string, step: JobStep): Promise<void> {
  await office.database.write((tx) => moveOn(tx, communityId, importId, [stateOf(step)], { state: 'failed' }));
}

const stateOf = (step: JobStep) => (step === 'read' ? 'reading' : 'importing');

async function planOf(
  office: Office,
  communityId: string,
  { id, fileName, mapping }: RosterJob,
): Promise<ImportPlan | RosterRefusal> {
  const { file } = await office.database.read((db) =>
    db
      .selectFrom('roster_import')
      .select('file')
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  );
  const sheets = await readRoster(Buffer.from(open(file), 'base64'), fileName);
  if (isRefusal(sheets)) return sheets;
  const understanding = understand(sheets, dayOf(office.world.now()), mapping);
  if (isRefusal(understanding)) return understanding;
  return office.database.read((db) => planImport(db, communityId, understanding));
}

async function tellPlan(office: Office, communityId: string, importId: string, plan: ImportPlan): Promise<void> {
  const summary = await office.database.read((db) => summarise(db, communityId, plan));
  await settle(office, communityId, importId, 'read', { summary, refusal: null });
}

async function settle(
  office: Office,
  communityId: string,
  importId: string,
  step: JobStep,
  outcome: Outcome,
): Promise<void> {
  const state = outcome.refusal ? 'refused' : 'read';
  const summary = seal(JSON.stringify({ ...noOutcome, ...outcome }));
  await office.database.write((tx) => moveOn(tx, communityId, importId, [stateOf(step)], { state, summary }));
}

async function importPlan(
  office: Office,
  communityId: string,
  { id, by, confirmed }: RosterJob,
  plan: ImportPlan,
): Promise<void> {
  const { database } = office;
  await runImport(office, communityId, plan, { by, confirmed: new Set(confirmed) }, async (done, total) => {
    await database.write((tx) => moveOn(tx, communityId, id, ['importing'], { done, total }));
  });
  // the file has done its work; the questions stay, for whoever answers them
  await database.write((tx) => moveOn(tx, communityId, id, ['importing'], { state: 'done', file: seal('') }));
}
