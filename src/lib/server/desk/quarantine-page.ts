/** The quarantine screen's reading: what waits, the one that is open with what is wrong in it and what can be done, what was just decided. */
import type { Locale } from '../../domain/codes/codes';
import { asRecord, textOf } from '../../domain/json';
import type { ReviewState } from '../../sync/items';
import type { Office, SignedIn } from '../office';
import { pageWithin } from '../page-within';
import { openCase, type QuarantineCase, type Side } from '../quarantine/open-case';
import { countCases, quarantineCases, type CaseLine } from '../quarantine/cases';
import { loadRecords, type Reader } from '../register/read';
import type { DecisionKind } from '../review/decision';
import { openSubmission } from '../review/open';
import { queueRow } from '../review/queue';
import { peopleOf } from '../review/revision';
import { undoable } from '../review/standing';
import { caseView, type CaseView } from './case-view';
import { titleOf, titleOfText } from './titles';
import { unmaskedNames } from './unmasked-names';

export type QuarantineAsked = { id?: string; part?: string; page?: number; done?: string };

export type QuarantineLine = Pick<CaseLine, 'source' | 'part' | 'code'> & {
  id: string;
  kind: string;
  title: string;
  by: string;
  at: string;
};

export type QuarantineView = QuarantineCase & {
  title: string;
  by: string;
  /** People of the register, by id. */
  names: Record<string, string>;
  /** Whose submission it names, where that is somebody else's. */
  owner: string;
  /** Of a submission itself: its answers, with what was decided of it before. */
  record: CaseView | null;
};

/** The decision just taken, and what its way back has to name. */
export type QuarantineDone = {
  decisionId: string;
  kind: DecisionKind;
  submissionId: string;
  part: string | null;
  title: string;
  revision: number;
  digest: string;
  /** Where it stands now. */
  review: ReviewState;
  /** It can be taken back: still the last word. */
  canUndo: boolean;
};

export type QuarantinePage = {
  lines: QuarantineLine[];
  total: number;
  page: number;
  pages: number;
  shown: QuarantineView | null;
  done: QuarantineDone | null;
};

const pageSize = 50;

/** Everything that the screen shows, in one snapshot. */
export async function quarantinePage(
  office: Office,
  { communityId }: SignedIn,
  asked: QuarantineAsked,
  locale: Locale,
): Promise<QuarantinePage> {
  return office.database.read(async (db) => {
    const total = await countCases(db, communityId);
    const { page, pages } = pageWithin(total, pageSize, asked.page);
    const cases = await quarantineCases(db, communityId, { page, limit: pageSize });
    const [first] = cases;
    const key = asked.id
      ? { submissionId: asked.id, part: asked.part ?? null }
      : first && { submissionId: first.submissionId, part: first.part };
    const opened = key ? await openCase(db, communityId, key) : null;
    return {
      lines: await Promise.all(cases.map((line) => lineOf(db, communityId, line, locale))),
      total,
      page,
      pages,
      shown: opened && (await viewOf(db, communityId, opened, locale)),
      done: asked.done ? await doneView(db, communityId, asked.done, locale) : null,
    };
  });
}

async function lineOf(db: Reader, communityId: string, line: CaseLine, locale: Locale): Promise<QuarantineLine> {
  const raw = asRecord(JSON.parse(line.text)) ?? {};
  return {
    id: line.submissionId,
    part: line.part,
    source: line.source,
    code: line.code,
    kind: textOf(raw['kind']).slice(0, 40),
    title: await titleOfText(db, communityId, raw, locale),
    by: await nameOf(db, communityId, line.accountId),
    at: line.receivedAt,
  };
}

async function viewOf(
  db: Reader,
  communityId: string,
  opened: QuarantineCase,
  locale: Locale,
): Promise<QuarantineView> {
  const submission = opened.source === 'record' ? await openSubmission(db, communityId, opened.submissionId) : null;
  const named = (side: Side): Side => ({ ...side, body: asRecord(unmaskedNames(side.body)) });
  return {
    ...opened,
    this: named(opened.this),
    other: opened.other && named(opened.other),
    raw: asRecord(unmaskedNames(opened.raw)) ?? {},
    title: await titleOfText(db, communityId, opened.raw, locale),
    names: await namesIn(db, communityId, [opened.this.body, opened.other?.body ?? null]),
    by: await nameOf(db, communityId, opened.accountId),
    owner: opened.source === 'foreign' ? await nameOf(db, communityId, opened.ownerId) : '',
    record: submission && (await caseView(db, communityId, submission, { locale, whole: true })),
  };
}

/** Of everybody in these bodies whom the register knows: a record names who did not change by id alone. */
async function namesIn(
  db: Reader,
  communityId: string,
  bodies: readonly (Record<string, unknown> | null)[],
): Promise<Record<string, string>> {
  const ids = bodies.flatMap((body) => (body ? peopleOf(body) : [])).map(({ id }) => textOf(id));
  const people = await loadRecords(db, communityId, 'resident', ids);
  return Object.fromEntries([...people.values()].map(({ id, fields }) => [id, fields.name]));
}

async function nameOf(db: Reader, communityId: string, accountId: string): Promise<string> {
  const row = await db
    .selectFrom('account')
    .select('name')
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  return row?.name ?? accountId;
}

async function doneView(db: Reader, communityId: string, id: string, locale: Locale): Promise<QuarantineDone | null> {
  const decision = await db
    .selectFrom('decision')
    .select(['id', 'kind', 'submission_id', 'aside'])
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  const row = decision && (await queueRow(db, communityId, decision.submission_id));
  if (!decision || !row) return null;
  const last = decision.aside
    ? await lastAside(db, communityId, id)
    : row.decisionId === id && (await undoable(db, communityId, { ...row, decision_id: id }))?.id;
  return {
    decisionId: id,
    kind: decision.kind,
    submissionId: row.id,
    part: decision.aside,
    title: await titleOf(db, communityId, row, locale),
    revision: row.revision,
    digest: row.digest,
    review: row.review,
    canUndo: decision.kind !== 'undo' && last === id,
  };
}

/** The decision of that id, while it is the last on its revision. */
async function lastAside(db: Reader, communityId: string, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('decision')
    .innerJoin('revision', (join) =>
      join
        .onRef('revision.community_id', '=', 'decision.community_id')
        .onRef('revision.submission_id', '=', 'decision.submission_id')
        .onRef('revision.decision_id', '=', 'decision.id'),
    )
    .select('decision.id')
    .where('decision.community_id', '=', communityId)
    .where('decision.id', '=', id)
    .executeTakeFirst();
  return row?.id ?? null;
}
