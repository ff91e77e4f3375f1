/**
 * What a household verification does to the register, as steps that the office applies to its rows and the phone lays over its door.
 * The body is one that its form's check has let through; anything else is read as far as it can be.
 */
import { type DoorLike, findResident, type HouseholdLike, isRegistered } from './door-like';
import {
  givenOfDeparture,
  givenOfDwelling,
  givenOfHousehold,
  givenOfResident,
  missingAfter,
  reasonsOf,
  withReasons,
} from './given-fields';
import { asRecord, isFilled, recordsOf, textOf } from './json';
import { isRetiring } from './outcomes';
import { type DwellingFields, emptyDwelling, type HouseholdFields, type ResidentFields } from './register';

/** What a visit confirms of a person: every value that was asked for, only whether they are here, or (of somebody not known here) nothing. */
export type Confirmed = 'all' | 'presence' | 'nothing';

export type RegisterStep =
  | {
      type: 'set-dwelling';
      fields: Partial<DwellingFields>;
      /** Values that were asked for and not had: the visit confirms everything else. Left out where there is none. */
      except?: readonly string[];
    }
  | { type: 'retire-dwelling'; reason: 'no-such-door' | 'not-a-dwelling' }
  | { type: 'restore-dwelling' }
  | { type: 'create-dwelling'; dwelling: DwellingFields & { id: string; gridId: string } }
  | { type: 'set-household'; id: string; fields: Partial<HouseholdFields>; except?: readonly string[] }
  | { type: 'create-household'; household: HouseholdFields & { id: string } }
  | { type: 'end-household'; id: string }
  | {
      type: 'set-resident';
      id: string;
      householdId: string;
      fields: Partial<ResidentFields>;
      confirm: Confirmed;
      /** Of `all`: values that nobody was asked for, or that were asked for and not had. Left out where there is none. */
      except?: readonly string[];
    }
  | {
      type: 'create-resident';
      id: string;
      householdId: string;
      fields: Partial<ResidentFields>;
      /** As above, of somebody who comes back and whose record is held. */
      except?: readonly string[];
    }
  | { type: 'join-resident'; id: string; sameAs: string; householdId: string; fields: Partial<ResidentFields> };

/** Informants who give who lives here, but confirm no number, telephone or birth date. */
const outsiders: readonly unknown[] = ['flatmate', 'landlord', 'manager', 'neighbour', 'contact'];

/** Whether an informant of this kind can say who lives there, but no number, telephone or birth date of theirs. */
export function isOutsiderKind(kind: unknown): boolean {
  return outsiders.includes(kind);
}

/** Whether a body's informant can confirm only who is here. */
export function isToldByOutsider(body: Record<string, unknown>): boolean {
  return isOutsiderKind(asRecord(body['informant'])?.['kind']);
}

/**
 * The steps of a verification, doors before households before people. `door`: the register's, or null for a proposed door, whose id is
 * then `dwellingId`.
 */
export function planVerification(
  door: DoorLike | null,
  body: Record<string, unknown>,
  dwellingId: string = door?.id ?? '',
): RegisterStep[] {
  const outcome = textOf(body['outcome']);
  const answered = outcome === 'verified' || outcome === 'partly-verified';
  const steps = stepsOfDwelling(door, body, dwellingId, answered);
  if (isRetiring(outcome)) {
    if (door) steps.push({ type: 'retire-dwelling', reason: outcome });
  } else if (outcome === 'moved-away') steps.push(...everybodyLeaves(door, body));
  else if (answered) steps.push(...stepsOfHouseholds(door, body));
  return steps;
}

function stepsOfDwelling(
  door: DoorLike | null,
  body: Record<string, unknown>,
  dwellingId: string,
  answered: boolean,
): RegisterStep[] {
  const given = asRecord(body['dwelling']) ?? {};
  const fields = withReasons(givenOfDwelling(given), door?.missing, given);
  if (door) {
    const confirms = answered && !isToldByOutsider(body);
    if (!confirms && Object.keys(fields).length === 0) return [];
    return [{ type: 'set-dwelling', fields, ...notTold(given) }];
  }
  const gridId = textOf(given['gridId']);
  if (gridId === '') return [];
  return [{ type: 'create-dwelling', dwelling: { ...emptyDwelling, ...fields, id: dwellingId, gridId } }];
}

/** Whoever is registered leaves, listed or not; who is listed with the day and the place that were told. */
function everybodyLeaves(door: DoorLike | null, body: Record<string, unknown>): RegisterStep[] {
  const told = new Map(
    recordsOf(body['households'])
      .flatMap(({ record }) => recordsOf(record['residents']))
      .map(({ record }) => [textOf(record['id']), givenOfDeparture(record)] as const),
  );
  return (door?.households ?? []).flatMap((household) => [
    ...household.residents.filter(isRegistered).map((resident): RegisterStep => ({
      type: 'set-resident',
      id: resident.id,
      householdId: household.id,
      fields: { ...told.get(resident.id), presence: 'moved-away' },
      confirm: 'presence',
    })),
    { type: 'end-household' as const, id: household.id },
  ]);
}

function stepsOfHouseholds(door: DoorLike | null, body: Record<string, unknown>): RegisterStep[] {
  const households: RegisterStep[] = [];
  const people: RegisterStep[] = [];
  for (const { record } of recordsOf(body['households'])) {
    const id = textOf(record['id']);
    const residents = recordsOf(record['residents']).map((entry) => entry.record);
    const known = door?.households.find((household) => household.id === id);
    const given = { ...givenOfHousehold(record), ...headNamed(record, residents, known) };
    const fields = withReasons(given, known?.missing, record);
    const confirm = confirmedBy(body, id, residents, known);
    if (!known) {
      households.push({
        type: 'create-household',
        household: { kind: 'family', tenure: null, headId: null, phone: '', ...fields, id },
      });
    } else if (confirm === 'all' || Object.keys(fields).length > 0)
      households.push({ type: 'set-household', id, fields, ...notTold(record) });
    const head = fields.headId ?? null;
    for (const resident of residents)
      people.push(...stepsOfResident(door, id, resident, { head, confirm, ...notHad(body, resident) }));
  }
  return [...households, ...people, ...endedHouseholds(door, body)];
}

/** A reason says that an answer was not had: the visit does not confirm it. */
function notTold(given: Record<string, unknown>): { except?: readonly string[] } {
  const except = Object.keys(reasonsOf(given));
  return except.length > 0 ? { except } : {};
}

/** What a visit does not confirm of a person: a number is never asked for by telephone, either. */
function notHad(body: Record<string, unknown>, resident: Record<string, unknown>): { except?: readonly string[] } {
  if (body['how'] !== 'telephone') return notTold(resident);
  return { except: [...new Set(['idNumber', ...Object.keys(reasonsOf(resident))])] };
}

/** A flatmate or a manager who lives in this very household speaks for it as its member. */
function confirmedBy(
  body: Record<string, unknown>,
  householdId: string,
  residents: Record<string, unknown>[],
  known: HouseholdLike | undefined,
): Confirmed {
  if (!isToldByOutsider(body)) return 'all';
  const informant = textOf(asRecord(body['informant'])?.['residentId']);
  if (informant === '' || householdId === '') return 'presence';
  const belongs =
    residents.some((resident) => resident['id'] === informant) ||
    known?.residents.some((resident) => resident.id === informant && isRegistered(resident));
  return belongs ? 'all' : 'presence';
}

/** The head named, or the one person of a family who is said to be head now. */
export function headNamed(
  household: Record<string, unknown>,
  residents: Record<string, unknown>[],
  known: HouseholdLike | undefined,
): { headId?: string | null } {
  const kind = textOf(household['kind']) || known?.kind;
  if (isFilled(household['headId']) || kind === 'collective') return {};
  const heads = residents.filter((resident) => resident['relation'] === '02');
  return heads.length === 1 ? { headId: textOf(heads[0]?.['id']) } : {};
}

function stepsOfResident(
  door: DoorLike | null,
  householdId: string,
  resident: Record<string, unknown>,
  { head, confirm, ...notHad }: { head: string | null; confirm: Confirmed; except?: readonly string[] },
): RegisterStep[] {
  const id = textOf(resident['id']);
  const change = textOf(resident['change']);
  const known = findResident(door, id);
  const missing = missingAfter(known?.resident.missing, resident);
  const fields = { ...givenOfResident(resident), missing };
  if (missing === undefined) delete fields.missing;
  const sameAs = textOf(resident['sameAs']);
  if (sameAs !== '' && sameAs !== id && (change === 'moved-in' || change === 'corrected' || change === 'born'))
    return [{ type: 'join-resident', id, sameAs, householdId, fields }];
  switch (change) {
    case 'moved-in':
    case 'born': {
      const since = isFilled(resident['since']) ? {} : { since: textOf(resident['on']) };
      const back = known?.resident.on || known?.resident.movedTo ? { on: '', movedTo: '' } : {};
      const whole = { presence: 'here' as const, ...fields, ...since, ...back };
      return [{ type: 'create-resident', id, householdId, fields: whole, ...notHad }];
    }
    case 'moved-away':
    case 'died': {
      const stays = known?.household.id ?? householdId;
      const gone = { ...givenOfDeparture(resident), presence: change } as const;
      return [{ type: 'set-resident', id, householdId: stays, fields: gone, confirm: 'presence' }];
    }
    case 'unchanged':
      // What stands beside it empty is no answer; only a reason for a missing one counts.
      return [{ type: 'set-resident', id, householdId, fields: missing ? { missing } : {}, confirm, ...notHad }];
    case 'corrected':
      return [{ type: 'set-resident', id, householdId, fields, confirm, ...notHad }];
    default: {
      // `unknown-here`: the office looks, nothing is struck off by itself. Where another is named head, this one is it no longer.
      const relation = relationUnderOther(known, householdId, head, resident);
      if (!known || relation === undefined) return [];
      return [{ type: 'set-resident', id, householdId: known.household.id, fields: { relation }, confirm: 'nothing' }];
    }
  }
}

/**
 * The relation of a head who is not known here, once `head` is named in the place: unknown (null) unless the record says one. Undefined where
 * nothing is said of it.
 */
export function relationUnderOther(
  known: ReturnType<typeof findResident>,
  householdId: string,
  head: string | null,
  resident: Record<string, unknown>,
): ResidentFields['relation'] | undefined {
  if (!known || resident['change'] !== 'unknown-here' || !isRegistered(known.resident)) return undefined;
  if (known.resident.relation !== '02' || known.household.id !== householdId) return undefined;
  if (head === null || head === known.resident.id) return undefined;
  const said = givenOfResident(resident).relation ?? null;
  return said === '02' ? null : said;
}

/** A household left with nobody ends by itself. */
function endedHouseholds(door: DoorLike | null, body: Record<string, unknown>): RegisterStep[] {
  const listed = recordsOf(body['households']).flatMap(({ record }) =>
    recordsOf(record['residents']).map((entry) => ({ householdId: textOf(record['id']), resident: entry.record })),
  );
  const placeOf = new Map(
    listed.flatMap((place) => [
      [textOf(place.resident['sameAs']), place] as const,
      [textOf(place.resident['id']), place] as const,
    ]),
  );
  return (door?.households ?? [])
    .filter((household) => {
      const stays = household.residents.filter(isRegistered).some((resident) => {
        const place = placeOf.get(resident.id);
        if (!place) return true;
        return place.householdId === household.id && !['moved-away', 'died'].includes(textOf(place.resident['change']));
      });
      const comes = listed.some(
        ({ householdId, resident }) =>
          householdId === household.id &&
          ['moved-in', 'born', 'corrected', 'unchanged'].includes(textOf(resident['change'])),
      );
      return household.residents.length > 0 && !stays && !comes;
    })
    .map(({ id }): RegisterStep => ({ type: 'end-household', id }));
}
