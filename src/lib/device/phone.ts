/**
 * The phone: all that a screen may rely on. Reads are synchronous and come from memory, writes answer after they are durable.
 * Only interfaces stand here; `open-phone.ts` makes one.
 */
import type {
  BuildingItem,
  CommunityItem,
  DwellingItem,
  GridItem,
  ProfileItem,
  RecipientItem,
  Correction,
  ReviewComment,
  TaskItem,
} from '../sync/items';
import type { Problem, SubmissionKind, SubmissionRevision } from '../sync/protocol';
import type { FormHold } from './form-holds';
import type { RescueFileMade } from './rescue';

/** Where a record is: what the interface may say of it, and nothing better than the truth. */
export type RecordState =
  | 'draft'
  | 'on-this-phone'
  | 'sending'
  | 'at-the-office'
  | 'quarantined'
  | 'returned'
  | 'approved'
  | 'voided'
  | 'set-aside';

export type RecordView = {
  id: string;
  revision: number;
  kind: SubmissionKind;
  /** The version of the form that its body is in; null where only the office's word of the record is here. */
  form: { id: string; version: number } | null;
  target: { type: string; id: string };
  recordedAt: string;
  /** How the visit ended, also where only the office's word of the record is here; null where nobody says. */
  outcome: string | null;
  state: RecordState;
  /** Coordinator's words, each with the path of the answer it is about. */
  comments: ReviewComment[];
  problems: Problem[];
  /** What the coordinator changed when approving. */
  corrections: Correction[];
  /** Who decided and when, as the office says. */
  by: string | null;
  decidedAt: string | null;
  /** The office took another revision of this number, and keeps this phone's beside it, for that reason (REC-3). */
  putAway: { reason: string } | null;
  /** Place in the order in which this phone saved what it has not sent yet; null for everything else. */
  savedHere: number | null;
  /** What of it was never handed to a request and is in no rescue file, so that the worker may still throw it away (DEV-15): all, or what was changed since. */
  discardable: 'record' | 'changes' | null;
  /** It has not reached the office from here, and stands in a rescue file. */
  inFile: boolean;
  /** The body, from this phone or from the feed's `record`; null where neither has it. */
  body: Record<string, unknown> | null;
};

/** A door as the screens show it: feed state with this phone's undecided work laid over (DEV-8). */
export type DoorView = {
  door: DwellingItem;
  /** As the feed has it, before the overlay; null for a door that the register lacks. */
  registered: DwellingItem | null;
  /** Feed version of the registered door, for `basis`. */
  version: number | null;
  record: RecordView | null;
  /** Something about this door is on this phone only. */
  onlyHere: boolean;
  hasDraft: boolean;
  /** The office agreed that somebody else goes here: not settled, and not this worker's to do. */
  handedOver: boolean;
};

/** A place of the plan that the register lacks. */
export type Gap = { unit: string; floor: number; position: number };

export type BuildingView = {
  building: BuildingItem;
  grid: GridItem | null;
  /** A round runs in its grid. Without one no door is to do, and each can be visited all the same. */
  inRound: boolean;
  doors: number;
  verified: number;
  /** Not settled, not returned, and not handed over to somebody else. */
  toDo: number;
  returned: number;
  notSent: number;
  changed: number;
  tried: number;
  lastVisitAt: string | null;
};

export type BoardView = {
  building: BuildingItem;
  /** Units in order; floors from the top down; each floor's doors in order of room. */
  units: { unit: string; floors: { floor: number; doors: DoorView[]; gaps: Gap[] }[] }[];
  summary: BuildingView;
};

export type SearchHit = {
  kind: 'resident' | 'door';
  dwellingId: string;
  residentId: string | null;
  name: string;
  label: string;
  /** Why it matched: `name`, `initials`, `door`, `phone`. */
  by: 'name' | 'initials' | 'door' | 'phone';
};

/** Somebody on this phone with the same birth date and last four of the number. */
export type PossibleDuplicate = { residentId: string; name: string; dwellingId: string; label: string };

export type PhoneRegister = {
  /** Bodies of the forms that the community told of, as they came, by item id: `known-forms.ts` reads them where a form is opened. */
  toldForms(): ReadonlyMap<string, unknown>;
  community(): CommunityItem | null;
  profile(): ProfileItem | null;
  grids(): GridItem[];
  buildings(): BuildingView[];
  board(buildingId: string): BoardView | null;
  door(dwellingId: string): DoorView | null;
  /** The door of a building that this phone knows under an address: registered, proposed by an own record, or begun in a form; its id. */
  doorAt(buildingId: string, place: { unit: string; room: string }): string | null;
  /** The next door to do on the same stair: unit first, then building; null when none is left. */
  nextDoor(dwellingId: string): DoorView | null;
  /** Doors of a stair still to do, for *a locked stair*. */
  stairToDo(buildingId: string, unit: string): DoorView[];
  search(text: string, limit: number): SearchHit[];
  possibleDuplicates(query: { birthDate: string; idNumber: string; exceptId: string }): PossibleDuplicate[];
  recipients(): RecipientItem[];
  recipient(residentId: string): RecipientItem | null;
  tasks(): TaskItem[];
  records(): RecordView[];
  record(submissionId: string): RecordView | null;
  /** Own submissions on a target, newest first. */
  recordsOf(targetId: string): RecordView[];
  /** Forms in progress about a target. */
  draftsOn(targetId: string): Pick<Draft, 'id' | 'kind'>[];
};

/** A form in progress: outlives the app at its last change, with the place in the form (DEV-9). */
export type Draft = {
  id: string;
  /** Submission that this will be a revision of; the draft's own id for a new one. */
  submissionId: string;
  kind: SubmissionKind;
  form: { id: string; version: number };
  target: { type: 'dwelling' | 'resident' | 'grid' | 'task'; id: string };
  basis: Record<string, number>;
  /** Copy of what the form was prefilled from (DEV-5). */
  prefilledFrom: unknown;
  body: Record<string, unknown>;
  /** Where in the form: the screen's own step and the focused field. */
  place: { step: string; field: string | null };
  secondsOpen: number;
  startedAt: string;
  changedAt: string;
  /** Taken with the saved record only, where the community switched it on; missing is `null`. */
  location?: SubmissionRevision['location'];
};

export type SyncState = {
  /** `offline`: no connection. `signed-out`: the office asks for a sign-in (401). */
  phase: 'idle' | 'sending' | 'receiving' | 'offline' | 'signed-out' | 'revoked' | 'upgrade' | 'busy' | 'trouble';
  /** Revisions that have no receipt yet. */
  waiting: number;
  /** Revisions that this run hands over, those with their receipts among them; 0 while none goes. */
  sending: number;
  /** Receipts of this run. */
  sent: number;
  setAside: number;
  /** Forms in progress. */
  drafts: number;
  /** RFC 3339, the office's clock. */
  lastSyncedAt: string | null;
  /** Milliseconds that this phone's clock was ahead of the office's then. */
  clockAhead: number;
  /** First sync under way: items received so far. */
  received: number;
  /** The office took this phone or its account out of use: the register is gone, drafts and unsent work are shut and kept. */
  stopped: boolean;
  /** The disk took nothing more when something came from the office. */
  full: boolean;
  /** When the phone tries again by itself, RFC 3339; null while it is not waiting. */
  nextTryAt: string | null;
};

export type StorageState = { usage: number | null; quota: number | null; persisted: boolean | null };

/**
 * Puts back what was thrown away, whole: the same text, id, revision and place in the queue. False when something else has taken its place
 * meanwhile. It lives as long as the app is open: nothing of what was thrown away is kept on the disk.
 */
export type PutBack = () => Promise<boolean>;
/** Revisions of one record that were thrown away together, and how they come back. */
export type Discarded = { revisions: number[]; putBack: PutBack };

export type Phone = {
  accountId: string;
  deviceId: string;
  /** The store was empty when it was opened: the first time here, or somebody cleared it. */
  wasEmpty: boolean;
  register: PhoneRegister;
  /** Tells of any change of what the register, the drafts or the sync state show. */
  subscribe(listener: () => void): () => void;

  draftOf(target: { type: string; id: string }, kind: SubmissionKind): Promise<Draft | null>;
  draft(id: string): Promise<Draft | null>;
  drafts(): Promise<Draft[]>;
  /** Durable when the promise resolves; screens call it debounced under 300 ms and on `visibilitychange`. */
  keepDraft(draft: Draft): Promise<void>;
  /**
   * Has a form for this window alone; null while another window has it, unless `over` takes it from there, which its guard keeps from happening.
   * `lost`: another window wants it, and has it afterwards unless it is guarded then; when it was not stolen, what is written before the promise
   * resolves is in the store when that window reads it.
   */
  holdForm(form: string, lost: (stolen: boolean) => Promise<void>, over?: boolean): Promise<FormHold | null>;
  /**
   * Throws a form in progress away, as it stands on the screen, whether any of it is on the disk or not: late changes are not kept any more.
   * After a `PutBack`, also one that rejects, they are again.
   */
  dropDraft(draft: Draft): Promise<PutBack>;

  /**
   * Makes the next revision of a submission: revision text, outbox entry and the end of its draft in one strict transaction (DEV-2, REC-8, REC-9).
   * Rejects with `TooLargeError` above 256 KiB (LIM-3) and with `StorageFullError` when the disk is full; the draft then stands as it was.
   */
  save(draft: Draft): Promise<SubmissionRevision>;
  /** Saves several at once in one transaction: a locked stair. */
  saveAll(drafts: Draft[]): Promise<SubmissionRevision[]>;
  /**
   * Throws away this revision and those before it that it had replaced, as far as none was ever handed to a request or stands in a rescue file; null when this one
   * was or does, and nothing was done (DEV-15).
   */
  discard(submissionId: string, revision: number): Promise<Discarded | null>;

  syncState(): SyncState;
  /** Asks for a sync now; answers when that run has ended. */
  syncNow(): Promise<void>;

  storage(): Promise<StorageState>;
  /**
   * All that is on this phone only – unsent and set-aside revisions, drafts – as one file that the office alone can open. `open`: forms as
   * the screens have them now. Rejects with `NoRescueKeyError` before the first contact with an office that has a key. Its revisions are handed
   * over by it, and marked so before this resolves, unless the disk is full (DEV-15).
   */
  rescueFile(open?: Draft[]): Promise<RescueFileMade>;
  close(): Promise<void>;
};
