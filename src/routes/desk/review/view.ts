/** What the review screen shows of one submission. Made by `$lib/server/desk/case-view.ts`; numbers are masked there. */
import type { CodeListId } from '$lib/domain/codes/codes';
import type { Problem } from '$lib/sync/protocol';
import type { AnswerGroup, Path } from './answers';

export type Row = {
  /** Where a comment goes and a correction is made; null where the body says nothing of its own. */
  path: Path | null;
  field: string;
  list?: CodeListId;
  before: unknown;
  after: unknown;
  kind: 'changed' | 'new' | 'left' | 'joined' | 'answer';
  /** This number stands masked and can be looked at, which is logged. */
  maskedBefore: boolean;
  maskedAfter: boolean;
};

/** A dwelling, household or person, with what is said of it. No rows: confirmed without a change. */
export type Group = {
  id: string;
  entity: 'dwelling' | 'household' | 'resident' | 'form';
  name: string;
  /** Code of `relation`, and age in years, where they are known. */
  relation: string | null;
  age: number | null;
  /** Code of `resident-change` where the body says one. */
  change: string | null;
  path: Path | null;
  rows: Row[];
};

export type PastEvent = {
  at: string;
  kind: 'recorded' | 'approve' | 'return' | 'void' | 'undo' | 'import' | 'correction';
  by: string;
  /** Visit or care outcome, concern category: a code with its list; '' where there is none. */
  outcome: string;
  revision: number | null;
  words: string[];
  current: boolean;
};

export type Whole = { groups: AnswerGroup[]; masked: string[] };

export type CaseView = {
  id: string;
  kind: string;
  title: string;
  doorId: string | null;
  review: 'quarantined' | 'pending' | 'approved' | 'returned' | 'voided';
  revision: number;
  digest: string;
  previous: string | null;
  registerVersion: string;
  by: string;
  recordedAt: string;
  receivedAt: string;
  secondsOpen: number;
  outcome: string;
  outcomeList: CodeListId | null;
  how: string | null;
  informant: { name: string; kind: string | null; isResident: boolean } | null;
  noticeGiven: boolean;
  note: string;
  /** The basis is older than the register. */
  stale: boolean;
  byRule: boolean;
  groups: Group[];
  comments: { path: Path; text: string; by: string; at: string }[];
  problems: Problem[];
  warnings: Problem[];
  history: PastEvent[];
  whole: Whole | null;
};

/** A line of the queue. */
export type QueueLine = {
  id: string;
  kind: string;
  title: string;
  review: CaseView['review'];
  outcome: string;
  changes: number;
  revision: number;
  stale: boolean;
  byRule: boolean;
  by: string;
  at: string;
};

export type BulkView = {
  id: string;
  size: number;
  sample: { id: string; title: string; opened: boolean }[];
  ready: boolean;
};

/** The decision just taken, for the banner and its way back. */
export type DoneView = {
  decisionId: string;
  kind: 'approve' | 'return' | 'void' | 'undo';
  submissionId: string;
  title: string;
  revision: number;
  digest: string;
};
