/** Whether whatever histories, effects and aliases name is in the register, or is known to have been erased from it (REC-11). */
import { sql } from 'kysely';
import type { EntityType } from '../../domain/register';
import type { ReadSnapshot } from '../database/open';
import { checkAliases } from './aliases';
import { isErased } from './erased';
import type { Finding } from './finding';

const types: readonly EntityType[] = ['building', 'dwelling', 'household', 'resident'];
const most = 100;

/** Answers how many aliases were looked at; a database looks at the rest itself. */
export async function checkGhosts(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (subject: string, what: string) => found({ check: 'references', communityId, subject, what });
  for (const type of types) {
    for (const table of ['register_change', 'decision_effect'] as const) {
      for (const id of await notInRegister(db, communityId, table, type))
        say(`${table}.entity_id ${id}`, `no such ${type}`);
    }
  }
  await checkDoorIds(db, communityId, say);
  return checkAliases(db, communityId, say);
}

/** Nothing but a person ever leaves the register; an id that was an alias only never was in it. */
async function notInRegister(
  db: ReadSnapshot,
  communityId: string,
  table: 'register_change' | 'decision_effect',
  type: EntityType,
): Promise<string[]> {
  const { rows } = await sql<{ entity_id: string }>`
    SELECT DISTINCT one.entity_id FROM ${sql.table(table)} AS one
    LEFT JOIN ${sql.table(type)} AS entity ON entity.community_id = one.community_id AND entity.id = one.entity_id
    WHERE one.community_id = ${communityId} AND one.entity_type = ${type} AND entity.id IS NULL
      ${table === 'decision_effect' ? unlessAlias : sql``}`.execute(db);
  const missing: string[] = [];
  for (const { entity_id: id } of rows) {
    if (missing.length === most) break;
    if (type !== 'resident' || !(await isErased(db, communityId, id))) missing.push(id);
  }
  return missing;
}

/** What made an alias and nothing else: it stands, or went when that was undone. */
const unlessAlias = sql`AND NOT (one.version_after = 0 AND (
  EXISTS (SELECT 1 FROM alias WHERE alias.community_id = one.community_id AND alias.type = one.entity_type AND alias.id = one.entity_id)
  OR EXISTS (SELECT 1 FROM decision WHERE decision.community_id = one.community_id AND decision.id = one.decision_id
    AND decision.undone_at IS NOT NULL)))`;

type Say = (subject: string, what: string) => void;

const ownDoor = sql`AND NOT (one.kind = 'household-verification' AND one.target_type = 'dwelling' AND one.target_id = one.dwelling_id)`;

/**
 * A door that records are about is in the register, or was proposed under that id, or is another one by now. A record that itself says that there is a door
 * proposes it only once it is in order (SCO-6): in quarantine, and after that, it names its own.
 */
async function checkDoorIds(db: ReadSnapshot, communityId: string, say: Say): Promise<void> {
  const columns = [
    ...(['submission', 'door_state', 'proposal'] as const).map((table) => [table, 'dwelling_id'] as const),
    ['register_change', 'dwelling_id'] as const,
  ];
  for (const [table, column] of columns) {
    const { rows } = await sql<{ named: string }>`
      SELECT DISTINCT one.${sql.ref(column)} AS named FROM ${sql.table(table)} AS one
      WHERE one.community_id = ${communityId} AND one.${sql.ref(column)} <> ''
        AND NOT EXISTS (SELECT 1 FROM dwelling WHERE dwelling.community_id = one.community_id AND dwelling.id = one.${sql.ref(column)})
        AND NOT EXISTS (SELECT 1 FROM proposal AS made WHERE made.community_id = one.community_id AND made.type = 'dwelling'
          AND made.id = one.${sql.ref(column)})
        AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.community_id = one.community_id AND alias.type = 'dwelling'
          AND alias.id = one.${sql.ref(column)})
        ${table === 'submission' ? ownDoor : sql``}
      LIMIT ${sql.lit(most)}`.execute(db);
    for (const { named } of rows) say(`${table}.${column} ${named}`, 'no such dwelling');
  }
  const { rows } = await sql<{ resident_id: string }>`
    SELECT DISTINCT one.resident_id FROM account_recipient AS one
    LEFT JOIN resident ON resident.community_id = one.community_id AND resident.id = one.resident_id
    WHERE one.community_id = ${communityId} AND resident.id IS NULL`.execute(db);
  for (const { resident_id: id } of rows)
    if (!(await isErased(db, communityId, id))) say(`account_recipient.resident_id ${id}`, 'no such resident');
}
