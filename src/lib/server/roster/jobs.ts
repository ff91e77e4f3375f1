/**
 * A roster at the desk, as a row of `roster_import`: uploaded → read (what was understood, questions, what would change) → importing → done.
 * Reading and importing run in a process of their own (decision 7); whoever asks finds all there is to know in the row.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { audit } from '../audit/audit';
import { open, seal } from '../codec';
import type { Transaction } from '../database/database';
import type { Office, SignedIn } from '../office';
import type { Reader } from '../register/read';
import { launchRosterJob } from './launch';
import { MAX_FILE_MEGABYTES } from './read';
import type { RosterRefusal } from './refusal';
import { RosterSummary } from './summary';
import { RosterMapping } from './understand';

/** `reading` and `importing`: a process works on it. `refused`: the file cannot be taken in. `failed`: the process broke off. */
export const JobState = z.enum(['reading', 'read', 'importing', 'done', 'refused', 'failed']);
export type JobState = z.infer<typeof JobState>;
export type JobStep = 'read' | 'import';
export type RosterJob = {
  id: string;
  fileName: string;
  state: JobState;
  /** Doors of the file, while it is imported. */
  done: number;
  total: number;
  by: string;
  at: string;
  mapping: RosterMapping;
  confirmed: string[];
  /** Null until it was read. */
  summary: RosterSummary | null;
  refusal: RosterRefusal | null;
  /** Names what was chosen and understood, as it stands here: whoever decides on it says which one they looked at. */
  reading: string;
};
/** `moved`: the job is at another step by now. `read-anew`: what it holds was read otherwise since; nothing was done. */
export type JobAnswer = 'done' | 'moved' | 'read-anew';
/** What a person chose, as it stands in the row. */
const Choices = z.object({ sheets: RosterMapping, confirmed: z.array(z.string()) });
export type Choices = z.infer<typeof Choices>;
const Refusal = z.custom<RosterRefusal>((value) => typeof value === 'object' && value !== null && 'refused' in value);
const Outcome = z.object({ summary: RosterSummary.nullable(), refusal: Refusal.nullable() });
export type Outcome = z.infer<typeof Outcome>;
export const noChoices: Choices = { sheets: {}, confirmed: [] };
export const noOutcome: Outcome = { summary: null, refusal: null };

export type Launch = (office: Office, communityId: string, importId: string, step: JobStep) => void;

/** Keeps the file and has it read. Answers the job's id, or why the file is not even kept. */
export async function startJob(
  office: Office,
  account: SignedIn,
  fileName: string,
  bytes: Uint8Array,
  launch: Launch = launchRosterJob,
): Promise<{ id: string } | RosterRefusal> {
  if (bytes.length === 0) return { refused: 'empty' };
  if (bytes.length > MAX_FILE_MEGABYTES * 1024 * 1024)
    return { refused: 'file-too-large', megabytes: MAX_FILE_MEGABYTES };
  const id = office.world.uuid();
  await office.database.write(async (tx) => {
    await tx
      .insertInto('roster_import')
      .values({
        community_id: account.communityId,
        id,
        file_name: [...fileName].slice(0, 200).join(''),
        file: seal(Buffer.from(bytes).toString('base64')),
        state: 'reading',
        mapping: seal(JSON.stringify(noChoices)),
        summary: seal(JSON.stringify(noOutcome)),
        done: 0,
        total: 0,
        by_account: account.id,
        at: new Date(office.world.now()).toISOString(),
      })
      .execute();
    await audit(tx, office.world, account, 'roster.upload', { type: 'roster_import', id });
  });
  launch(office, account.communityId, id, 'read');
  return { id };
}

export async function job(db: Reader, communityId: string, id: string): Promise<RosterJob | null> {
  const row = await db
    .selectFrom('roster_import')
    .select(['id', 'file_name', 'state', 'mapping', 'summary', 'done', 'total', 'by_account', 'at'])
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const { sheets, confirmed } = Choices.parse(JSON.parse(open(row.mapping)));
  const { summary, refusal } = Outcome.parse(JSON.parse(open(row.summary)));
  const reading = createHash('sha256').update(JSON.stringify({ sheets, summary, refusal })).digest('base64url');
  return { ...headOf(row), mapping: sheets, confirmed, summary, refusal, reading };
}

export type JobHead = Omit<RosterJob, 'mapping' | 'confirmed' | 'summary' | 'refusal' | 'reading'>;

/** The community's jobs, newest first, without what was understood. */
export async function jobs(db: Reader, communityId: string): Promise<JobHead[]> {
  const rows = await db
    .selectFrom('roster_import')
    .select(['id', 'file_name', 'state', 'done', 'total', 'by_account', 'at'])
    .where('community_id', '=', communityId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  return rows.map(headOf);
}

/**
 * Has the file read anew. `choose`: what a person chose, given the job that they looked at, whose `reading` that is: meanings of an older one are never
 * put back over what somebody else chose since.
 */
export async function changeMapping(
  office: Office,
  account: SignedIn,
  id: string,
  { reading, choose }: { reading: string; choose: (known: RosterJob) => RosterMapping },
  launch: Launch = launchRosterJob,
): Promise<JobAnswer> {
  const answer = await decideOn(office, account, id, { reading, from: ['read', 'refused', 'failed'] }, (_tx, known) =>
    Promise.resolve({
      state: 'reading',
      mapping: sealed({ sheets: RosterMapping.parse(choose(known)), confirmed: [] }),
    }),
  );
  if (answer === 'done') launch(office, account.communityId, id, 'read');
  return answer;
}

/**
 * Starts the import of what a person looked at, whose `reading` that is. `confirmed`: keys of the held changes that are to be made as well; all others
 * of them stay as they are.
 */
export async function confirmJob(
  office: Office,
  account: SignedIn,
  id: string,
  { reading, confirmed }: { reading: string; confirmed: string[] | 'all' },
  launch: Launch = launchRosterJob,
): Promise<JobAnswer> {
  const answer = await decideOn(office, account, id, { reading, from: ['read', 'failed'] }, async (tx, known) => {
    if (!known.summary) return null;
    const asked = known.summary.heldKeys;
    const chosen = confirmed === 'all' ? asked : confirmed.filter((key) => asked.includes(key));
    await audit(tx, office.world, account, 'roster.confirm', { type: 'roster_import', id });
    return { state: 'importing', mapping: sealed({ sheets: known.mapping, confirmed: chosen }), done: 0 };
  });
  if (answer === 'done') launch(office, account.communityId, id, 'import');
  return answer;
}

const sealed = (choices: Choices) => seal(JSON.stringify(choices));

/** `change`: what becomes of the job, which is held meanwhile; null where nothing can. */
function decideOn(
  office: Office,
  { communityId }: SignedIn,
  id: string,
  { reading, from }: { reading: string; from: JobState[] },
  change: (tx: Transaction, known: RosterJob) => Promise<Parameters<typeof moveOn>[4] | null>,
): Promise<JobAnswer> {
  return office.database.write(async (tx) => {
    await tx
      .selectFrom('roster_import')
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .forUpdate()
      .execute();
    const known = await job(tx, communityId, id);
    if (!known || !from.includes(known.state)) return 'moved';
    if (known.reading !== reading) return 'read-anew';
    const changed = await change(tx, known);
    return changed && (await moveOn(tx, communityId, id, from, changed)) ? 'done' : 'moved';
  });
}

/** Throws the file away with what was understood. False while it is being imported. */
export async function dropJob(office: Office, account: SignedIn, id: string): Promise<boolean> {
  return office.database.write(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('roster_import')
      .where('community_id', '=', account.communityId)
      .where('id', '=', id)
      .where('state', '!=', 'importing')
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return false;
    await audit(tx, office.world, account, 'roster.drop', { type: 'roster_import', id });
    return true;
  });
}

/** Takes up again what a process was working on when it ended; what one works on is left to it. Answers how many jobs that were. */
export async function resumeJobs(office: Office, launch: Launch = launchRosterJob): Promise<number> {
  const rows = await office.database.read((db) =>
    db
      .selectFrom('roster_import')
      .select(['community_id', 'id', 'state'])
      .where('state', 'in', ['reading', 'importing'])
      .execute(),
  );
  let resumed = 0;
  for (const row of rows) {
    const giveBack = await claimJob(office, row.id);
    if (!giveBack) continue;
    await giveBack();
    launch(office, row.community_id, row.id, row.state === 'reading' ? 'read' : 'import');
    resumed += 1;
  }
  return resumed;
}

/** Whoever works on a job holds it; null while another process does. */
export function claimJob({ database }: Office, id: string): Promise<(() => Promise<void>) | null> {
  return database.claim(`roster ${id}`);
}

/** Changes the row only from one of the states given: of two clicks the second does nothing. */
export async function moveOn(
  tx: Transaction,
  communityId: string,
  id: string,
  from: JobState[],
  change: Partial<{
    state: JobState;
    mapping: ReturnType<typeof seal>;
    summary: ReturnType<typeof seal>;
    file: ReturnType<typeof seal>;
    done: number;
    total: number;
  }>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('roster_import')
    .set(change)
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

function headOf(row: {
  id: string;
  file_name: string;
  state: string;
  done: number;
  total: number;
  by_account: string;
  at: string;
}): JobHead {
  const { id, done, total, at } = row;
  return { id, fileName: row.file_name, state: JobState.parse(row.state), done, total, by: row.by_account, at };
}
