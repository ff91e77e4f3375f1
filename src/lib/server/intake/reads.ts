/**
 * What judging asks of the office, gathered: records that are judged side by side ask the same questions at the same time, and each kind of
 * question goes to the database once for all of them. What was read is kept: the reads of one look belong together, and end with it.
 */
import DataLoader from 'dataloader';
import type { EntityType } from '../../domain/register';
import type { ReadSnapshot } from '../database/open';
import { type DoorRecords, loadDoors, loadRecords, resolveAliases } from '../register/read';
import type { RecordOf } from '../register/records';

/** Ids a statement: below the bounds of both engines on parameters. */
const atOnce = { maxBatchSize: 500 };

export class GatheredReads {
  readonly #doors: DataLoader<string, DoorRecords | null>;
  readonly #versions: DataLoader<string, number[]>;
  readonly #aliases: { dwelling: DataLoader<string, string>; resident: DataLoader<string, string> };
  readonly #households: DataLoader<string, RecordOf<'household'> | null>;
  readonly #residents: DataLoader<string, RecordOf<'resident'> | null>;

  constructor(
    /** For what hardly any record asks. */
    readonly db: ReadSnapshot,
    readonly communityId: string,
  ) {
    this.#doors = new DataLoader(async (ids) => {
      const doors = await loadDoors(db, communityId, ids);
      return ids.map((id) => doors.get(id) ?? null);
    }, atOnce);
    this.#versions = new DataLoader(async (ids) => {
      const versions = await versionsOfDoors(db, communityId, ids);
      return ids.map((id) => versions.get(id) ?? []);
    }, atOnce);
    const aliases = (type: EntityType) =>
      new DataLoader<string, string>(async (ids) => {
        const found = await resolveAliases(db, communityId, type, ids);
        return ids.map((id) => found.get(id) ?? id);
      }, atOnce);
    this.#aliases = { dwelling: aliases('dwelling'), resident: aliases('resident') };
    const records = <Type extends EntityType>(type: Type) =>
      new DataLoader<string, RecordOf<Type> | null>(async (ids) => {
        const found = await loadRecords(db, communityId, type, ids);
        return ids.map((id) => found.get(id) ?? null);
      }, atOnce);
    this.#households = records('household');
    this.#residents = records('resident');
  }

  /** The id that counts for `id` (TWO-5). */
  alias(type: 'dwelling' | 'resident', id: string): Promise<string> {
    return this.#aliases[type].load(id);
  }

  /** Retired ones too; null where the register has none of that id. */
  door(id: string): Promise<DoorRecords | null> {
    return this.#doors.load(id);
  }

  household(id: string): Promise<RecordOf<'household'> | null> {
    return this.#households.load(id);
  }

  resident(id: string): Promise<RecordOf<'resident'> | null> {
    return this.#residents.load(id);
  }

  /** Under which versions feeds tell the door now: one, or two after a move. */
  versionsOfDoor(id: string): Promise<number[]> {
    return this.#versions.load(id);
  }
}

async function versionsOfDoors(
  db: ReadSnapshot,
  communityId: string,
  ids: readonly string[],
): Promise<Map<string, number[]>> {
  const rows = await db
    .selectFrom('feed_item')
    .select(['item_id', 'version'])
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('item_id', 'in', ids)
    .execute();
  const byDoor = Map.groupBy(rows, ({ item_id }) => item_id);
  return new Map([...byDoor].map(([id, items]) => [id, items.map(({ version }) => version)]));
}
