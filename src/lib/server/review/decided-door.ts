/** The door as a decision found it: what an approved record is compared with, for the register after it says what it said. */
import type { WholeDwelling } from '../../domain/register';
import { open } from '../codec';
import { wholeOf, type DoorRecords, type Reader } from '../register/read';
import { takenBackFrom } from '../register/taken-back';
import type { ReviewedDoor } from './door';
import { RegisterRecord, type DwellingRecord, type HouseholdRecord, type ResidentRecord } from '../register/records';

/**
 * The rows that the decision touched as they were before it, beside those of the door that it left alone; what came to the door later is
 * not among them. Null where the decision made the door.
 */
export async function doorBefore(
  db: Reader,
  communityId: string,
  decision: { decisionId: string; submissionId: string; at: string },
  door: ReviewedDoor,
): Promise<WholeDwelling | null> {
  const before = new Map<string, RegisterRecord | null>();
  const effects = await db
    .selectFrom('decision_effect')
    .select(['entity_id', 'before'])
    .where('community_id', '=', communityId)
    .where('decision_id', '=', decision.decisionId)
    .execute();
  for (const effect of effects) {
    const record = RegisterRecord.safeParse(JSON.parse(open(effect.before)));
    before.set(effect.entity_id, record.success ? record.data : null);
  }
  const later = await madeAfter(db, communityId, decision.at, door);
  const left = <R extends { id: string }>(rows: readonly R[]) =>
    rows.filter(({ id }) => !before.has(id) && !later.has(id));
  const touched = [...before.values()].filter((record) => record !== null);
  const own = before.get(door.dwelling.id);
  if (own === null) return null;
  // Made again after an undo.
  if (own && (await takenBackFrom(db, communityId, decision.submissionId, [own])).size > 0) return null;
  const dwelling: DwellingRecord = own?.type === 'dwelling' ? own : door.dwelling;
  const households: HouseholdRecord[] = [
    ...left(door.households),
    ...touched.filter((record) => record.type === 'household'),
  ];
  const residents: ResidentRecord[] = [
    ...left(door.residents),
    ...touched.filter((record) => record.type === 'resident'),
  ];
  const isHere = (id: string) => id === dwelling.id || door.former?.dwellings.some((former) => former.id === id);
  return wholeOf({
    dwelling,
    households: households.filter((one) => isHere(one.dwellingId) && one.endedAt === null),
    residents: residents.filter((one) => isHere(one.dwellingId) && one.retiredAt === null),
  });
}

/** Ids of what came into being at the door after that time. */
async function madeAfter(
  db: Reader,
  communityId: string,
  at: string,
  { dwelling, households, residents }: DoorRecords,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('register_change')
    .select('entity_id')
    .where('community_id', '=', communityId)
    .where('entity_type', 'in', ['dwelling', 'household', 'resident'])
    .where('entity_id', 'in', [dwelling.id, ...households.map(({ id }) => id), ...residents.map(({ id }) => id)])
    .where('field', '=', '*')
    .where('at', '>', at)
    .execute();
  return new Set(rows.map(({ entity_id }) => entity_id));
}
