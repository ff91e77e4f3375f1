/** The body of a verification while it is being filled in: the dictionary's shape, not yet whole. */
import { isOutsiderKind } from '$lib/domain/verification';
import type { Code } from '$lib/domain/codes/codes';
import type { DwellingFields, HouseholdFields, ResidentFields } from '$lib/domain/register';

export type Change = Code<'resident-change'>;
export type ResidentEntry = {
  id: string;
  change: Change;
  on?: string | null;
  movedTo?: string | null;
  sameAs?: string | null;
  /** Of a returned record without its own revision: stands for the number that was sent (DEV-17). */
  idNumberMasked?: string;
  consent?: { by: string; on: string } | null;
} & Partial<ResidentFields>;
export type HouseholdEntry = { id: string; residents: ResidentEntry[] } & Partial<HouseholdFields>;
export type Informant = { residentId: string | null; name: string; kind?: Code<'informant-kind'> };
export type VerificationBody = {
  outcome: Code<'visit-outcome'> | null;
  nextVisit: string | null;
  informant: Informant | null;
  how?: Code<'contact-mode'>;
  visitedAt?: string | null;
  dwelling: Partial<DwellingFields> & { gridId?: string };
  households: HouseholdEntry[];
  note: string;
  noticeGiven: boolean;
};

export function emptyBody(): VerificationBody {
  return {
    outcome: null,
    nextVisit: null,
    informant: null,
    dwelling: {},
    households: [],
    note: '',
    noticeGiven: false,
  };
}

/** What these know of a household ends at who lives here: no number, telephone or birth date is asked of them. */
export function isOutsider(informant: Informant | null): boolean {
  return isOutsiderKind(informant?.kind);
}
