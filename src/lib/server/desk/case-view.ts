/** One submission as the review screen shows it, from what review opened: people with their rows, what to mind, what came before. */
import { dayOf } from '../../domain/calendar';
import type { CodeListId, Locale } from '../../domain/codes/codes';
import { asRecord, textOf } from '../../domain/json';
import type { Correction, ReviewState } from '../../sync/items';
import type { Problem } from '../../sync/protocol';
import type { Reader } from '../register/read';
import type { Path, Seen, Take } from '../../domain/sides';
import type { SinceChange } from '../../domain/since';
import type { DecisionKind } from '../review/decision';
import type { ReviewCase } from '../review/open';
import { savedAt } from '../review/revision';
import type { Undoes } from '../review/standing';
import { changeGroups } from './change-groups';
import { placeTitle, titleOf } from './titles';
import { unmaskedNames } from './unmasked-names';

export type Row = {
  /** Where a comment goes and a correction is made; null where the body says nothing of its own. */
  path: Path | null;
  field: string;
  list?: CodeListId;
  /** What the worker saw, where the register has something else now; not known where the office does not hold that. */
  basis?: Seen;
  before: unknown;
  after: unknown;
  /** `since`: the register got it since, and the record says nothing of it. */
  kind: 'changed' | 'new' | 'left' | 'joined' | 'answer' | 'since';
  /** Of an approved record: what the coordinator put in its place. */
  taken?: unknown;
  /** Of somebody who comes from another door: which, whether they head the household there, and who stays behind in it. */
  from?: { door: string; doorId: string; isHead: boolean; stay: string[] };
  /** Two said different things: somebody chooses. */
  ask?: Question;
  /** This number stands masked and can be looked at, which is logged. */
  maskedBefore: boolean;
  maskedAfter: boolean;
  /** Names another record: shown, never typed over. */
  fixed: boolean;
};

/** What is to be chosen in a row. `candidates`: records of the register that this one may be one with. */
export type Question = {
  key: string;
  takes: readonly Take[];
  path: Path | null;
  candidates: { id: string; name: string }[];
};

/** A dwelling, household or person, with what is said of it. No rows: confirmed without a change, or not mentioned. */
export type Group = {
  id: string;
  entity: 'dwelling' | 'household' | 'resident';
  name: string;
  /** Code of `relation`, and age in years, where they are known. */
  relation: string | null;
  age: number | null;
  /** Code of `resident-change` where the body says one. */
  change: string | null;
  path: Path | null;
  rows: Row[];
  /** Registered at a door that approval takes out of the register: stays in it with that door, marked so. */
  withDoor?: true;
  /** Came to the register, or went from this door, since the worker saw it. */
  cameSince?: true;
  wentSince?: true;
};

export type AlsoHere = { id: string; kind: string; outcome: string; review: ReviewState; at: string; by: string };

export type PastEvent = {
  at: string;
  kind: 'recorded' | DecisionKind;
  by: string;
  /** Another submission of this door; null for what happened to this one. */
  submissionId: string | null;
  outcome: string;
  outcomeKind: string;
  review: ReviewState | null;
  revision: number | null;
  words: string[];
  corrections: Correction[];
  current: boolean;
};

export type CaseView = {
  id: string;
  kind: string;
  title: string;
  doorId: string | null;
  review: ReviewState;
  revision: number;
  digest: string;
  previous: string | null;
  registerVersion: string | null;
  by: string;
  recordedAt: string;
  receivedAt: string;
  secondsOpen: number;
  /** Where it was saved, where the community had that switched on. */
  location: { lat: number; lon: number; accuracyMetres: number } | null;
  outcome: string;
  how: string;
  informant: { name: string; kind: string } | null;
  noticeGiven: boolean;
  nextVisit: string;
  note: string;
  /** The register changed since the worker saw it; `unheld`: and nobody knows what the worker saw. */
  stale: boolean;
  unheld: boolean;
  /** A door of that address is in the register, which the worker did not know: `doorId` is that one. */
  twin: boolean;
  /** The door that it names was struck off, and found again as `doorId`. */
  foundAgain: boolean;
  since: SinceChange[];
  /** Keys of what is still to choose. */
  unanswered: string[];
  /** Other records of this door that wait or went back. */
  alsoHere: AlsoHere[];
  /** Whose identity number somebody else of the register has; `door` in words. */
  sameNumbers: {
    name: string;
    sameAs: Path | null;
    otherId: string;
    otherName: string;
    door: string;
    doorId: string;
  }[];
  byRule: boolean;
  /** By which exception to its author's scope it was accepted; '' by none. */
  mark: ReviewCase['mark'];
  /** When somebody was erased from it; null where nobody was. */
  erasedAt: string | null;
  /** What an undo would take back; null where there is nothing to undo. */
  undoes: Undoes | null;
  groups: Group[];
  comments: { path: Path; text: string; by: string; at: string }[];
  problems: Problem[];
  warnings: Problem[];
  history: PastEvent[];
  /** Numbers are masked, under the field's own name. */
  body: Record<string, unknown>;
  form: { id: string; version: number };
  whole: boolean;
};

type Options = { locale: Locale; whole: boolean };

export async function caseView(
  db: Reader,
  communityId: string,
  opened: ReviewCase,
  { locale, whole }: Options,
): Promise<CaseView> {
  const { row, shown, previous } = opened;
  const body = asRecord(unmaskedNames(shown.body)) ?? {};
  const informant = asRecord(body['informant']);
  return {
    id: row.id,
    kind: row.kind,
    title: await titleOf(db, communityId, row, locale),
    doorId: opened.twinOf ?? row.door?.id ?? null,
    review: row.review,
    revision: row.revision,
    digest: row.digest,
    previous: previous?.decisionId ?? null,
    registerVersion: opened.registerVersion,
    by: row.worker.name,
    recordedAt: savedAt(shown),
    receivedAt: shown.receivedAt,
    secondsOpen: shown.secondsOpen,
    location: shown.location,
    outcome: row.outcome,
    how: textOf(body['how'] ?? body['present']),
    informant: informant && { name: textOf(informant['name']), kind: textOf(informant['kind']) },
    noticeGiven: body['noticeGiven'] === true,
    nextVisit: textOf(body['nextVisit']),
    note: row.kind === 'household-verification' ? textOf(body['note']) : '',
    stale: opened.stale,
    twin: opened.twinOf !== null,
    foundAgain: opened.foundAgain,
    unheld: opened.compared.some(({ basis, verdict }) => verdict === 'ask' && !basis.known),
    since: opened.since,
    unanswered: opened.unanswered,
    alsoHere: opened.atThisDoor.filter(({ review, byRule }) => isOpenState(review) && !byRule).map(alsoHere),
    sameNumbers: opened.sameNumbers.map(({ name, sameAs, other }) => ({
      name,
      sameAs,
      otherId: other.id,
      otherName: other.name,
      door: placeTitle(other.door, locale),
      doorId: other.door.id,
    })),
    byRule: row.byRule,
    mark: opened.mark,
    erasedAt: opened.erasedAt,
    undoes: opened.undoes,
    groups: await changeGroups(db, communityId, opened, body, { today: dayOf(shown.receivedAt), locale }),
    comments: opened.decisions
      .filter(({ kind, undoneAt }) => kind === 'return' && undoneAt === null)
      .flatMap(({ comments }) => comments),
    problems: opened.problems,
    // Who is registered at a door that goes stands in the table, with what becomes of each; the warning speaks to the one who saves.
    warnings: opened.warnings.filter(({ code }) => code !== 'people_without_door'),
    history: historyOf(opened),
    body,
    form: shown.form,
    whole,
  };
}

function isOpenState(review: ReviewState): boolean {
  return review === 'pending' || review === 'quarantined' || review === 'returned';
}

function alsoHere({ id, kind, outcome, review, recordedAt, worker }: ReviewCase['atThisDoor'][number]): AlsoHere {
  return { id, kind, outcome, review, at: recordedAt, by: worker.name };
}

/** Newest first: this submission's revisions and decisions, and the other records of its door. */
function historyOf({ row, revisions, decisions, atThisDoor }: ReviewCase): PastEvent[] {
  const nothing = { submissionId: null, outcome: '', outcomeKind: '', review: null, words: [], corrections: [] };
  const recorded = revisions.map((revision): PastEvent => {
    const current = revision.revision === row.revision && (row.review === 'pending' || row.review === 'quarantined');
    const at = savedAt(revision);
    const outcome = textOf(revision.body['outcome']);
    return {
      ...nothing,
      at,
      kind: 'recorded',
      by: row.worker.name,
      outcome,
      outcomeKind: row.kind,
      revision: revision.revision,
      current,
    };
  });
  // Of those taken in one moment the later one stands first, too.
  const decided = decisions.toReversed().map(({ at, kind, by, rule, comments, corrections, reason }): PastEvent => ({
    ...nothing,
    at,
    kind,
    by: rule === 'person' ? by : '',
    revision: null,
    words: [...comments.map(({ text }) => text), reason].filter(Boolean),
    corrections,
    current: false,
  }));
  const others = atThisDoor.map((other): PastEvent => ({
    ...nothing,
    at: other.recordedAt,
    kind: 'recorded',
    by: other.worker.name,
    submissionId: other.id,
    outcome: other.outcome,
    outcomeKind: other.kind,
    review: other.review,
    revision: other.revision > 1 ? other.revision : null,
    current: false,
  }));
  return [...recorded, ...decided, ...others].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
