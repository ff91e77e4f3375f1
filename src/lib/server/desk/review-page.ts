/** The review screen's reading: the queue as the address asks for it, the submission that is open, what was just decided. */
import type { Locale } from '../../domain/codes/codes';
import { asRecord } from '../../domain/json';
import type { FormDefinition } from '../../forms/definition';
import type { ReviewState } from '../../sync/items';
import type { Office, SignedIn } from '../office';
import { isUnreadable, logLeftOut } from '../readable';
import type { Reader } from '../register/read';
import { bulkOf, markOpened } from '../review/bulk';
import type { DecisionKind } from '../review/decision';
import { openSubmission } from '../review/open';
import { undoable } from '../review/standing';
import type { ChoiceSaid } from '../review/weigh';
import { besideView, type BesideView } from './beside';
import { queue, queueRow, type QueueFilter, type QueueRow, type Show } from '../review/queue';
import { caseView, type CaseView } from './case-view';
import { gridNames } from './grids';
import { titleOf } from './titles';
import { unmaskedNames } from './unmasked-names';

/** What the address says; every part may be missing. */
export type ReviewAsked = {
  show?: Show;
  grid?: string;
  worker?: string;
  kind?: string;
  page?: number;
  id?: string;
  whole?: boolean;
  done?: string;
  bulk?: string;
  /** Another record of the same door, to be shown beside. */
  beside?: string;
};

export type QueueLine = Pick<
  QueueRow,
  'id' | 'kind' | 'review' | 'outcome' | 'changes' | 'revision' | 'stale' | 'asks' | 'byRule'
> & { title: string; by: string; at: string };

export type BulkView = {
  id: string;
  size: number;
  sample: { id: string; title: string; opened: boolean }[];
  ready: boolean;
};

/** The decision just taken, for the banner and its way back. */
export type DoneView = {
  decisionId: string;
  kind: DecisionKind;
  /** Kind of the submission. */
  of: string;
  submissionId: string;
  title: string;
  revision: number;
  digest: string;
  /** Where the submission stands now. */
  review: ReviewState;
  /** It can be taken back: still the last word on the submission. */
  canUndo: boolean;
};

export type ReviewPage = {
  lines: QueueLine[];
  total: number;
  page: number;
  pages: number;
  counts: Record<Show, number>;
  grids: { id: string; name: string }[];
  workers: { id: string; name: string }[];
  shown: CaseView | null;
  /** The version of the form that it came in; null where the office does not know that. */
  definition: FormDefinition | null;
  beside: BesideView | null;
  done: DoneView | null;
  bulk: BulkView | null;
};

const pageSize = 50;

/** Everything the review screen shows, in one snapshot. Opening one of a bulk's sample is noted. */
export async function reviewPage(
  office: Office,
  account: SignedIn,
  asked: ReviewAsked,
  locale: Locale,
): Promise<ReviewPage> {
  const { communityId } = account;
  if (asked.bulk && asked.id) await markOpened(office, account, asked.bulk, asked.id);
  return office.database.read(async (db) => {
    const { rows, total, page, pages, counts } = await queue(db, communityId, {
      ...filterOf(asked),
      page: asked.page,
      limit: pageSize,
    });
    const opened = asked.id
      ? await openSubmission(db, communityId, asked.id)
      : await firstThatOpens(db, communityId, rows);
    return {
      lines: await Promise.all(rows.map((row) => lineOf(db, communityId, row, locale))),
      total,
      page,
      pages,
      counts,
      grids: await gridNames(db, communityId),
      workers: await workersOf(db, communityId),
      shown: opened && (await caseView(db, communityId, opened, { locale, whole: asked.whole ?? false })),
      definition: opened?.definition ?? null,
      beside: opened && asked.beside ? await besideView(db, communityId, opened, asked.beside) : null,
      done: asked.done ? await doneView(db, communityId, asked.done, locale) : null,
      bulk: asked.bulk ? await bulkView(db, account, asked.bulk, locale) : null,
    };
  });
}

/** A case of which something cannot be read opens for nobody who did not ask for it. */
async function firstThatOpens(
  db: Reader,
  communityId: string,
  rows: readonly QueueRow[],
): Promise<Awaited<ReturnType<typeof openSubmission>>> {
  for (const { id } of rows) {
    try {
      return await openSubmission(db, communityId, id);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      logLeftOut('review', 'submission')(id, error);
    }
  }
  return null;
}

/** The queue's filter that an address asks for. */
export function filterOf({ show, grid, worker, kind }: ReviewAsked): QueueFilter {
  return { show: show ?? 'waiting', gridId: grid, accountId: worker, kind };
}

/** The open case once more, with the answers about who is who: they bring questions of their own. Null where there is none of that id. */
export async function weighedCase(
  office: Office,
  { communityId }: SignedIn,
  id: string,
  choices: ChoiceSaid[],
  asked: ReviewAsked,
  locale: Locale,
): Promise<CaseView | null> {
  return office.database.read(async (db) => {
    const opened = await openSubmission(db, communityId, id, { choices });
    return opened && caseView(db, communityId, opened, { locale, whole: asked.whole ?? false });
  });
}

/** The body that corrections are compared with, numbers masked, of which revision it is, when somebody was last erased from it, and the version of its form; null where the office does not know that. */
export async function bodyToCorrect(office: Office, { communityId }: SignedIn, id: string) {
  const opened = await office.database.read((db) => openSubmission(db, communityId, id));
  const body = asRecord(unmaskedNames(opened?.shown.body));
  return opened && { digest: opened.row.digest, erasedAt: opened.erasedAt, body, definition: opened.definition };
}

export async function isQuarantined(office: Office, { communityId }: SignedIn, id: string): Promise<boolean> {
  const row = await office.database.read((db) => queueRow(db, communityId, id));
  return row?.review === 'quarantined';
}

async function lineOf(db: Reader, communityId: string, row: QueueRow, locale: Locale): Promise<QueueLine> {
  const { id, kind, review, outcome, changes, revision, stale, asks, byRule, worker, receivedAt } = row;
  const title = await titleOf(db, communityId, row, locale);
  return { id, kind, review, outcome, changes, revision, stale, asks, byRule, title, by: worker.name, at: receivedAt };
}

async function workersOf(db: Reader, communityId: string) {
  return db
    .selectFrom('account')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .where('role', 'in', ['grid-worker', 'volunteer'])
    .orderBy('name')
    .execute();
}

async function doneView(db: Reader, communityId: string, id: string, locale: Locale): Promise<DoneView | null> {
  const decision = await db
    .selectFrom('decision')
    .select(['id', 'kind', 'submission_id'])
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  const row = decision && (await queueRow(db, communityId, decision.submission_id));
  if (!decision || !row) return null;
  return {
    decisionId: id,
    kind: decision.kind,
    of: row.kind,
    submissionId: row.id,
    title: await titleOf(db, communityId, row, locale),
    revision: row.revision,
    digest: row.digest,
    review: row.review,
    canUndo: row.decisionId === id && (await undoable(db, communityId, { ...row, decision_id: id }))?.id === id,
  };
}

async function bulkView(db: Reader, account: SignedIn, id: string, locale: Locale): Promise<BulkView | null> {
  const bulk = await bulkOf(db, account, id);
  if (!bulk) return null;
  const sample: BulkView['sample'] = [];
  for (const one of bulk.sample) {
    const row = await queueRow(db, account.communityId, one);
    const title = row ? await titleOf(db, account.communityId, row, locale) : '';
    sample.push({ id: one, title, opened: bulk.opened.includes(one) });
  }
  return { id, size: bulk.members.length, sample, ready: sample.every(({ opened }) => opened) };
}
