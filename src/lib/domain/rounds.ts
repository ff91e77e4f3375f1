/** Which rounds a visit counts in (data dictionary, Rounds and coverage). */
import { dayOf } from './calendar';

/**
 * Whether a round that still runs was open at a moment (RFC 3339, or ms since 1970): from the community's day on which it began. When it is
 * due does not matter: work done after that in a round that still runs counts.
 */
export function hadBegun(round: { startsOn: string }, at: string | number): boolean {
  return dayOf(at) >= round.startsOn;
}
