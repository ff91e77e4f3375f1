/**
 * What weighing asks of the office beside a door, gathered: of records of one door that are weighed side by side, each kind of question goes to the
 * database once. What was read is kept, so the reads of one look end with it.
 */
import DataLoader from 'dataloader';
import { DwellingItem } from '../../sync/items';
import { open } from '../codec';
import { loadRecords, resolveAliases, type Reader } from '../register/read';
import type { RecordOf } from '../register/records';

export type Basis = {
  door: DwellingItem;
  /** Nothing of this door was told since. */
  newest: boolean;
};

/** A version of a door, told under its own id or under the one that a record names. */
type Telling = { version: number; dwellingId: string; targetId: string };

/** Questions a statement: below the bounds of both engines on parameters. */
const atOnce = { maxBatchSize: 500 };

export class WeighingReads {
  readonly #told: DataLoader<Telling, Basis | null, string>;
  readonly #aliases: DataLoader<string, string>;
  readonly #residents: DataLoader<string, RecordOf<'resident'> | null>;

  constructor(
    /** For what hardly any record asks. */
    readonly db: Reader,
    readonly communityId: string,
  ) {
    const cacheKeyFn = ({ version, dwellingId, targetId }: Telling) => `${version} ${dwellingId} ${targetId}`;
    this.#told = new DataLoader((tellings) => toldAs(db, communityId, tellings), { ...atOnce, cacheKeyFn });
    this.#aliases = new DataLoader(async (ids) => {
      const found = await resolveAliases(db, communityId, 'resident', ids);
      return ids.map((id) => found.get(id) ?? id);
    }, atOnce);
    this.#residents = new DataLoader(async (ids) => {
      const found = await loadRecords(db, communityId, 'resident', ids);
      return ids.map((id) => found.get(id) ?? null);
    }, atOnce);
  }

  /** The door under that version; null where it is not held, or held in two feeds (a door that moved). */
  told(telling: Telling): Promise<Basis | null> {
    return this.#told.load(telling);
  }

  /** The ids of people that count (TWO-5), of those of `ids` that are another's by now. */
  async aliases(ids: readonly string[]): Promise<Map<string, string>> {
    const known = await Promise.all(ids.map(async (id) => [id, await this.#aliases.load(id)] as const));
    return new Map(known.filter(([id, counts]) => id !== counts));
  }

  /** People by id, retired ones too; an id that the register lacks is left out. */
  async residents(ids: readonly string[]): Promise<RecordOf<'resident'>[]> {
    const found = await Promise.all(ids.map((id) => this.#residents.load(id)));
    return found.filter((resident) => resident !== null);
  }
}

async function toldAs(db: Reader, communityId: string, tellings: readonly Telling[]): Promise<(Basis | null)[]> {
  const ids = [...new Set(tellings.flatMap(({ dwellingId, targetId }) => [dwellingId, targetId]))];
  const versions = [...new Set(tellings.map(({ version }) => version))];
  const items = (table: 'feed_item' | 'feed_past') =>
    db
      .selectFrom(table)
      .select(['item_id', 'version', 'body'])
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', ids)
      .where('version', 'in', versions)
      .execute();
  const current = await items('feed_item');
  const past = await items('feed_past');
  return tellings.map(({ version, dwellingId, targetId }) => {
    const isMeant = (item: { item_id: string; version: number }) =>
      item.version === version && [dwellingId, targetId].includes(item.item_id);
    const [told, ...more] = [...current, ...past].filter(isMeant);
    if (!told || more.length > 0) return null;
    const door = DwellingItem.safeParse(JSON.parse(open(told.body) || 'null'));
    return door.success ? { door: door.data, newest: !past.some(isMeant) } : null;
  });
}
