/**
 * The bodies of what feeds bring (protocol.md, Items of the feeds). A phone parses an item when it reads it;
 * an item that does not parse, or of a type it does not know, is kept whole and shown nowhere (FEED-7).
 */
import * as z from 'zod/mini';
import { Building, Uuid } from '../domain/register';
import { ToldCode, ToldDwelling, ToldHousehold, ToldResident } from '../domain/told';
import { Problem, Timestamp } from './revision';
import { RescueKey } from './rescue';

/** A resident as it leaves the office: the whole number never does (SCO-7), nor who consented to what. */
export const ResidentItem = z.extend(ToldResident, {
  id: Uuid,
  idNumberMasked: z.string(),
  /** Care groups that an import named and nobody has consented to yet: asked at the next visit. */
  suggestedCareGroups: z.optional(z.array(ToldCode)),
  /** Last confirmation of each field that has one, RFC 3339; `*` stands for the rest. */
  confirmedAt: z.optional(z.record(z.string(), Timestamp)),
});
export type ResidentItem = z.infer<typeof ResidentItem>;

export const HouseholdItem = z.extend(ToldHousehold, { id: Uuid, residents: z.array(ResidentItem) });
export type HouseholdItem = z.infer<typeof HouseholdItem>;

export const Attempt = z.object({
  at: Timestamp,
  outcome: ToldCode,
  /** Hour band and kind of day in Asia/Shanghai; two in one band of one day are one attempt. */
  band: ToldCode,
  weekend: z.boolean(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Where a door stands in the running round. */
export const DoorState = z.object({
  /** `not-visited`, or how the last visit ended. */
  outcome: ToldCode,
  /** The outcome came with a change to the register. */
  changed: z.boolean(),
  verifiedAt: z.nullable(Timestamp),
  attempts: z.array(Attempt),
  nextVisit: z.nullable(z.iso.date()),
  /** Of the last try: who has the key, who could help. */
  note: z.string(),
  /** At a partly verified door: residents with a change. */
  listed: z.array(Uuid),
  roundId: z.nullable(Uuid),
});
export type DoorState = z.infer<typeof DoorState>;

/** A door at which nobody has knocked in this round; null where none runs. */
export const notVisited = (roundId: string | null = null): DoorState => ({
  outcome: 'not-visited',
  changed: false,
  verifiedAt: null,
  attempts: [],
  nextVisit: null,
  note: '',
  listed: [],
  roundId,
});

/** A door is one item: the dwelling with its households and their residents. */
export const DwellingItem = z.extend(ToldDwelling, {
  id: Uuid,
  gridId: Uuid,
  buildingId: Uuid,
  households: z.array(HouseholdItem),
  state: DoorState,
});
export type DwellingItem = z.infer<typeof DwellingItem>;

export const BuildingItem = Building;
export type BuildingItem = Building;

export const RoundItem = z.object({
  id: Uuid,
  name: z.string(),
  kind: ToldCode,
  startsOn: z.iso.date(),
  closesOn: z.iso.date(),
});
export type RoundItem = z.infer<typeof RoundItem>;

export const GridItem = z.object({ id: Uuid, name: z.string(), rounds: z.array(RoundItem) });
export type GridItem = z.infer<typeof GridItem>;

/** Work that a coordinator or a rule asks for. */
export const TaskItem = z.object({
  id: Uuid,
  /** `verify`, `try-again`, `visit`, `follow-up`, `need`. */
  kind: ToldCode,
  /** `dwelling`, `resident`, `grid`. */
  target: z.object({ type: ToldCode, id: Uuid }),
  text: z.string(),
  dueOn: z.nullable(z.iso.date()),
  urgency: z.nullable(ToldCode),
});
export type TaskItem = z.infer<typeof TaskItem>;

export const Role = z.enum(['administrator', 'coordinator', 'grid-worker', 'volunteer']);
export type Role = z.infer<typeof Role>;

export const ProfileItem = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  /** A `Role`. */
  role: ToldCode,
  grids: z.array(Uuid),
});
export type ProfileItem = z.infer<typeof ProfileItem>;

export const CommunityItem = z.object({
  id: Uuid,
  name: z.string(),
  timeZone: z.string(),
  /** Who may be called for help from the field; shown beside 110, 119, 120. */
  phone: z.string(),
  /** A location is taken with a saved record only where this is true. */
  location: z.boolean(),
  /** By which unsent work can be handed to the office as a file (docs/rescue-file.md). */
  rescueKey: z.optional(RescueKey),
});
export type CommunityItem = z.infer<typeof CommunityItem>;

export const ReviewState = z.enum(['quarantined', 'pending', 'approved', 'returned', 'voided']);
export type ReviewState = z.infer<typeof ReviewState>;

export const ReviewComment = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  text: z.string(),
  by: z.string(),
  at: Timestamp,
});
export type ReviewComment = z.infer<typeof ReviewComment>;

export const Correction = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  value: z.unknown(),
});
export type Correction = z.infer<typeof Correction>;

/** Where my record stands: enough for a phone that does not hold the record. */
export const SubmissionItem = z.object({
  kind: z.string(),
  target: z.object({ type: z.string(), id: z.string() }),
  recordedAt: z.string(),
  revision: z.int(),
  digest: z.string(),
  /** A `ReviewState`. */
  review: ToldCode,
  comments: z.array(ReviewComment),
  problems: z.optional(z.array(Problem)),
  corrections: z.optional(z.array(Correction)),
  others: z.optional(
    z.array(
      z.object({
        revision: z.int(),
        digest: z.string(),
        review: z.string(),
        problems: z.optional(z.array(Problem)),
        /** Why the office put this one away. */
        reason: z.optional(z.string()),
      }),
    ),
  ),
  /** How the visit ended: a phone without the record shows it beside the decision, and the door as visited while there is none (DEV-8). */
  outcome: z.optional(z.string()),
  /** While returned: the revision itself, each `idNumber` as `idNumberMasked` (DEV-17). */
  record: z.optional(z.record(z.string(), z.unknown())),
  /** Of the last decision, also while a later revision waits again: then `before` says what it was about (TWO-4). */
  decidedAt: z.nullable(Timestamp),
  by: z.nullable(z.string()),
  before: z.optional(z.object({ revision: z.int(), digest: z.string(), review: z.string() })),
});
export type SubmissionItem = z.infer<typeof SubmissionItem>;

/** A person in my care: who, where, the plan and the last visits. The item's id is the resident's. */
export const RecipientItem = z.object({
  id: Uuid,
  name: z.string(),
  sex: ToldCode,
  birthDate: z.string(),
  phone: z.string(),
  careGroups: z.array(ToldCode),
  address: z.object({
    compound: z.string(),
    building: z.string(),
    unit: z.string(),
    floor: z.int(),
    room: z.string(),
  }),
  contacts: z.array(z.object({ kind: ToldCode, name: z.string(), phone: z.string() })),
  plan: z.object({
    services: z.array(ToldCode),
    everyDays: z.int().check(z.minimum(1)),
    from: z.iso.date(),
    until: z.nullable(z.iso.date()),
    mustKnow: z.string(),
    pausedUntil: z.nullable(z.iso.date()),
    nextOn: z.nullable(z.iso.date()),
    /** The others who visit this person: who can be named in `withVolunteers`. */
    volunteers: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
  visits: z.array(
    z.object({
      at: Timestamp,
      outcome: ToldCode,
      condition: z.record(z.string(), z.nullable(z.int())),
      services: z.array(z.object({ code: ToldCode, minutes: z.int() })),
      by: z.string(),
      note: z.string(),
    }),
  ),
});
export type RecipientItem = z.infer<typeof RecipientItem>;

/** The id of a `form` item: each version of a form is one of its own. */
export const formItemId = ({ id, version }: { id: string; version: number }) => `${id}@${version}`;

/** Every item type that this version knows, with its schema. */
export const itemSchemas = {
  grid: GridItem,
  building: BuildingItem,
  dwelling: DwellingItem,
  task: TaskItem,
  profile: ProfileItem,
  community: CommunityItem,
  submission: SubmissionItem,
  recipient: RecipientItem,
  form: z.looseObject({ id: z.string(), version: z.int() }),
  'code-list': z.looseObject({ id: z.string() }),
} as const;
export type ItemType = keyof typeof itemSchemas;
export type ItemBody<Type extends ItemType> = z.infer<(typeof itemSchemas)[Type]>;
