/** Whether each record stands at the door and in the grid that it is about: there now, or once, as the history has it. */
import { sql } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import { jsonOf } from '../readable';
import { everJoined } from './ever-joined';
import { page, type Finding } from './finding';

type Say = (submission: string, what: string) => void;

/** Answers how many records were looked at that stand elsewhere than what they are about. */
export async function checkPlaces(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say: Say = (id, what) => found({ check: 'submissions', communityId, subject: `submission ${id}`, what });
  return (await checkTargets(db, communityId, say)) + (await checkGrids(db, communityId, say));
}

async function checkTargets(db: ReadSnapshot, communityId: string, say: Say): Promise<number> {
  // Who was proposed stands where they were proposed; who moved may have lived there when it came in.
  const { rows } = await sql<{ id: string; target_type: 'dwelling' | 'resident'; target_id: string }>`
    SELECT one.id, one.target_type, one.target_id FROM submission AS one
    WHERE one.community_id = ${communityId} AND one.dwelling_id IS NOT NULL AND (
      (one.target_type = 'dwelling' AND one.target_id <> one.dwelling_id)
      OR (one.target_type = 'resident'
        AND NOT EXISTS (SELECT 1 FROM register_change AS change WHERE change.community_id = one.community_id
          AND change.entity_type = 'resident' AND change.entity_id = one.target_id AND change.dwelling_id = one.dwelling_id)
        AND NOT EXISTS (SELECT 1 FROM proposal WHERE proposal.community_id = one.community_id
          AND proposal.type = 'resident' AND proposal.id = one.target_id)))`.execute(db);
  const joined = {
    dwelling: await everJoined(db, communityId, 'dwelling'),
    resident: await everJoined(db, communityId, 'resident'),
  };
  for (const { id, target_type, target_id } of rows)
    if (!joined[target_type].has(target_id)) say(id, 'stands at another door than what it is about');
  return rows.length;
}

type Elsewhere = { id: string; dwelling_id: string; grid_id: string };

/** A door that was proposed may have got another grid when it was approved. */
async function checkGrids(db: ReadSnapshot, communityId: string, say: Say): Promise<number> {
  let looked = 0;
  const { rows: others } = await sql<{ id: string }>`
    SELECT id FROM submission WHERE community_id = ${communityId} AND target_type = 'grid' AND grid_id <> target_id
    LIMIT 100`.execute(db);
  for (const { id } of others) say(id, 'stands in another grid than what it is about');
  const pages = inPages<Elsewhere>(page, async (last) => {
    const { rows } = await sql<Elsewhere>`
      SELECT one.id, one.dwelling_id, one.grid_id FROM submission AS one
      JOIN dwelling ON dwelling.community_id = one.community_id AND dwelling.id = one.dwelling_id
      WHERE one.community_id = ${communityId} AND one.id > ${last?.id ?? ''} AND one.grid_id <> dwelling.grid_id
        AND NOT EXISTS (SELECT 1 FROM proposal WHERE proposal.community_id = one.community_id
          AND proposal.type = 'dwelling' AND proposal.id = one.dwelling_id)
      ORDER BY one.id LIMIT ${sql.lit(page)}`.execute(db);
    return rows;
  });
  for await (const rows of pages) {
    const grids = await gridsEverOf(db, communityId, [...new Set(rows.map(({ dwelling_id }) => dwelling_id))]);
    for (const { id, dwelling_id, grid_id } of rows)
      if (!grids.get(dwelling_id)?.has(grid_id)) say(id, 'stands in a grid where its door never was');
    looked += rows.length;
  }
  return looked;
}

async function gridsEverOf(
  db: ReadSnapshot,
  communityId: string,
  doors: readonly string[],
): Promise<Map<string, Set<unknown>>> {
  const changes = await db
    .selectFrom('register_change')
    .select(['entity_id', 'field', 'before', 'after'])
    .where('community_id', '=', communityId)
    .where('entity_type', '=', 'dwelling')
    .where('entity_id', 'in', doors)
    .where('field', 'in', ['*', 'gridId'])
    .execute();
  const grids = new Map<string, Set<unknown>>();
  for (const { entity_id, field, before, after } of changes) {
    const values = [jsonOf(open(before)), jsonOf(open(after))];
    const ever = grids.get(entity_id) ?? new Set();
    for (const value of values) ever.add(field === '*' ? asRecord(value)?.['gridId'] : value);
    grids.set(entity_id, ever);
  }
  return grids;
}
