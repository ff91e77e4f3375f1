/** One door of the register as the desk shows it: every value with where it came from and when it was last confirmed. */
import { ageOn } from '../../domain/part-date';
import { dayOf } from '../../domain/calendar';
import { buildingLabel } from '../../domain/door-label';
import { maskIdentityNumber } from '../../domain/identity-number';
import type { Locale } from '../../domain/codes/codes';
import type { Provenance } from '../../domain/register';
import type { CountedCoverage } from '../coverage/door-states';
import type { Office, SignedIn } from '../office';
import { historyOfDoor, type HistoryEntry } from '../register/history';
import { provenanceOf, type ProvenanceColumn } from '../register/provenance';
import { loadDoor, loadRecords, resolveAlias, type Reader } from '../register/read';
import type { ResidentRecord } from '../register/records';
import { doorSubmissions, type DoorSubmission } from './door-submissions';
import { placeTitle } from './titles';

export type ShownField = {
  field: string;
  /** An identity number stands masked. */
  value: unknown;
  masked: boolean;
  provenance: Provenance & { byName: string; confirmedByName: string };
};
export type ShownRecord = {
  type: 'dwelling' | 'household' | 'resident';
  id: string;
  name: string;
  fields: ShownField[];
};
export type ShownPerson = ShownRecord & {
  relation: string | null;
  age: number | null;
  presence: string;
  lives: boolean;
};
export type ShownHousehold = ShownRecord & { people: ShownPerson[] };
export type DoorPage = {
  id: string;
  title: string;
  grid: { id: string; name: string };
  building: { id: string; title: string };
  retired: boolean;
  /** Of the newest running round, with what is pending; null where none runs or nobody was there. */
  state: (Pick<CountedCoverage, 'outcome' | 'attempts' | 'at' | 'returned'> & { pending: boolean }) | null;
  dwelling: ShownRecord;
  households: ShownHousehold[];
  history: HistoryEntry[];
  names: Record<string, string>;
  submissions: DoorSubmission[];
};

/** The door of that id, or of what it was found to be one with; null where the register never had it. */
export async function doorPage(
  office: Office,
  { communityId }: SignedIn,
  id: string,
  locale: Locale,
): Promise<DoorPage | null> {
  return office.database.read(async (db) => {
    const door = await loadDoor(db, communityId, await resolveAlias(db, communityId, 'dwelling', id));
    if (!door) return null;
    const { dwelling, households, residents } = door;
    const accounts = await accountNames(db, communityId);
    const shown = (column: ProvenanceColumn, fields: object) => shownFields(column, fields, accounts);
    const today = dayOf(office.world.now());
    const history = await historyOfDoor(db, communityId, dwelling.id, 200);
    return {
      id: dwelling.id,
      title: placeTitle(dwelling.fields, locale),
      grid: await gridOf(db, communityId, dwelling.gridId),
      building: { id: dwelling.buildingId, title: buildingLabel(dwelling.fields, locale) },
      retired: dwelling.retiredAt !== null,
      state: await stateOf(db, communityId, dwelling.id),
      dwelling: { type: 'dwelling', id: dwelling.id, name: '', fields: shown(dwelling.provenance, dwelling.fields) },
      households: households.map(({ id: householdId, fields, provenance }): ShownHousehold => {
        const { headId, ...values } = fields;
        const people = residents
          .filter((resident) => resident.householdId === householdId)
          .map((resident): ShownPerson => {
            const { name, relation, presence, birthDate } = resident.fields;
            return {
              type: 'resident',
              id: resident.id,
              name,
              relation,
              presence,
              age: birthDate ? ageOn(birthDate, today) : null,
              lives: presence !== 'moved-away' && presence !== 'died',
              fields: shown(resident.provenance, resident.fields),
            };
          })
          .sort((a, b) => Number(b.id === headId) - Number(a.id === headId) || Number(b.lives) - Number(a.lives));
        const head = people.find((person) => person.id === headId);
        return {
          type: 'household',
          id: householdId,
          name: head?.name ?? '',
          // Dormitory beds have no head.
          fields: shown(provenance, fields.kind === 'collective' ? values : { ...values, headId: head?.name ?? '' }),
          people,
        };
      }),
      history: history.map(maskedEntry),
      names: { ...(await namesIn(db, communityId, history, locale)), ...namesOf(residents) },
      submissions: await doorSubmissions(db, communityId, dwelling),
    };
  });
}

function namesOf(residents: readonly ResidentRecord[]): Record<string, string> {
  return Object.fromEntries(residents.map(({ id, fields }) => [id, fields.name]));
}

/** Whom, which doors and which households the history names and the door itself has no longer. */
async function namesIn(
  db: Reader,
  communityId: string,
  history: readonly HistoryEntry[],
  locale: Locale,
): Promise<Record<string, string>> {
  const values = (field: string) =>
    history.filter((entry) => entry.field === field).flatMap(({ before, after }) => [before, after]);
  const ids = (all: readonly unknown[]) => [...new Set(all.filter((id) => typeof id === 'string'))];
  const people = history.filter(({ entityType }) => entityType === 'resident').map(({ entityId }) => entityId);
  const households = await loadRecords(db, communityId, 'household', ids(values('householdId')));
  const heads = [...households.values()].map(({ fields }) => fields.headId);
  const residents = await loadRecords(db, communityId, 'resident', ids([...people, ...values('headId'), ...heads]));
  const doors = await loadRecords(db, communityId, 'dwelling', ids(values('dwellingId')));
  const places = [...doors.values()].map(({ id, fields }) => [id, placeTitle(fields, locale)] as const);
  // A household goes by its head's name.
  const headed = [...households.values()].map(
    ({ id, fields }) => [id, residents.get(fields.headId ?? '')?.fields.name ?? ''] as const,
  );
  return { ...namesOf([...residents.values()]), ...Object.fromEntries([...places, ...headed]) };
}

function shownFields(column: ProvenanceColumn, fields: object, accounts: ReadonlyMap<string, string>): ShownField[] {
  return Object.entries(fields).map(([field, value]): ShownField => {
    const provenance = provenanceOf(column, field);
    const masked = field === 'idNumber' && typeof value === 'string' && value !== '';
    return {
      field,
      value: masked ? maskIdentityNumber(value) : value,
      masked,
      provenance: {
        ...provenance,
        byName: accounts.get(provenance.by) ?? '',
        confirmedByName: (provenance.confirmedBy && accounts.get(provenance.confirmedBy)) || '',
      },
    };
  });
}

/** Whole numbers leave the office's rooms only one at a time and logged. */
function maskedEntry(entry: HistoryEntry): HistoryEntry {
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string') return entry.field === 'idNumber' ? maskIdentityNumber(value) : value;
    if (typeof value !== 'object' || value === null || !('idNumber' in value)) return value;
    return { ...value, idNumber: maskIdentityNumber(String(value.idNumber)) };
  };
  return { ...entry, before: mask(entry.before), after: mask(entry.after) };
}

async function accountNames(db: Reader, communityId: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom('account').select(['id', 'name']).where('community_id', '=', communityId).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

async function gridOf(db: Reader, communityId: string, id: string) {
  const row = await db
    .selectFrom('grid')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? { id, name: '' };
}

async function stateOf(db: Reader, communityId: string, dwellingId: string): Promise<DoorPage['state']> {
  const row = await db
    .selectFrom('door_state')
    .innerJoin('round', (join) =>
      join.onRef('round.community_id', '=', 'door_state.community_id').onRef('round.id', '=', 'door_state.round_id'),
    )
    .select(['door_state.review', 'door_state.coverage'])
    .where('door_state.community_id', '=', communityId)
    .where('door_state.dwelling_id', '=', dwellingId)
    .where('round.closed_at', 'is', null)
    .orderBy('round.started_at', 'desc')
    .executeTakeFirst();
  if (!row) return null;
  const { outcome, attempts, at, returned }: CountedCoverage = JSON.parse(row.coverage);
  // A round holds every door of its grids, also those where nobody was yet.
  return outcome === null && !returned ? null : { outcome, attempts, at, returned, pending: row.review === 'pending' };
}
