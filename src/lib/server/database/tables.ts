/**
 * The office's tables. Every primary key begins with `community_id`, the unit of partition; ids are text; times are RFC 3339 in UTC;
 * a column marked `Sealed` holds personal data as text and passes the one codec (`codec.ts`) on its way in and out.
 * Booleans are 0 or 1, so that SQLite and PostgreSQL read alike.
 */
import type { Generated } from 'kysely';
import type { Code } from '../../domain/codes/codes';
import type { EntityType } from '../../domain/register';
import type { ReviewState, Role } from '../../sync/items';
import type { SubmissionKind } from '../../sync/protocol';

/** Text that passed `codec.seal`. The brand keeps an unsealed string out of such a column. */
export type Sealed = string & { readonly sealed: unique symbol };
type Bit = 0 | 1;

export type CommunityTable = {
  community_id: string;
  name: string;
  /** Random; a restored backup makes a new one (RES-1). */
  epoch: string;
  time_zone: string;
  phone: string;
  location: Bit;
  created_at: string;
  /** `shapeOfBodies` of the office that told its feeds last; while it is lower than the program's, they are being told anew. */
  told_shape: number;
};

/** A community's key for `resident.number_hash`, base64url of 32 random bytes; it never changes. */
export type NumberKeyTable = { community_id: string; key: Sealed };

/** Key pairs to which phones seal rescue files; the oldest is the one that phones are told. */
export type RescueKeyTable = {
  community_id: string;
  /** Names the public key: the start of its digest. */
  id: string;
  public_key: string;
  private_key: Sealed;
  made_at: string;
};

export type AccountTable = {
  community_id: string;
  /** Also the id of the sign-in library's user. */
  id: string;
  username: string;
  name: string;
  role: Role;
  created_at: string;
  ended_at: string | null;
};

/** Scopes are kept as intervals, never overwritten (SCO-4). */
export type AccountGridTable = {
  community_id: string;
  account_id: string;
  grid_id: string;
  from_at: string;
  until_at: string | null;
};

/** Whom an account cared for by a plan, kept as intervals like its grids (SCO-4). Who cares now is said by the plan itself. */
export type AccountRecipientTable = {
  community_id: string;
  account_id: string;
  resident_id: string;
  from_at: string;
  until_at: string | null;
};

/** A phone of an account, as it said who it is: known from its first sync on (SCO-5). */
export type DeviceTable = {
  community_id: string;
  account_id: string;
  /** Made by the app: this account on this browser. */
  id: string;
  /** Build version of the app. */
  app: string;
  first_heard_at: string;
  /** To some minutes: what says nothing new is not written down (`accounts/heard.ts`). */
  last_heard_at: string;
  /** Milliseconds that its clock was ahead. */
  clock_offset: number;
  /** The session through which it spoke last; a revoked phone is shut out by it everywhere. Empty where there was none. */
  session_id: string;
  revoked_at: string | null;
};

export type GridTable = { community_id: string; id: string; name: string; position: number };

export type BuildingTable = {
  community_id: string;
  id: string;
  grid_id: string;
  compound: string;
  building: string;
  /** JSON of `PlanPart[]`. */
  plan: string;
  /** JSON of `string[]`: `unit/floor/room` texts without a door. */
  no_door: string;
  access: string;
  version: number;
};

/** Columns beside `body` are copies for queries, written by `register/rows.ts` alone. */
export type DwellingTable = {
  community_id: string;
  id: string;
  grid_id: string;
  building_id: string;
  unit: string;
  floor: number;
  room: string;
  use: string | null;
  /** JSON of the dwelling's fields (domain `DwellingFields`). */
  body: Sealed;
  /** JSON of `{ default: Provenance, fields: { [field]: Provenance } }`. */
  provenance: string;
  /** One higher with each change: what an undo compares. */
  version: number;
  retired_at: string | null;
};

export type HouseholdTable = {
  community_id: string;
  id: string;
  dwelling_id: string;
  body: Sealed;
  provenance: string;
  version: number;
  ended_at: string | null;
};

export type ResidentTable = {
  community_id: string;
  id: string;
  household_id: string;
  dwelling_id: string;
  name: string;
  presence: Code<'presence'>;
  body: Sealed;
  provenance: string;
  /** JSON of care groups that an import suggested and nobody consented to yet. */
  suggested_care_groups: string;
  version: number;
  /** Joined to another record or taken back by an undo: kept, shown nowhere. */
  retired_at: string | null;
  /** `numberHash` of the identity number, '' where there is none; null: not hashed yet, so the number is whatever `body` says. */
  number_hash: Generated<string | null>;
};

/** Two ids that are one: what is recorded on `id` counts for `same_as` (TWO-5). */
export type AliasTable = { community_id: string; type: EntityType; id: string; same_as: string };

/** One row a changed value; a new record is one row with field `*`. */
export type RegisterChangeTable = {
  community_id: string;
  id: string;
  entity_type: EntityType;
  entity_id: string;
  dwelling_id: string;
  field: string;
  before: Sealed;
  after: Sealed;
  /** `undo` is a correction too, told apart by its decision. */
  source: 'import' | 'submission' | 'correction' | 'undo';
  decision_id: string | null;
  submission_id: string | null;
  by_account: string;
  reason: string;
  at: string;
};

/** Where a submission stands: one row each, the newest revision and what became of it. */
export type SubmissionTable = {
  community_id: string;
  id: string;
  account_id: string;
  kind: SubmissionKind | string;
  target_type: string;
  target_id: string;
  grid_id: string | null;
  building_id: string | null;
  dwelling_id: string | null;
  /** Newest revision and its digest; what the queue shows. */
  revision: number;
  digest: string;
  review: ReviewState;
  /** For the queue's filters, from the newest body: visit outcome, care outcome or concern category. */
  outcome: string;
  /** How many values differ from the register; 0 is "all as registered". */
  changes: number;
  /** Needs no decision: an attempt, accepted by rule. */
  by_rule: Bit;
  /** 1: the register's values of the door are not those of its basis any more; 2: some of them ask (TWO-2). Decided anew at each look. */
  stale: Generated<0 | 1 | 2>;
  /** In the office's time, UTC (TIME-1); of a revision as its device wrote it. */
  recorded_at: string;
  received_at: string;
  decision_id: string | null;
  decided_at: string | null;
};

/** Immutable. The same (id, revision) may stand here twice with different digests (REC-3) or from different accounts (REC-7). */
export type RevisionTable = {
  community_id: string;
  submission_id: string;
  revision: number;
  account_id: string;
  /** As pushed; differs from `digest` only where QUA-4 holds. */
  pushed_digest: string;
  /** As computed here. */
  digest: string;
  device_id: string;
  status: 'stored' | 'quarantined';
  /**
   * `first`: holds its place as `(id, revision)`, and is what a decision may be about. `beside`: in quarantine next to it (REC-3, QUA-4).
   * `foreign`: of another account than the submission's (REC-7).
   */
  place: 'first' | 'beside' | 'foreign';
  /** JSON of `Problem[]`. */
  problems: Sealed;
  /** Of a revision beside or foreign: where it stands. What holds its place stands where its submission does. */
  review: ReviewState;
  /** Of a revision beside or foreign: the last decision on it alone. */
  decision_id: string | null;
  /** JSON of `Problem[]` as the last check found them, where it was checked again; receipts go on naming `problems` (REC-2). */
  checked: Sealed | null;
  /** Canonical JSON of the whole revision. */
  text: Sealed;
  recorded_at: string;
  received_at: string;
  /** Milliseconds the device's clock was ahead when it pushed (TIME-2). */
  clock_offset: number;
  /** By which exception it was accepted (SCO-2); empty where the scope of then was still that of its coming in. */
  mark: Generated<ScopeMark>;
  /** When texts of it were erased (REC-11): from then on `text` is not what `digest` was made of. */
  erased_at: string | null;
};

/** Recorded before the account lost the place, before the account ended, before the phone was revoked. */
export type ScopeMark = '' | 'scope-ended' | 'account-ended' | 'device-revoked';

/** What stored submissions propose and the register may lack yet: by it a target is known (SCO-6). Ids alone, no answers. */
export type ProposalTable = {
  community_id: string;
  type: 'dwelling' | 'household' | 'resident';
  id: string;
  submission_id: string;
  account_id: string;
  dwelling_id: string;
  grid_id: string;
};

export type DecisionTable = {
  community_id: string;
  id: string;
  submission_id: string;
  revision: number;
  digest: string;
  kind: 'accept' | 'approve' | 'return' | 'void' | 'undo';
  /** What this decision follows on: the submission's `decision_id` when it was taken (TWO-3). */
  previous_id: string | null;
  review_before: ReviewState;
  /** JSON of `ReviewComment[]`. */
  comments: Sealed;
  /** JSON of `Correction[]`. */
  corrections: Sealed;
  reason: Sealed;
  by_account: string;
  /** `person`, or the rule that decided. */
  by_rule: string;
  at: string;
  undone_at: string | null;
  /** JSON of `{ revision, digest }`: what the submission stood for before, where `accept` chose another revision. */
  head_before: string | null;
  /** `partKey` of the revision beside or foreign that this is about, and not about what the submission stands for. */
  aside: string | null;
};

/** What a decision did to one row of the register, for undo: the row before (JSON, null where there was none) and the version after. */
export type DecisionEffectTable = {
  community_id: string;
  decision_id: string;
  entity_type: EntityType;
  entity_id: string;
  before: Sealed;
  version_after: number;
};

export type RoundTable = {
  community_id: string;
  id: string;
  name: string;
  kind: Code<'round-kind'>;
  starts_on: string;
  closes_on: string;
  /** JSON of grid ids. */
  grid_ids: string;
  started_at: string;
  closed_at: string | null;
};

/** Where a door stands in a round: recomputed from its submissions whenever one of them changes. */
export type DoorStateTable = {
  community_id: string;
  round_id: string;
  dwelling_id: string;
  grid_id: string;
  building_id: string;
  submission_id: string | null;
  /** The counted submission's state; null at a door not visited. */
  review: ReviewState | null;
  outcome: string;
  changed: Bit;
  /** JSON of the domain's `DoorCoverage` (counts for the four figures). */
  coverage: string;
  verified_at: string | null;
  /** JSON of `Attempt[]`. */
  attempts: string;
  next_visit: string | null;
  note: Sealed;
  /** JSON of resident ids. */
  listed: string;
};

export type CarePlanTable = {
  community_id: string;
  resident_id: string;
  /** JSON of account ids. */
  by_accounts: string;
  body: Sealed;
  next_on: string | null;
  version: number;
};

export type FeedTable = { community_id: string; id: string; version: number };
export type FeedItemTable = {
  community_id: string;
  feed_id: string;
  type: string;
  item_id: string;
  version: number;
  /** JSON text ready to send; empty where gone. */
  body: Sealed;
  gone: Bit;
};
export type FeedPastTable = {
  community_id: string;
  feed_id: string;
  type: string;
  item_id: string;
  version: number;
  body: Sealed;
};

/** A version of a form that the community published as data; one never changes, and none is taken back. */
export type FormVersionTable = {
  community_id: string;
  id: string;
  version: number;
  /** JSON of a `FormDefinition`. */
  definition: string;
  published_at: string;
};

/** Work to be done after a push was committed, found again after a crash (FEED-10): acceptance by rule, a round's doors, checking quarantine again, plans of care. */
export type AfterworkTable = { community_id: string; submission_id: string; kind: string; at: string };

/** A roster on its way in; the file and what was understood, until it is imported or thrown away. */
export type RosterImportTable = {
  community_id: string;
  id: string;
  file_name: string;
  /** Base64 of the file. */
  file: Sealed;
  /** `read`, `mapped`, `importing`, `done`, `failed`. */
  state: string;
  /** JSON: column mapping chosen by a person. */
  mapping: Sealed;
  /** JSON: what was understood, questions, what would change. */
  summary: Sealed;
  done: number;
  total: number;
  by_account: string;
  at: string;
};

/** Drawn by the server: which of a bulk must be opened before it can be approved. */
export type BulkSampleTable = {
  community_id: string;
  id: string;
  by_account: string;
  /** JSON of `{ id, revision, digest }[]`. */
  members: string;
  /** JSON of submission ids. */
  sample: string;
  /** JSON of submission ids opened so far. */
  opened: string;
  at: string;
};

export type AuditTable = {
  community_id: string;
  id: string;
  at: string;
  account_id: string;
  action: string;
  subject_type: string;
  subject_id: string;
};

/** The sign-in library's tables, in its own words (`accounts/auth.ts`). Its user has the id of our account. */
export type SignInUserTable = {
  id: string;
  name: string;
  /** Asked for by the library, used by nobody. */
  email: string;
  emailVerified: Bit;
  image: string | null;
  createdAt: string;
  updatedAt: string;
  username: string | null;
};
export type SignInSessionTable = {
  id: string;
  expiresAt: string;
  token: string;
  createdAt: string;
  updatedAt: string;
  ipAddress: string | null;
  userAgent: string | null;
  userId: string;
};
export type SignInCredentialTable = {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  scope: string | null;
  /** argon2id in its usual text form. */
  password: string | null;
  createdAt: string;
  updatedAt: string;
};
/** The library has one; the office uses nothing that fills it. */
export type SignInVerificationTable = {
  id: string;
  identifier: string;
  value: string;
  expiresAt: string;
  createdAt: string;
  updatedAt: string;
};
/** Wrong passwords in a row. `id`: a keyed hash of the username that was tried; `community_id`: empty where nobody has that username. */
export type SignInFailureTable = { community_id: string; id: string; count: number; at: string };

/** Of the whole office: `community_id` is empty. `auth-secret` where several processes share the database and nobody gave one. */
export type OfficeSettingTable = { community_id: string; name: string; value: string };

export type Tables = {
  office_setting: OfficeSettingTable;
  sign_in_user: SignInUserTable;
  sign_in_session: SignInSessionTable;
  sign_in_credential: SignInCredentialTable;
  sign_in_verification: SignInVerificationTable;
  sign_in_failure: SignInFailureTable;
  community: CommunityTable;
  rescue_key: RescueKeyTable;
  number_key: NumberKeyTable;
  account: AccountTable;
  account_grid: AccountGridTable;
  account_recipient: AccountRecipientTable;
  device: DeviceTable;
  grid: GridTable;
  building: BuildingTable;
  dwelling: DwellingTable;
  household: HouseholdTable;
  resident: ResidentTable;
  alias: AliasTable;
  register_change: RegisterChangeTable;
  submission: SubmissionTable;
  revision: RevisionTable;
  proposal: ProposalTable;
  decision: DecisionTable;
  decision_effect: DecisionEffectTable;
  round: RoundTable;
  door_state: DoorStateTable;
  care_plan: CarePlanTable;
  feed: FeedTable;
  feed_item: FeedItemTable;
  feed_past: FeedPastTable;
  afterwork: AfterworkTable;
  form_version: FormVersionTable;
  roster_import: RosterImportTable;
  bulk_sample: BulkSampleTable;
  audit: AuditTable;
};
