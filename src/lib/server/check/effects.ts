/** Whether it is known what each decision did to the register, as an undo would take it back. */
import { type Selectable, sql } from 'kysely';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { DecisionEffectTable } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { RegisterRecord, valuesOf } from '../register/records';
import { jsonOf } from '../readable';
import { page, type Finding } from './finding';
import type { StoodBefore } from './story';

/** `undone_at`: of its decision. */
export type Effect = Selectable<DecisionEffectTable> & { undone_at: string | null };
type Row = Omit<Effect, 'undone_at' | 'community_id' | 'version_after'>;

/** Answers how many effects were looked at. What they put back is compared with the history (`history.ts`). */
export async function checkEffects(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (subject: string, what: string) => found({ check: 'effects', communityId, subject, what });
  // An undo keeps none of its own: it is not undone.
  const { rows: untold } = await sql<{ decision_id: string; entity_type: string; entity_id: string }>`
    SELECT DISTINCT change.decision_id, change.entity_type, change.entity_id FROM register_change AS change
    LEFT JOIN decision_effect AS effect ON effect.community_id = change.community_id AND effect.decision_id = change.decision_id
      AND effect.entity_type = change.entity_type AND effect.entity_id = change.entity_id
    WHERE change.community_id = ${communityId} AND change.decision_id IS NOT NULL AND change.source <> 'undo'
      AND effect.entity_id IS NULL
    LIMIT 100`.execute(db);
  for (const { decision_id, entity_type, entity_id } of untold)
    say(`decision ${decision_id}`, `what it did to ${entity_type} ${entity_id} is not known`);
  const { rows: wrong } = await sql<{ id: string; kind: string }>`
    SELECT DISTINCT decision.id, decision.kind FROM decision
    JOIN decision_effect AS effect ON effect.community_id = decision.community_id AND effect.decision_id = decision.id
    WHERE decision.community_id = ${communityId} AND decision.kind <> 'approve' LIMIT 100`.execute(db);
  for (const { id, kind } of wrong) say(`decision ${id}`, `is ${kind} and did something to the register`);
  return checkBefore(db, communityId, say);
}

/** What is wrong with what an undo of the decision would do to `record`. `stood`: by the history; not given where its beginning is not known. */
export function checkEffect(record: RegisterRecord, effect: Effect, stood: StoodBefore | undefined): string[] {
  const { decision_id, before, version_after: after } = effect;
  const wrong: string[] = [];
  if (after > record.version || (stood && after < stood.version))
    wrong.push(`the version that decision ${decision_id} made of it is not one of its own`);
  const kept = jsonOf(open(before));
  if (kept === undefined) return wrong;
  const held = RegisterRecord.safeParse(kept);
  if (held.success && (held.data.id !== record.id || held.data.type !== record.type))
    wrong.push(`what decision ${decision_id} keeps of it is another's`);
  const isSo = !stood || (stood.values === null ? !held.success : held.success && standsSo(held.data, stood.values));
  if (!isSo) wrong.push(`how it stood before decision ${decision_id} is not what the history says`);
  return wrong;
}

function standsSo(record: RegisterRecord, history: NonNullable<StoodBefore['values']>): boolean {
  const values = valuesOf(record);
  return [...new Set([...Object.keys(values), ...history.keys()])].every((field) => {
    const told = history.has(field) ? history.get(field) : 'null';
    return told === null || told === (values[field] === undefined ? 'null' : canonicalText(values[field]));
  });
}

type Say = (subject: string, what: string) => void;

/** What an undo would put back can be read, and so is what it is put back to. */
async function checkBefore(db: ReadSnapshot, communityId: string, say: Say): Promise<number> {
  let looked = 0;
  const pages = inPages<Row>(page, async (last) => {
    const after = last ? [last.decision_id, last.entity_type, last.entity_id] : ['', '', ''];
    const { rows } = await sql<Row>`
      SELECT decision_id, entity_type, entity_id, before FROM decision_effect
      WHERE community_id = ${communityId} AND (decision_id, entity_type, entity_id) > (${sql.join(after)})
      ORDER BY decision_id, entity_type, entity_id LIMIT ${sql.lit(page)}`.execute(db);
    return rows;
  });
  for await (const rows of pages) {
    for (const { decision_id, entity_type, entity_id, before } of rows) {
      if (jsonOf(open(before)) === undefined)
        say(`decision ${decision_id}`, `how ${entity_type} ${entity_id} stood before it cannot be read`);
    }
    looked += rows.length;
  }
  return looked;
}
