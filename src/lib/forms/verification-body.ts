/** A verification while it is being filled in: the shape that the definition gives, with what the screens rely on made certain. */
import type { Code } from '../domain/codes/codes';
import type {
  VerificationBody,
  VerificationHousehold,
  VerificationResident,
} from './definitions/household-verification';

export type Change = Code<'resident-change'>;
export type VisitOutcome = Code<'visit-outcome'>;

export type ResidentEntry = VerificationResident & {
  id: string;
  change: Change;
  /** Of a returned record without its own revision: stands for the number that was sent (DEV-17). */
  idNumberMasked?: string;
};
export type HouseholdEntry = Omit<VerificationHousehold, 'id' | 'residents'> & {
  id: string;
  residents: ResidentEntry[];
};
export type Informant = { residentId: string | null; name: string; kind?: Code<'informant-kind'> | null };

/** Holds only what somebody touched, beside what a form always has; `bodyToSend` makes of it what goes out. */
export type FillingBody = Omit<VerificationBody, 'informant' | 'dwelling' | 'households' | 'noticeGiven'> & {
  outcome: VisitOutcome | null;
  nextVisit: string | null;
  informant: Informant | null;
  dwelling: NonNullable<VerificationBody['dwelling']>;
  households: HouseholdEntry[];
  note: string;
  noticeGiven: boolean;
  /** Of a whole household that moved away: when and where to, told once for everybody. Goes out with each of them, not by itself. */
  departure?: Departure;
};
export type Departure = { on?: string; movedTo?: string };

export function emptyBody(): FillingBody {
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
