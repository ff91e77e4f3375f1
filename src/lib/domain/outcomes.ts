/** What an outcome of a knock means for the door. */
import { type Code, isCode } from './codes/codes';

export type VisitOutcome = Code<'visit-outcome'>;
export type OutcomeClass = 'settled' | 'partly' | 'open';

/** What a door that is no dwelling is used for: such a door, kept in the register, asks for no household. */
export const usesOfNoDwelling: readonly Code<'dwelling-use'>[] = ['shop', 'public', 'storage', 'other'];

const classes: Record<VisitOutcome, OutcomeClass> = {
  verified: 'settled',
  vacant: 'settled',
  'moved-away': 'settled',
  'not-a-dwelling': 'settled',
  'no-such-door': 'settled',
  'partly-verified': 'partly',
  'no-one-home': 'open',
  postponed: 'open',
  refused: 'open',
  'no-access': 'open',
  unable: 'open',
};

/** Settled 已核清, partly settled, or knocked at and open (data dictionary, Rounds and coverage). */
export function outcomeClass(outcome: VisitOutcome): OutcomeClass {
  return classes[outcome];
}

/** Null for a door not visited in the round, and for an outcome that this version does not know. */
export function visitOutcome(told: string): VisitOutcome | null {
  return isCode('visit-outcome', told) ? told : null;
}

/** The door is no dwelling, or not there: approved, such a record takes it out of the register. */
export function isRetiring(outcome: unknown): outcome is 'no-such-door' | 'not-a-dwelling' {
  return outcome === 'no-such-door' || outcome === 'not-a-dwelling';
}

/** An attempt needs no decision of the office: it says only that somebody was there. */
export function isAttempt(outcome: string): boolean {
  return outcome === 'no-one-home' || outcome === 'postponed';
}
