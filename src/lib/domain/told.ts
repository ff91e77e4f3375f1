/**
 * The register's fields as the office tells them: a code may be one that only a newer office knows, and is kept as it came (FEED-7). What
 * the code lists hold is asked where the register is written (`register.ts`) and where a code is shown or means something.
 */
import * as z from 'zod/mini';
import { Contact, DwellingFields, HouseholdFields, ResidentFields } from './register';

/** A code of any list, known here or not. */
export const ToldCode = z.string();
const codeOrNone = z.nullable(ToldCode);
const missing = z.optional(z.record(z.string(), ToldCode));

export const ToldDwelling = z.extend(DwellingFields, { use: codeOrNone, missing });
export type ToldDwelling = z.infer<typeof ToldDwelling>;

export const ToldHousehold = z.extend(HouseholdFields, { kind: ToldCode, tenure: codeOrNone, missing });
export type ToldHousehold = z.infer<typeof ToldHousehold>;

/** Without what never leaves the office: the whole number, and who consented to what (SCO-7). */
export const ToldResident = z.extend(z.omit(ResidentFields, { idNumber: true, consent: true }), {
  sex: ToldCode,
  idType: codeOrNone,
  relation: codeOrNone,
  residence: codeOrNone,
  careGroups: z.array(ToldCode),
  presence: ToldCode,
  contacts: z.optional(z.array(z.extend(Contact, { kind: ToldCode }))),
  missing,
});
export type ToldResident = z.infer<typeof ToldResident>;
