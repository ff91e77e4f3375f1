/** The community's grids as the desk keeps them: made, named, and how many dwellings and workers each has. */
import { audit } from '../audit/audit';
import { republishGrid } from '../feeds/republish';
import type { Office, SignedIn } from '../office';
import type { Reader } from '../register/read';
import { lockCommunity } from '../database/locks';

export type GridLine = { id: string; name: string; dwellings: number; workers: number };
/** `grid-before`: the very same press made it already. */
export type GridProblem = 'grid-name' | 'grid-name-taken' | 'grid-unknown' | 'grid-before';

/** Id and name of every grid, in their order. */
export async function gridNames(db: Reader, communityId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('grid')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .orderBy('position')
    .orderBy('name')
    .execute();
}

export async function listGrids(office: Office, communityId: string): Promise<GridLine[]> {
  return office.database.read(async (db) => {
    const grids = await gridNames(db, communityId);
    const dwellings = await db
      .selectFrom('dwelling')
      .select((eb) => ['grid_id', eb.fn.countAll().as('n')])
      .where('community_id', '=', communityId)
      .where('retired_at', 'is', null)
      .groupBy('grid_id')
      .execute();
    const workers = await db
      .selectFrom('account_grid')
      .select((eb) => ['grid_id', eb.fn.countAll().as('n')])
      .where('community_id', '=', communityId)
      .where('until_at', 'is', null)
      .groupBy('grid_id')
      .execute();
    const of = (rows: { grid_id: string; n: string | number | bigint }[], id: string) =>
      Number(rows.find((row) => row.grid_id === id)?.n ?? 0);
    return grids.map((grid) => ({ ...grid, dwellings: of(dwellings, grid.id), workers: of(workers, grid.id) }));
  });
}

/** Makes a grid with its feed. `id`: of the press that asks for it. */
export async function createGrid(
  office: Office,
  { communityId, id: by }: SignedIn,
  text: string,
  id = office.world.uuid(),
): Promise<{ id: string } | { problem: GridProblem }> {
  const name = plainName(text);
  if (!name) return { problem: 'grid-name' };
  return office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const others = await gridNames(tx, communityId);
    if (others.some((grid) => grid.id === id)) return { problem: 'grid-before' };
    if (others.some((grid) => grid.name === name)) return { problem: 'grid-name-taken' };
    const last = await tx
      .selectFrom('grid')
      .select((eb) => eb.fn.max('position').as('position'))
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    const position = Number(last?.position ?? 0) + 1;
    await tx.insertInto('grid').values({ community_id: communityId, id, name, position }).execute();
    await audit(tx, office.world, { communityId, id: by }, 'grids.create', { type: 'grid', id });
    await republishGrid(tx, communityId, id);
    return { id };
  });
}

export async function renameGrid(
  office: Office,
  { communityId, id: by }: SignedIn,
  id: string,
  text: string,
): Promise<{ id: string } | { problem: GridProblem }> {
  const name = plainName(text);
  if (!name) return { problem: 'grid-name' };
  return office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const grids = await gridNames(tx, communityId);
    if (!grids.some((grid) => grid.id === id)) return { problem: 'grid-unknown' };
    if (grids.some((grid) => grid.name === name && grid.id !== id)) return { problem: 'grid-name-taken' };
    await tx.updateTable('grid').set({ name }).where('community_id', '=', communityId).where('id', '=', id).execute();
    await audit(tx, office.world, { communityId, id: by }, 'grids.rename', { type: 'grid', id });
    await republishGrid(tx, communityId, id);
    return { id };
  });
}

function plainName(text: string): string | null {
  const name = text.trim().normalize('NFC');
  return name !== '' && [...name].length <= 40 ? name : null;
}
