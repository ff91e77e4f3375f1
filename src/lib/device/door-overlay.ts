/** Own undecided verification laid over a door: what it says of the register, and where the door stands in the round (DEV-8). */
import * as z from 'zod/mini';
import { applyVerification } from '../domain/apply-verification';
import { afterKnock } from '../domain/knocks';
import { outcomeClass, visitOutcome } from '../domain/outcomes';
import { textOf } from '../domain/json';
import { DwellingFields, Uuid } from '../domain/register';
import { hadBegun } from '../domain/rounds';
import { type DoorState, DwellingItem, notVisited, type RoundItem } from '../sync/items';
import { Timestamp } from '../sync/revision';
import { isObject } from './door-head';
import type { Overlay } from './record-standing';

const Day = z.iso.date();
const Address = z.pick(DwellingFields, { compound: true, building: true, unit: true, floor: true, room: true });

type Place = { gridId: string; compound: string; building: string };

/**
 * The door with one verification on it; pure. `rounds`: those that run in its grid. A visit from before they began says what it says of the
 * register, but the door is to do again, as the office counts it. `madeAt`: when own work was made, in the office's time, of the time written (ms).
 */
export function layOver(
  door: DwellingItem,
  overlay: Overlay,
  rounds: readonly RoundItem[],
  madeAt = (said: number): number => said,
): DwellingItem {
  const running = rounds.filter(({ id }) => id === door.state.roundId);
  const counting = running.length > 0 ? running : rounds;
  const seenAt = madeAt(Date.parse(visitedAt(overlay)));
  const counts = counting.length === 0 || counting.some((round) => hadBegun(round, seenAt));
  return { ...applied(door, overlay.body), state: counts ? stateAfter(door.state, overlay) : door.state };
}

function applied(door: DwellingItem, body: Record<string, unknown>): DwellingItem {
  try {
    return applyVerification(door, body);
  } catch {
    return door; // saved by a version whose body this one cannot read: it stays in the outbox, the door as it was
  }
}

/** Where the door stands in the round once this verification counts: the newest one does. */
function stateAfter(state: DoorState, overlay: Overlay): DoorState {
  const { body } = overlay;
  const outcome = visitOutcome(textOf(body.outcome));
  if (!outcome) return state;
  const at = visitedAt(overlay);
  const known = outcomeClass(outcome);
  const listed = known === 'partly' ? listedIn(body) : [];
  return {
    ...state,
    ...afterKnock(state, { outcome, at }),
    changed: saysChange(body),
    nextVisit: Day.safeParse(body.nextVisit).data ?? null,
    note: typeof body.note === 'string' ? body.note : '',
    listed: [...new Set([...(known === 'settled' ? [] : state.listed), ...listed])],
  };
}

/** When the door was visited: typed in later, or when it was recorded. */
function visitedAt({ body, recordedAt }: Overlay): string {
  return isTime(body.visitedAt) ? body.visitedAt : recordedAt;
}

/** Whether a body says anything that the register does not have: a field of the dwelling or a household, a resident changed. */
function saysChange(body: Record<string, unknown>): boolean {
  const ofDwelling = isObject(body.dwelling) ? Object.keys(body.dwelling) : [];
  const ofHouseholds = households(body).flatMap((household) => Object.keys(household));
  return (
    ofDwelling.length > 0 ||
    ofHouseholds.some((key) => key !== 'id' && key !== 'residents') ||
    residents(body).some(({ change }) => change !== 'unchanged')
  );
}

function listedIn(body: Record<string, unknown>): string[] {
  return residents(body).flatMap(({ id, change }) => (typeof id === 'string' && change ? [id] : []));
}

function households(body: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(body.households) ? body.households.filter(isObject) : [];
}

function residents(body: Record<string, unknown>): Record<string, unknown>[] {
  return households(body).flatMap((household) =>
    Array.isArray(household.residents) ? household.residents.filter(isObject) : [],
  );
}

function isTime(value: unknown): value is string {
  return Timestamp.safeParse(value).success;
}

/**
 * An empty door as a verification proposes it (a new id with its whole address), null when the body proposes none.
 * The building is found by its address; a door of a building that the register lacks stands on no board.
 */
export function proposedDoor(
  id: string,
  body: Record<string, unknown>,
  buildingAt: (place: Place) => string | null,
): DwellingItem | null {
  const dwelling = isObject(body.dwelling) ? body.dwelling : {};
  const address = Address.safeParse(dwelling);
  const gridId = Uuid.safeParse(dwelling.gridId);
  if (!address.success || !gridId.success) return null;
  const place = { gridId: gridId.data, compound: address.data.compound, building: address.data.building };
  const door = DwellingItem.safeParse({
    use: null,
    note: '',
    contactName: '',
    contactPhone: '',
    ...dwelling,
    id,
    buildingId: buildingAt(place) ?? id,
    households: [],
    state: notVisited(),
  });
  return door.success ? door.data : null;
}
