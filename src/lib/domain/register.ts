/**
 * The register 底册: building, dwelling, household, resident, as `data-dictionary` names their fields.
 * Whole values live at the office only; what a phone holds is in `sync/items.ts`.
 */
import * as z from 'zod/mini';
import { codeSchema } from './codes/codes';

export const Uuid = z.uuid();
/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; whether the day exists is checked in `part-date.ts`. */
export const PartDateText = z.string().check(z.regex(/^\d{4}(-\d{2}(-\d{2})?)?$/));
/** At most so many characters as people count them: a rare character of two code units is one. */
const text = (max: number) =>
  z.string().check(z.refine((value) => value.length <= max || [...value].length <= max, { error: 'too_long' }));

export const PlanPart = z.object({
  unit: z.string(),
  floors: z.tuple([z.int(), z.int()]),
  doors: z.int().check(z.minimum(0), z.maximum(60)),
});
/** `unit`: one stairway; `floors` from and to, `doors` on each floor. Guessed at import, corrected by people. */
export type PlanPart = z.infer<typeof PlanPart>;

export const Building = z.object({
  id: Uuid,
  gridId: Uuid,
  compound: text(60),
  building: text(30),
  plan: z.optional(z.array(PlanPart)),
  noDoor: z.optional(z.array(z.string())),
  access: z.optional(text(100)),
});
export type Building = z.infer<typeof Building>;

/** Why an answer that was asked for was not had: `{ field: reason }`. Beside those written here stand what a newer office told (`told.ts`). */
export type Missing = Record<string, string>;
export const Missing: z.ZodMiniType<Missing> = z.record(z.string(), codeSchema('missing-reason'));

/** The fields of a dwelling that a form may change; `id` and `gridId` stay. */
export const DwellingFields = z.object({
  compound: text(60),
  building: text(30),
  unit: text(20),
  floor: z.int().check(z.minimum(-3), z.maximum(60)),
  room: text(20),
  use: z.nullable(codeSchema('dwelling-use')),
  note: text(500),
  contactName: text(50),
  contactPhone: text(30),
  alias: z.optional(text(60)),
  partOf: z.optional(Uuid),
  ownerName: z.optional(text(50)),
  ownerPhone: z.optional(text(30)),
  missing: z.optional(Missing),
});
export type DwellingFields = z.infer<typeof DwellingFields>;
/** A dwelling of which nothing is known. */
export const emptyDwelling: DwellingFields = {
  compound: '',
  building: '',
  unit: '',
  floor: 1,
  room: '',
  use: null,
  note: '',
  contactName: '',
  contactPhone: '',
};
export const Dwelling = z.extend(DwellingFields, { id: Uuid, gridId: Uuid });
export type Dwelling = z.infer<typeof Dwelling>;

export const HouseholdFields = z.object({
  kind: codeSchema('household-kind'),
  tenure: z.nullable(codeSchema('tenure')),
  headId: z.nullable(Uuid),
  phone: text(30),
  missing: z.optional(Missing),
});
export type HouseholdFields = z.infer<typeof HouseholdFields>;
export const Household = z.extend(HouseholdFields, { id: Uuid, dwellingId: Uuid });
export type Household = z.infer<typeof Household>;

export const Contact = z.object({
  kind: codeSchema('contact-kind'),
  name: text(50),
  phone: text(30),
  residentId: z.optional(Uuid),
});
export type Contact = z.infer<typeof Contact>;

/** To being in care groups: whose word (the resident's or a guardian's), and on which day; `withdrawnOn` ends it. */
export const Consent = z.object({ by: text(50), on: z.iso.date(), withdrawnOn: z.optional(z.iso.date()) });
export type Consent = z.infer<typeof Consent>;

export const ResidentFields = z.object({
  name: text(50),
  sex: codeSchema('sex'),
  birthDate: z.union([PartDateText, z.literal('')]),
  idType: z.nullable(codeSchema('id-type')),
  idNumber: text(20),
  phone: text(30),
  relation: z.nullable(codeSchema('relation')),
  residence: z.nullable(codeSchema('residence')),
  registeredAddress: text(120),
  since: z.union([PartDateText, z.literal('')]),
  careGroups: z.array(codeSchema('care-group')),
  /** Written at approval, with the care groups; it stays at the office. */
  consent: z.optional(Consent),
  presence: codeSchema('presence'),
  awayTo: z.optional(text(40)),
  contacts: z.optional(z.array(Contact).check(z.maxLength(3))),
  missing: z.optional(Missing),
  /** Of who moved away or died: when, as far as it was told, and to which county or city. */
  on: z.optional(z.union([PartDateText, z.literal('')])),
  movedTo: z.optional(text(40)),
});
export type ResidentFields = z.infer<typeof ResidentFields>;
/** A person of whom nothing is known but that they are here. */
export const emptyResident: ResidentFields = {
  name: '',
  sex: '0',
  birthDate: '',
  idType: null,
  idNumber: '',
  phone: '',
  relation: null,
  residence: null,
  registeredAddress: '',
  since: '',
  careGroups: [],
  presence: 'here',
};
export const Resident = z.extend(ResidentFields, { id: Uuid, householdId: Uuid });
export type Resident = z.infer<typeof Resident>;

/** A dwelling with all that lives in it, as the office holds it. */
export type WholeDwelling = Dwelling & {
  households: (Household & { residents: Resident[] })[];
};

/** How one value of the register came to be, and when it was last confirmed. Times RFC 3339. */
export const Provenance = z.object({
  since: z.string(),
  from: z.enum(['import', 'submission', 'correction']),
  by: z.string(),
  confirmedAt: z.nullable(z.string()),
  confirmedBy: z.nullable(z.string()),
  how: z.nullable(z.object({ mode: codeSchema('contact-mode'), informant: z.nullable(z.string()) })),
});
export type Provenance = z.infer<typeof Provenance>;

export type EntityType = 'building' | 'dwelling' | 'household' | 'resident';
