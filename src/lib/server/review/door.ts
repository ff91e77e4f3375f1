/** The door that a record is about, as the register has it: whatever id it was proposed under, and whatever became of it. */
import { createHash } from 'node:crypto';
import { type Address, doorKey } from '../../domain/door-key';
import { givenOfDwelling } from '../../domain/given-fields';
import { asRecord, textOf } from '../../domain/json';
import type { WholeDwelling } from '../../domain/register';
import { canonicalJson } from '../../sync/digest';
import { otherDoorAt, loadDoorWithPast } from '../register/find-door';
import { idsOf, resolveAlias, wholeOf, type DoorRecords, type Reader } from '../register/read';
import type { DwellingRecord } from '../register/records';

export type ReviewedDoor = DoorRecords & {
  /** The record proposes it under an id of its own, and the register has one of that address meanwhile (TWO-5). */
  twin: boolean;
  /**
   * The door that the record names was struck off and found again under the id of this one (TWO-5), perhaps more than once: the one that it names, and
   * whatever else stood at that address under an id that counts for this one. `left`: the households and people still there, who stand among this one's.
   */
  former: { dwellings: readonly DwellingRecord[]; left: ReadonlySet<string> } | null;
};

/** `dwellingId`: as the record names it. */
type About = { submissionId: string; dwellingId: string | null; body: Record<string, unknown> };

/** The door that a record names, for it may be another's alias by now; else the one that it is filed at. */
export function namedDoor(target: { type: string; id: string }, filedAt: string | null): string | null {
  return target.type === 'dwelling' ? target.id : filedAt;
}

/** With households that ended and struck-off doors; null where the register never had it, but by what this submission did and an undo took back. */
export async function reviewedDoor(
  db: Reader,
  communityId: string,
  { submissionId, dwellingId, body }: About,
): Promise<ReviewedDoor | null> {
  if (dwellingId === null) return null;
  const known = await resolveAlias(db, communityId, 'dwelling', dwellingId);
  const door = await loadDoorWithPast(db, communityId, known, submissionId);
  if (door) return { ...(await withFormer(db, communityId, door, dwellingId, submissionId)), twin: false };
  const proposed = proposedAddress(body);
  if (!proposed) return null;
  const id = await otherDoorAt(db, communityId, proposed.gridId, proposed);
  const same = id === null ? null : await loadDoorWithPast(db, communityId, id, submissionId);
  return same && { ...same, twin: true, former: null };
}

/** Where a record says that a door is which the register lacks; null where it proposes none. */
export function proposedAddress(body: Record<string, unknown>): (Address & { gridId: string }) | null {
  const given = asRecord(body['dwelling']) ?? {};
  const { compound, building, unit = '', floor, room = '' } = givenOfDwelling(given);
  const gridId = textOf(given['gridId']);
  if (gridId === '' || compound === undefined || building === undefined || floor === undefined) return null;
  return { gridId, compound, building, unit, floor, room };
}

/** Whether a record that was taken for one about this door is about another by the address that was typed over in it. */
export function isOfAnother(door: ReviewedDoor | null, body: Record<string, unknown>): boolean {
  const address = door?.twin ? proposedAddress(body) : null;
  return door !== null && address !== null && doorKey(address) !== doorKey(door.dwelling.fields);
}

async function withFormer(
  db: Reader,
  communityId: string,
  door: DoorRecords,
  named: string,
  submissionId: string,
): Promise<DoorRecords & Pick<ReviewedDoor, 'former'>> {
  const first = named === door.dwelling.id ? null : await loadDoorWithPast(db, communityId, named, submissionId);
  if (!first) return { ...door, former: null };
  const former = [first];
  for (const id of await idsOf(db, communityId, 'dwelling', door.dwelling.id)) {
    const other = [named, door.dwelling.id].includes(id)
      ? null
      : await loadDoorWithPast(db, communityId, id, submissionId);
    if (other && doorKey(other.dwelling.fields) === doorKey(door.dwelling.fields)) former.push(other);
  }
  const households = former.flatMap((one) => one.households);
  const residents = former.flatMap((one) => one.residents);
  return {
    dwelling: door.dwelling,
    households: [...door.households, ...households],
    residents: [...door.residents, ...residents],
    former: {
      dwellings: former.map(({ dwelling }) => dwelling),
      left: new Set([...households, ...residents].map(({ id }) => id)),
    },
  };
}

/** The door as it stands, without its past; null where it was struck off. */
export function standingDoor(door: DoorRecords | null): WholeDwelling | null {
  if (!door || door.dwelling.retiredAt !== null) return null;
  return wholeOf({ ...door, households: door.households.filter(({ endedAt }) => endedAt === null) });
}

/** Names the values of a door as they stand in the register: what a desk page carries, so that a decision says what its maker saw. */
export function registerVersion(door: DoorRecords | null): string | null {
  return (
    door &&
    createHash('sha256')
      .update(canonicalJson([wholeOf(door), door.dwelling.retiredAt]))
      .digest('base64url')
      .slice(0, 22)
  );
}
