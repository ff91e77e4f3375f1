/** What a coordinator types over in a record before approving it: values of the visit, of the household, of its people, of the door. */
import { asRecord, recordsOf, textOf } from '../../src/lib/domain/json';
import { toTimestamp } from '../../src/lib/domain/calendar';
import type { Correction } from '../../src/lib/sync/items';
import type { Chance } from './chance';
import type { Fault } from './faults';

/** A value of the register that a correction leads to, where the record is approved with it. */
export type Leads = { type: 'dwelling' | 'household' | 'resident'; id: string; field: string; value: unknown };
export type Typed = { corrections: Correction[]; leads: Leads[]; kinds: Fault[] };

type Body = Record<string, unknown>;
/** `now`: of the office's clock. */
type About = { kind: string; target: string; body: Body; now: number };
type Way = (about: About, dice: Chance) => Typed | null;

const minute = 60_000;
const hour = 60 * minute;

/** One thing or two; nothing where the record has none that somebody would type over. */
export function typeOver(about: About, dice: Chance): Typed {
  const ways = waysOf(about);
  const chosen = dice.happens(0.4) ? [dice.pick(ways), dice.pick(ways)] : [dice.pick(ways)];
  const typed = [...new Set(chosen)].flatMap((way) => way(about, dice) ?? []);
  return {
    corrections: typed.flatMap(({ corrections }) => corrections),
    leads: typed.flatMap(({ leads }) => leads),
    kinds: typed.flatMap(({ kinds }) => kinds),
  };
}

function waysOf({ kind, body }: About): readonly Way[] {
  if (kind === 'care-visit') return [note, visitedAt, nextVisit, outcomeOfCare, outcomeOfCare, condition, condition];
  if (kind !== 'household-verification') return [note];
  if (isFilled(body['households'])) return [note, visitedAt, partly, person, person, household, door];
  return [note, visitedAt, nextVisit, outcomeOfKnock, outcomeOfKnock, door];
}

const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0;
const only = (corrections: Correction[], ...kinds: Fault[]): Typed => ({ corrections, leads: [], kinds });

const note: Way = () => only([{ path: ['note'], value: '办公室已更正' }]);

/** Before the round began, too, and before other visits. */
const visitedAt: Way = ({ now }, dice) => {
  const ago = dice.pick([5 * minute, hour, 5 * hour, 30 * hour, 6 * 24 * hour]);
  return only([{ path: ['visitedAt'], value: toTimestamp(now - ago - dice.below(hour)) }], 'time of a visit corrected');
};

const nextVisit: Way = (_, dice) =>
  only([{ path: ['nextVisit'], value: `2027-0${1 + dice.below(9)}-1${dice.below(10)}` }], 'next visit corrected');

const outcomeOfKnock: Way = ({ body }, dice) => {
  const outcomes = ['no-one-home', 'refused', 'no-access', 'unable', 'vacant', 'moved-away'];
  const others = outcomes.filter((outcome) => outcome !== body['outcome']);
  return only([{ path: ['outcome'], value: dice.pick(others) }], 'outcome corrected');
};

/** Somebody in the household was not spoken of: another time, as the form asks for it. */
const partly: Way = ({ body }, dice) =>
  body['outcome'] === 'verified'
    ? only(
        [
          { path: ['outcome'], value: 'partly-verified' },
          { path: ['nextVisit'], value: `2027-02-1${dice.below(10)}` },
        ],
        'outcome corrected',
      )
    : null;

/** What was seen of somebody goes out of a visit at which nobody was met. */
const outcomeOfCare: Way = ({ body }, dice) => {
  const outcomes = ['met', 'not-met', 'declined', 'in-hospital', 'away', 'moved-away', 'died'];
  const value = dice.pick(outcomes.filter((outcome) => outcome !== body['outcome']));
  const rest =
    value === 'met'
      ? [{ path: ['services'], value: [{ code: 'company', minutes: 30 }] }]
      : Object.keys(asRecord(body['condition']) ?? {}).map((name) => ({ path: ['condition', name], value: null }));
  return only([{ path: ['outcome'], value }, ...rest], 'outcome corrected');
};

const condition: Way = ({ body }, dice) =>
  body['outcome'] === 'met'
    ? only([{ path: ['condition', dice.pick(['mood', 'eating'])], value: 1 + dice.below(5) }], 'condition corrected')
    : null;

const intoRegister = 'register corrected by a record';

const person: Way = ({ body }, dice) => {
  const people = recordsOf(body['households']).flatMap(({ record, index }) =>
    recordsOf(record['residents']).map((resident) => ({
      resident: resident.record,
      path: ['households', index, 'residents', resident.index],
    })),
  );
  if (people.length === 0) return null;
  const { resident, path } = dice.pick(people);
  const id = textOf(resident['id']);
  const [field, value] = dice.pick([
    ['phone', `137${String(dice.below(1e8)).padStart(8, '0')}`],
    ['registeredAddress', `外地 ${dice.below(1000)}`],
    ['presence', 'away'],
  ] as const);
  switch (resident['change']) {
    case 'unchanged':
    case 'corrected':
    case 'moved-in': {
      const becomes = resident['change'] === 'unchanged' ? [{ path: [...path, 'change'], value: 'corrected' }] : [];
      return {
        corrections: [...becomes, { path: [...path, field], value }],
        leads: [{ type: 'resident', id, field, value }],
        kinds: [intoRegister],
      };
    }
    case 'moved-away':
      return {
        corrections: [{ path: [...path, 'movedTo'], value }],
        leads: [{ type: 'resident', id, field: 'movedTo', value }],
        kinds: [intoRegister],
      };
    default:
      return null;
  }
};

const household: Way = ({ body }, dice) => {
  const households = recordsOf(body['households']);
  if (households.length === 0) return null;
  const { record, index } = dice.pick(households);
  const [field, value] = dice.pick([
    ['phone', `136${String(dice.below(1e8)).padStart(8, '0')}`],
    ['tenure', dice.pick(['owner', 'tenant'])],
  ] as const);
  return {
    corrections: [{ path: ['households', index, field], value }],
    leads: [{ type: 'household', id: textOf(record['id']), field, value }],
    kinds: [intoRegister],
  };
};

/** A door that the record proposes may stand somewhere else from then on. */
const door: Way = ({ body, target }, dice) => {
  const isProposed = asRecord(body['dwelling'])?.['gridId'] !== undefined;
  const [field, value] =
    isProposed && dice.happens(0.5)
      ? (['room', `${101 + dice.below(400)}`] as const)
      : dice.pick([
          ['note', `办公室注 ${dice.below(1000)}`],
          ['contactPhone', `135${String(dice.below(1e8)).padStart(8, '0')}`],
        ] as const);
  return {
    corrections: [{ path: ['dwelling', field], value }],
    leads: [{ type: 'dwelling', id: target, field, value }],
    kinds: [intoRegister],
  };
};
