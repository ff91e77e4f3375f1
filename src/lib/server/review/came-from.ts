/** People whom a record brings from another door of the community (`sameAs`): whence, and what they leave behind there. */
import type { ResidentLike } from '../../domain/door-like';
import { recordsOf, textOf } from '../../domain/json';
import type { Household } from '../../domain/register';
import { open } from '../codec';
import { loadDoors, loadRecords, resolveAliases, type Reader } from '../register/read';
import { livesOn, RegisterRecord, type DwellingRecord, type ResidentRecord } from '../register/records';

export type CameFrom = {
  /** As the record names them in `sameAs`. */
  sameAs: string;
  resident: ResidentLike;
  door: { id: string } & Pick<DwellingRecord['fields'], 'compound' | 'building' | 'unit' | 'floor' | 'room'>;
  /** The household there is theirs: it is without a head once they are gone. */
  isHead: boolean;
  /** Who stays behind in it. */
  stay: string[];
};

/**
 * Of everybody whom `body` finds at another door than `doorId`; of an approved record (`decisionId`) as that decision found them. Numbers
 * are whole.
 */
export async function cameFrom(
  db: Reader,
  communityId: string,
  body: Record<string, unknown>,
  doorId: string | null,
  decisionId: string | null,
): Promise<CameFrom[]> {
  const named = recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .map(({ record }) => textOf(record['sameAs']))
    .filter(Boolean);
  if (named.length === 0) return [];
  const aliases = await resolveAliases(db, communityId, 'resident', named);
  const one = (id: string) => aliases.get(id) ?? id;
  const records = await loadRecords(db, communityId, 'resident', named.map(one));
  const before = await effectsBefore(db, communityId, decisionId);
  const people = named.flatMap((sameAs): { sameAs: string; record: ResidentRecord }[] => {
    const held = before.get(one(sameAs)) ?? records.get(one(sameAs));
    return held?.type === 'resident' && held.retiredAt === null && held.dwellingId !== doorId
      ? [{ sameAs, record: held }]
      : [];
  });
  const doors = await loadDoors(db, communityId, [...new Set(people.map(({ record }) => record.dwellingId))]);
  return people.flatMap(({ sameAs, record }): CameFrom[] => {
    const door = doors.get(record.dwellingId);
    if (!door) return [];
    const household = before.get(record.householdId) ?? door.households.find(({ id }) => id === record.householdId);
    const headId: Household['headId'] = household?.type === 'household' ? household.fields.headId : null;
    const { compound, building, unit, floor, room } = door.dwelling.fields;
    return [
      {
        sameAs,
        resident: { id: record.id, ...record.fields },
        door: { id: door.dwelling.id, compound, building, unit, floor, room },
        isHead: headId === record.id,
        stay: door.residents
          .filter((other) => other.householdId === record.householdId && other.id !== record.id && livesOn(other))
          .map(({ fields }) => fields.name),
      },
    ];
  });
}

/** The rows that a decision touched, as they were before it; none where there is no decision. */
async function effectsBefore(
  db: Reader,
  communityId: string,
  decisionId: string | null,
): Promise<Map<string, RegisterRecord>> {
  if (decisionId === null) return new Map();
  const effects = await db
    .selectFrom('decision_effect')
    .select(['entity_id', 'before'])
    .where('community_id', '=', communityId)
    .where('decision_id', '=', decisionId)
    .execute();
  return new Map(
    effects.flatMap(({ entity_id, before }): [string, RegisterRecord][] => {
      const record = RegisterRecord.safeParse(JSON.parse(open(before)));
      return record.success ? [[entity_id, record.data]] : [];
    }),
  );
}
