/** Whether what else says when, by whom and why something was changed or proposed says the same: history and decisions, proposals and doors' states and records. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import type { Check, Finding } from './finding';

const most = sql.lit(100);

/** A database looks at the rows itself. */
export async function checkCopies(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<void> {
  const say = (check: Check, subject: string, what: string) => found({ check, communityId, subject, what });
  const { rows: changes } = await sql<{ entity_type: string; entity_id: string; decision_id: string }>`
    SELECT DISTINCT one.entity_type, one.entity_id, one.decision_id FROM register_change AS one
    JOIN decision ON decision.community_id = one.community_id AND decision.id = one.decision_id
    WHERE one.community_id = ${communityId} AND (one.at <> decision.at OR one.submission_id IS NULL
      OR one.submission_id <> decision.submission_id OR (one.source = 'undo') <> (decision.kind = 'undo'))
    LIMIT ${most}`.execute(db);
  for (const { entity_type, entity_id, decision_id } of changes)
    say('history', `${entity_type} ${entity_id}`, `decision ${decision_id} did not change it then, or not so`);

  const { rows: decisionless } = await sql<{ entity_type: string; entity_id: string }>`
    SELECT DISTINCT entity_type, entity_id FROM register_change
    WHERE community_id = ${communityId} AND decision_id IS NULL
      AND (submission_id IS NOT NULL OR source IN ('submission', 'undo')) LIMIT ${most}`.execute(db);
  for (const { entity_type, entity_id } of decisionless)
    say('history', `${entity_type} ${entity_id}`, 'was changed for a record by no decision');

  const { rows: elsewhere } = await sql<{ entity_id: string }>`
    SELECT DISTINCT entity_id FROM register_change WHERE community_id = ${communityId}
      AND entity_type = 'dwelling' AND dwelling_id <> entity_id LIMIT ${most}`.execute(db);
  for (const { entity_id } of elsewhere) say('history', `dwelling ${entity_id}`, 'was changed as another door');

  // A value that came from a record which was joined to this one keeps who said it.
  const { rows: authors } = await sql<{ entity_type: string; entity_id: string; decision_id: string }>`
    SELECT DISTINCT one.entity_type, one.entity_id, one.decision_id FROM register_change AS one
    JOIN decision ON decision.community_id = one.community_id AND decision.id = one.decision_id
    JOIN submission ON submission.community_id = one.community_id AND submission.id = decision.submission_id
    WHERE one.community_id = ${communityId} AND one.by_account <> decision.by_account
      AND (decision.kind = 'undo' OR (one.by_account <> submission.account_id AND NOT EXISTS (
        SELECT 1 FROM decision_effect AS effect WHERE effect.community_id = one.community_id
          AND effect.decision_id = one.decision_id AND effect.entity_type = 'resident' AND effect.entity_id <> one.entity_id)))
    LIMIT ${most}`.execute(db);
  for (const { entity_type, entity_id, decision_id } of authors)
    say(
      'history',
      `${entity_type} ${entity_id}`,
      `was changed by decision ${decision_id} and by somebody else at once`,
    );

  const { rows: imported } = await sql<{ entity_type: string; entity_id: string }>`
    SELECT DISTINCT one.entity_type, one.entity_id FROM register_change AS one
    JOIN decision ON decision.community_id = one.community_id AND decision.id = one.decision_id
    WHERE one.community_id = ${communityId} AND one.source = 'import' AND decision.undone_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM alias WHERE alias.community_id = one.community_id AND alias.same_as = one.entity_id)
    LIMIT ${most}`.execute(db);
  for (const { entity_type, entity_id } of imported)
    say('history', `${entity_type} ${entity_id}`, 'was changed by a decision and by an import at once');

  const { rows: proposals } = await sql<{ type: string; id: string; submission_id: string }>`
    SELECT one.type, one.id, one.submission_id FROM proposal AS one
    JOIN submission ON submission.community_id = one.community_id AND submission.id = one.submission_id
    WHERE one.community_id = ${communityId} AND one.account_id <> submission.account_id LIMIT ${most}`.execute(db);
  for (const { type, id, submission_id } of proposals)
    say('proposals', `submission ${submission_id}`, `${type} ${id} is known as somebody else's`);

  const { rows: doors } = await sql<{ id: string; submission_id: string }>`
    SELECT id, submission_id FROM proposal WHERE community_id = ${communityId} AND type = 'dwelling' AND dwelling_id <> id
    LIMIT ${most}`.execute(db);
  for (const { id, submission_id } of doors)
    say('proposals', `submission ${submission_id}`, `dwelling ${id} is known as another door`);

  // Where a door is still to be counted, its state is what it was before; what moved out of the round's grids is not counted there any more.
  const { rows: states } = await sql<{ round_id: string; dwelling_id: string }>`
    SELECT one.round_id, one.dwelling_id FROM door_state AS one
    LEFT JOIN submission ON submission.community_id = one.community_id AND submission.id = one.submission_id
    WHERE one.community_id = ${communityId}
      AND ((one.submission_id IS NULL) <> (one.review IS NULL) OR submission.review <> one.review)
      AND EXISTS (SELECT 1 FROM round WHERE round.community_id = one.community_id AND round.id = one.round_id
        AND round.grid_ids LIKE '%"' || COALESCE((SELECT dwelling.grid_id FROM dwelling
          WHERE dwelling.community_id = one.community_id AND dwelling.id = one.dwelling_id), one.grid_id) || '"%')
      AND NOT EXISTS (SELECT 1 FROM afterwork WHERE afterwork.community_id = one.community_id
        AND afterwork.submission_id IN (one.dwelling_id, submission.dwelling_id, submission.id))
    LIMIT ${most}`.execute(db);
  for (const { round_id, dwelling_id } of states)
    say('doors', `dwelling ${dwelling_id}`, `counts in round ${round_id} by a record that stands otherwise`);
}
