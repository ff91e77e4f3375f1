/** Own undecided care visits laid over a recipient: the visit is in the list and the next date moves before the office has spoken (DEV-8). */
import * as z from 'zod/mini';
import { addDays, dayOf } from '../domain/calendar';
import { ToldCode } from '../domain/told';
import type { RecipientItem } from '../sync/items';
import { Timestamp } from '../sync/revision';
import type { Overlay } from './record-standing';

/** As much of a care visit's body as this picture needs; the form's own schema checks the whole. */
const Visit = z.object({
  outcome: ToldCode,
  services: z.catch(z.array(z.object({ code: ToldCode, minutes: z.int() })), []),
  condition: z.catch(z.record(z.string(), z.nullable(z.int())), {}),
  nextVisit: z.catch(z.nullish(z.iso.date()), null),
  note: z.catch(z.string(), ''),
  visitedAt: z.catch(z.nullish(Timestamp), null),
  stopVisits: z.catch(z.nullish(z.boolean()), null),
});
type Visit = z.infer<typeof Visit>;

/** The data dictionary's pause for who is in hospital or away and names no day. */
const PAUSE_DAYS = 14;

/** The recipient with one visit on it; unchanged where the body cannot be read. Pure. */
export function layVisitOver(recipient: RecipientItem, overlay: Overlay, by: string): RecipientItem {
  const parsed = Visit.safeParse(overlay.body);
  if (!parsed.success) return recipient;
  const visit = parsed.data;
  const at = visit.visitedAt ?? overlay.recordedAt;
  const { outcome, services, condition, note } = visit;
  return {
    ...recipient,
    plan: { ...recipient.plan, ...planAfter(recipient.plan, visit, dayOf(at)) },
    visits: [...recipient.visits, { at, outcome, services, condition, by, note }].sort(
      (one, other) => Date.parse(other.at) - Date.parse(one.at),
    ),
  };
}

function planAfter(
  plan: RecipientItem['plan'],
  visit: Visit,
  day: string,
): Partial<Pick<RecipientItem['plan'], 'nextOn' | 'pausedUntil'>> {
  const { pausedUntil } = plan;
  const isOver = visit.stopVisits === true || visit.outcome === 'died' || visit.outcome === 'moved-away';
  // Whoever knocked in vain had not heard that visits are over: only one at which somebody was met says that they go on.
  if (isOver || (plan.nextOn === null && visit.outcome !== 'met')) return { nextOn: null, pausedUntil };
  switch (visit.outcome) {
    case 'in-hospital':
    case 'away': {
      const until = visit.nextVisit ?? addDays(day, PAUSE_DAYS);
      return { nextOn: until, pausedUntil: until };
    }
    case 'met':
      return { nextOn: visit.nextVisit ?? addDays(day, plan.everyDays), pausedUntil };
    case 'moved-away':
    case 'died':
    case 'not-met':
    case 'declined':
      return { nextOn: visit.nextVisit ?? plan.nextOn, pausedUntil };
    default:
      return {};
  }
}
