/**
 * Where one record stands, from what this phone holds of it and what the office said of it.
 *
 * | newest own revision            | office                       | state                              |
 * | ------------------------------ | ---------------------------- | ---------------------------------- |
 * | in the outbox                  | does not have it             | on-this-phone, sending, set-aside  |
 * | in the outbox or sent          | has it, or a newer one       | what the office says of that       |
 * | put away at the office         | has another of its number    | what the office says of that       |
 * | sent, newer than the feed says | –                            | at-the-office, quarantined         |
 * | none (another phone's)         | has it                       | what the office says               |
 */
import * as z from 'zod/mini';
import { textOf } from '../domain/json';
import type { SubmissionItem } from '../sync/items';
import { SubmissionKind, SubmissionRevision } from '../sync/revision';
import type { OwnRevision } from './own-revision';
import type { RecordState, RecordView } from './phone';

/** What a record says of its target, laid over the register while it is undecided (DEV-8). */
export type Overlay = {
  submissionId: string;
  kind: SubmissionKind;
  target: { type: string; id: string };
  recordedAt: string;
  body: Record<string, unknown>;
  /** Order among overlays of one target: what only the office holds first, then as this phone saved. */
  order: number;
  returned: boolean;
};

export type Standing = {
  view: RecordView;
  overlay: Overlay | null;
  /** Nothing of its newest revision is at the office. */
  onlyHere: boolean;
};

type OfficeWord = Pick<RecordView, 'comments' | 'problems' | 'corrections' | 'by' | 'decidedAt'> & {
  state: RecordState;
};
/** A revision without its digest, as a returned item carries it. */
const Recorded = z.partial(SubmissionRevision, { digest: true });
type Content = Pick<SubmissionRevision, 'kind' | 'target' | 'recordedAt' | 'body'> & {
  form: SubmissionRevision['form'] | null;
};

const stateOf: Partial<Record<string, RecordState>> = {
  quarantined: 'quarantined',
  pending: 'at-the-office',
  approved: 'approved',
  returned: 'returned',
  voided: 'voided',
};
const nothingSaid = { comments: [], problems: [], corrections: [], by: null, decidedAt: null };

/** Null only when there is neither a readable revision nor an item. `newestFirst` must be sorted. */
export function standing(
  submissionId: string,
  newestFirst: OwnRevision[],
  item: SubmissionItem | null,
  isSending: (revision: OwnRevision) => boolean,
): Standing | null {
  const own = newestFirst[0] ?? null;
  const away = (own && item?.others?.find((other) => isSame(other, own) && other.review === 'voided')) ?? null;
  const held = away ? null : (newestFirst.find((revision) => revision.content)?.content ?? null);
  const atOffice = own === null || item === null ? item !== null : officeHas(item, own);
  const record = item && atOffice && (!own || away || item.revision > own.revision) ? readRecord(item) : null;
  const content: Content | null = record ?? held ?? (item ? bare(item) : null);
  if (!content) return null;

  const word: OfficeWord =
    item && atOffice
      ? officeWord(item, own)
      : { ...nothingSaid, state: own ? localState(own, isSending) : 'at-the-office', problems: own?.problems ?? [] };
  const hasBody = record !== null || held !== null;
  // Of a record that only another phone holds, the office says how the visit ended: enough to show that the door was visited.
  const told = item?.outcome ? { outcome: item.outcome, dwelling: {}, households: [] } : null;
  const overlaid = hasBody ? content.body : told;
  const undecided = word.state !== 'approved' && word.state !== 'voided';
  return {
    view: {
      id: submissionId,
      revision: item && atOffice ? Math.max(item.revision, own?.revision ?? 0) : (own?.revision ?? 0),
      kind: content.kind,
      form: content.form,
      target: content.target,
      recordedAt: content.recordedAt,
      outcome: textOf((hasBody ? content.body : told)?.['outcome']) || null,
      ...word,
      putAway: away && { reason: away.reason ?? '' },
      savedHere: own !== null && own.where !== 'sent' ? own.order : null,
      discardable:
        own && neverLeft(own) ? (item === null && newestFirst.every(neverLeft) ? 'record' : 'changes') : null,
      inFile: own?.inFile ?? false,
      body: hasBody ? content.body : null,
    },
    overlay:
      undecided && overlaid
        ? {
            submissionId,
            kind: content.kind,
            target: content.target,
            recordedAt: content.recordedAt,
            body: overlaid,
            order: own?.order ?? 0,
            returned: word.state === 'returned',
          }
        : null,
    onlyHere: own !== null && own.where !== 'sent' && !atOffice,
  };
}

function neverLeft({ where, handedOver, inFile }: OwnRevision): boolean {
  return where !== 'sent' && !handedOver && !inFile;
}

/** Whether what the office says is about this revision or a newer one. */
function officeHas(item: SubmissionItem, own: OwnRevision): boolean {
  if (isSame(item, own) || item.others?.some((other) => isSame(other, own))) return true;
  // Sent, and the feed speaks of a newer one; or of one with its number, and its own is history (REC-3).
  return own.where === 'sent' && item.revision >= own.revision;
}

function officeWord(item: SubmissionItem, own: OwnRevision | null): OfficeWord {
  const other =
    own && !isSame(item, own) ? item.others?.find((one) => isSame(one, own) && one.review !== 'voided') : undefined;
  const common = { comments: item.comments, by: item.by, decidedAt: item.decidedAt };
  if (other) {
    return {
      ...common,
      state: stateOf[other.review] ?? 'quarantined',
      problems: other.problems ?? [],
      corrections: [],
    };
  }
  return {
    ...common,
    // A word that only a newer office knows: it has the record, and more is not known here.
    state: stateOf[item.review] ?? 'at-the-office',
    problems: item.problems ?? [],
    corrections: item.review === 'approved' ? (item.corrections ?? []) : [],
  };
}

function localState(own: OwnRevision, isSending: (revision: OwnRevision) => boolean): RecordState {
  if (own.where === 'sent') return own.status === 'quarantined' ? 'quarantined' : 'at-the-office';
  if (own.where === 'set-aside') return 'set-aside';
  return isSending(own) ? 'sending' : 'on-this-phone';
}

function isSame(one: { revision: number; digest: string }, own: OwnRevision): boolean {
  return one.revision === own.revision && one.digest === own.digest;
}

/** The revision in a returned item: what came from another phone, or from this one before it was cleared (DEV-17). */
function readRecord(item: SubmissionItem): Content | null {
  const parsed = Recorded.safeParse(item.record);
  return parsed.success ? parsed.data : null;
}

/** A record of which only the office's word is here. */
function bare(item: SubmissionItem): Content | null {
  const kind = SubmissionKind.safeParse(item.kind);
  const type = item.target.type;
  if (!kind.success) return null;
  if (type !== 'dwelling' && type !== 'resident' && type !== 'grid' && type !== 'task') return null;
  return { kind: kind.data, form: null, target: { type, id: item.target.id }, recordedAt: item.recordedAt, body: {} };
}
