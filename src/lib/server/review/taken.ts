/** Decisions as they are told to somebody: by whose name, when, with which words. */
import * as z from 'zod';
import { Correction, ReviewComment } from '../../sync/items';
import { open } from '../codec';
import type { Reader } from '../register/read';
import type { DecisionKind, Taken } from './decision';

export type DecisionTold = Taken & {
  revision: number;
  /** `person`, or the rule that decided. */
  rule: string;
  comments: ReviewComment[];
  corrections: Correction[];
  reason: string;
  undoneAt: string | null;
};

/** The decision of that id as an answer to somebody who came second. */
export async function takenBy(db: Reader, communityId: string, decisionId: string | null): Promise<Taken | null> {
  if (decisionId === null) return null;
  const row = await decisionsOf(db, communityId).where('decision.id', '=', decisionId).executeTakeFirst();
  return row ? told(row) : null;
}

/** One decision with its words; null where there is none of that id. */
export async function decisionById(
  db: Reader,
  communityId: string,
  decisionId: string,
): Promise<(DecisionTold & { submissionId: string }) | null> {
  const row = await decisionsOf(db, communityId).where('decision.id', '=', decisionId).executeTakeFirst();
  return row ? { ...told(row), submissionId: row.submission_id } : null;
}

/** All decisions on what a submission stands for, oldest first. */
export async function decisionsOn(db: Reader, communityId: string, submissionId: string): Promise<DecisionTold[]> {
  const rows = await decisionsOf(db, communityId)
    .where('decision.submission_id', '=', submissionId)
    .where('decision.aside', 'is', null)
    .orderBy('decision.at')
    .orderBy('decision.id')
    .execute();
  return rows.map(told);
}

function decisionsOf(db: Reader, communityId: string) {
  return db
    .selectFrom('decision')
    .leftJoin('account', (join) =>
      join.onRef('account.community_id', '=', 'decision.community_id').onRef('account.id', '=', 'decision.by_account'),
    )
    .selectAll('decision')
    .select('account.name as by_name')
    .where('decision.community_id', '=', communityId);
}

type Row = Awaited<ReturnType<ReturnType<typeof decisionsOf>['execute']>>[number];

function told(row: Row): DecisionTold {
  const kind: DecisionKind = row.kind;
  return {
    decisionId: row.id,
    kind,
    by: row.by_name ?? row.by_account,
    byId: row.by_account,
    at: row.at,
    revision: row.revision,
    rule: row.by_rule,
    comments: z
      .array(ReviewComment)
      .catch([])
      .parse(JSON.parse(open(row.comments))),
    corrections: z
      .array(Correction)
      .catch([])
      .parse(JSON.parse(open(row.corrections))),
    reason: open(row.reason),
    undoneAt: row.undone_at,
  };
}
