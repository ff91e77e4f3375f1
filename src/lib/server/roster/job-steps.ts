/** The two steps of a roster job, as the process of `roster-job` runs them. Each may be run again after it broke off. */
import { dayOf } from '../../domain/calendar';
import { open, seal } from '../codec';
import type { Configuration } from '../configuration';
import { lockCommunity } from '../database/locks';
import type { Transaction } from '../database/database';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { openOffice } from '../office';
import type { Reader } from '../register/read';
import { claimJob, job, moveOn, noOutcome, type JobStep, type Outcome, type RosterJob } from './jobs';
import { planImport, type ImportPlan } from './plan';
import { readRoster } from './read';
import { isRefusal, type RosterRefusal } from './refusal';
import { runImport } from './run';
import { summarise, withQuestions } from './summary';
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
  const erasures = erasuresFrom(office.world.now() - day, communityId);
  for (;;) {
    const { known, erased } = await office.database.read(async (db) => ({
      known: await job(db, communityId, importId),
      erased: await erasures(db),
    }));
    if (known?.state !== stateOf(step)) return;
    const plan = await planOf(office, communityId, known);
    const isStill = async (tx: Transaction) => (await erasures(tx)) === erased;
    if (step === 'import' && !isRefusal(plan)) return importPlan(office, communityId, known, plan, isStill);
    const outcome = isRefusal(plan) ? { summary: null, refusal: plan } : await outcomeOf(office, communityId, plan);
    if (await settle(office, communityId, importId, step, outcome, isStill)) return;
  }
}

const day = 24 * 3600 * 1000;

/** Counts who was erased in the community since a time (ms since 1970): well before it is asked, as clocks of processes differ. */
function erasuresFrom(time: number, communityId: string): (db: Reader) => Promise<number> {
  const at = new Date(time).toISOString();
  return async (db) => {
    const { count } = await db
      .selectFrom('audit')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('community_id', '=', communityId)
      .where('at', '>=', at)
      .where('action', '=', 'register.erase')
      .executeTakeFirstOrThrow();
    return Number(count);
  };
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

async function outcomeOf(office: Office, communityId: string, plan: ImportPlan): Promise<Outcome> {
  const summary = await office.database.read((db) => summarise(db, communityId, plan));
  return { summary, refusal: null };
}

/** Nothing is written where somebody was erased since it was read, whom it may name (REC-11): false, and it is to be read once more. */
async function settle(
  office: Office,
  communityId: string,
  importId: string,
  step: JobStep,
  outcome: Outcome,
  isStill: (tx: Transaction) => Promise<boolean>,
): Promise<boolean> {
  const state = outcome.refusal ? 'refused' : 'read';
  const summary = seal(JSON.stringify({ ...noOutcome, ...outcome }));
  return office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    if (!(await isStill(tx))) return false;
    await moveOn(tx, communityId, importId, [stateOf(step)], { state, summary });
    return true;
  });
}

async function importPlan(
  office: Office,
  communityId: string,
  { id, by, confirmed, summary: shown }: RosterJob,
  plan: ImportPlan,
  isStill: (tx: Transaction) => Promise<boolean>,
): Promise<void> {
  const { database } = office;
  const open = await runImport(
    office,
    communityId,
    plan,
    { by, confirmed: new Set(confirmed), asked: new Set(shown?.heldKeys) },
    async (done, total) => {
      await database.write((tx) => moveOn(tx, communityId, id, ['importing'], { done, total }));
    },
  );
  // the file has done its work; the questions stay, for whoever answers them
  await database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const summary = (await job(tx, communityId, id))?.summary;
    // who was erased since it was read may be named in what is asked (REC-11)
    const told = summary && open.length > 0 && (await isStill(tx)) ? withQuestions(summary, open) : summary;
    const outcome = told && { summary: seal(JSON.stringify({ ...noOutcome, summary: told })) };
    await moveOn(tx, communityId, id, ['importing'], { state: 'done', file: seal(''), ...outcome });
  });
}
