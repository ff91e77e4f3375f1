/** What was recorded of a person, emptied: texts of revisions, what was said on them, what decisions replaced. Ids, digests and receipts stay (REC-11). */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import { asRecord } from '../../domain/json';
import { Correction, ReviewComment } from '../../sync/items';
import { Problem } from '../../sync/protocol';
import { open, seal } from '../codec';
import { lockSubmissions } from '../database/locks';
import type { Transaction } from '../database/open';
import type { DecisionTable } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { askRecheckOfRecords } from '../quarantine/ask-recheck';
import { changeRow, revisionRows } from '../quarantine/part';
import { jsonOf } from '../readable';
import type { Person } from './find-traces';
import { beside, mentions, ofEntity, type Traces, withoutPerson } from './without-person';

export type Emptied = { revisions: number; decisions: number };

/** Locks the submissions, in the order of their ids; nobody decides on one meanwhile. `at`: RFC 3339, UTC. */
export async function eraseRecords(
  tx: Transaction,
  communityId: string,
  { traces, about, atDoors, left }: Person,
  at: string,
): Promise<Emptied> {
  const emptied: Emptied = { revisions: 0, decisions: 0 };
  const ids = [...about, ...atDoors].sort();
  await lockSubmissions(tx, communityId, ids);
  const mended: string[] = [];
  for (const id of ids) {
    const whole = about.includes(id);
    const bodies = await eraseRevisions(tx, communityId, id, { traces, whole, at });
    emptied.revisions += bodies.filter(({ erased }) => erased).length;
    emptied.decisions += await eraseDecisions(tx, communityId, id, { traces, whole, bodies, left });
    if (!whole && bodies.some(({ erased }) => erased)) mended.push(id);
    if (!whole) continue;
    // How a visit went, what a concern was about: of nobody else.
    await tx
      .updateTable('submission')
      .set({ outcome: '' })
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .execute();
  }
  // What was wrong with an entry that is gone keeps nobody else's waiting (QUA-6).
  await askRecheckOfRecords(tx, communityId, mended, at);
  return emptied;
}

type Body = { revision: number; digest: string; body: Record<string, unknown>; erased: boolean };
type What = { traces: Traces; whole: boolean };

async function eraseRevisions(
  tx: Transaction,
  communityId: string,
  submissionId: string,
  { traces, whole, at }: What & { at: string },
): Promise<Body[]> {
  const bodies: Body[] = [];
  for (const row of await revisionRows(tx, communityId, submissionId)) {
    const held = asRecord(jsonOf(open(row.text)));
    const raw = held ?? {};
    // What cannot be read may hold the person.
    const empties = whole || !held;
    const left = empties
      ? { ...raw, basis: {}, location: null, body: {} }
      : (asRecord(withoutPerson(raw, traces, 'kept')) ?? {});
    const text = canonicalText(left);
    const problems = withoutNames(open(row.problems), traces);
    const checked = stillWrong(row.checked && withoutNames(open(row.checked), traces), problems, left, empties);
    const erased = text !== open(row.text);
    if (erased || problems !== open(row.problems) || checked !== (row.checked && open(row.checked))) {
      await changeRow(tx, row, {
        text: seal(text),
        problems: seal(problems),
        checked: checked === null ? null : seal(checked),
        // What is wrong with a record may name somebody whom the record itself does not.
        erased_at: erased ? at : row.erased_at,
      });
    }
    const body = asRecord(asRecord(left)?.['body']) ?? {};
    bodies.push({ revision: row.revision, digest: row.pushed_digest, body, erased });
  }
  return bodies;
}

async function eraseDecisions(
  tx: Transaction,
  communityId: string,
  submissionId: string,
  { traces, whole, bodies, left: stays }: What & { bodies: readonly Body[]; left: Set<string> },
): Promise<number> {
  const rows = await tx
    .selectFrom('decision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', '=', submissionId)
    .orderBy('id')
    .execute();
  let changed = 0;
  for (const row of rows) {
    const about = bodies.find(({ revision, digest }) => revision === row.revision && digest === row.digest);
    const left = whole ? nothingSaid : saidOfOthers(row, about?.body ?? {}, traces);
    const isSame =
      left.comments === open(row.comments) &&
      left.corrections === open(row.corrections) &&
      left.reason === open(row.reason);
    if (!isSame) {
      changed += 1;
      await tx
        .updateTable('decision')
        .set({ comments: seal(left.comments), corrections: seal(left.corrections), reason: seal(left.reason) })
        .where('community_id', '=', communityId)
        .where('id', '=', row.id)
        .execute();
    }
    await eraseEffects(tx, communityId, row.id, { traces, left: stays });
  }
  return changed;
}

const nothingSaid = { comments: '[]', corrections: '[]', reason: '' };

function saidOfOthers(
  row: Selectable<DecisionTable>,
  body: Record<string, unknown>,
  traces: Traces,
): typeof nothingSaid {
  const comments = readOr(z.array(ReviewComment), open(row.comments), []);
  const corrections = readOr(z.array(Correction), open(row.corrections), []);
  const reason = open(row.reason);
  return {
    comments: JSON.stringify(comments.filter(({ path, text }) => !isGap(body, path) && !mentions(text, traces))),
    corrections: JSON.stringify(
      corrections
        .filter(({ path }) => !isGap(body, path))
        .map(({ path, value }) => {
          const field = String(path.at(-1) ?? '');
          const said = asRecord(withoutPerson({ [field]: value }, about(body, path, traces), 'unsaid'));
          return said && field in said ? [{ path, value: said[field] }] : [];
        })
        .flat(),
    ),
    reason: mentions(reason, traces) ? '' : reason,
  };
}

/** Whether a path leads into the entry that was taken out. */
function isGap(body: Record<string, unknown>, path: readonly (string | number)[]): boolean {
  let held: unknown = body;
  for (const step of path) {
    if (held === null) return true;
    if (typeof held !== 'object') return false;
    held = Reflect.get(held, step);
  }
  return held === null && path[2] === 'residents';
}

/** What is theirs in what a path leads to, an entry about somebody else perhaps. */
function about(body: Record<string, unknown>, path: readonly (string | number)[], traces: Traces): Traces {
  let held: unknown = body;
  for (const [at, step] of path.entries()) {
    if (typeof held !== 'object' || held === null) return traces;
    held = Reflect.get(held, step);
    if (path[at - 1] === 'residents') return beside(traces, held);
  }
  return traces;
}

/** What an undo would put back: of the person nothing, of others without them. */
async function eraseEffects(
  tx: Transaction,
  communityId: string,
  decisionId: string,
  { traces, left: stays }: Pick<Person, 'traces' | 'left'>,
): Promise<void> {
  const rows = await tx
    .selectFrom('decision_effect')
    .select(['entity_type', 'entity_id', 'before'])
    .where('community_id', '=', communityId)
    .where('decision_id', '=', decisionId)
    .orderBy('entity_id')
    .execute();
  for (const { entity_type, entity_id, before } of rows) {
    const held = jsonOf(open(before));
    const isTheirs = entity_type === 'resident' && traces.ids.has(entity_id);
    if (held === undefined && !isTheirs) {
      stays.add(`decision_effect ${decisionId}`);
      continue;
    }
    const left = isTheirs
      ? 'null'
      : JSON.stringify(withoutPerson(held, ofEntity(traces, entity_type, entity_id), 'closed'));
    if (left === open(before)) continue;
    await tx
      .updateTable('decision_effect')
      .set({ before: seal(left) })
      .where('community_id', '=', communityId)
      .where('decision_id', '=', decisionId)
      .where('entity_type', '=', entity_type)
      .where('entity_id', '=', entity_id)
      .execute();
  }
}

/**
 * What is wrong with the record as it is left, where that is less than was said last: nothing of an entry that was taken out, and of a record that was
 * emptied what its envelope lacks. What the first receipt said stays as it is.
 */
function stillWrong(
  checked: string | null,
  problems: string,
  left: Record<string, unknown>,
  whole: boolean,
): string | null {
  const body = asRecord(left['body']) ?? {};
  const isOver = ({ path }: Problem) =>
    whole ? path.length > 0 && (path[0] === 'body' || !(String(path[0]) in left)) : isGap(body, path);
  const now = z.array(Problem).parse(JSON.parse(checked ?? problems));
  return now.some(isOver) ? JSON.stringify(now.filter((one) => !isOver(one))) : checked;
}

/** What cannot be read may name the person, and goes whole. */
function readOr<T, Else>(schema: z.ZodType<T>, text: string, otherwise: Else): T | Else {
  const parsed = schema.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : otherwise;
}

/** Words of problems quote names; a sign stands for them. */
function withoutNames(problems: string, traces: Traces): string {
  const parsed = readOr(z.array(Problem), problems, null);
  if (!parsed) return '[]';
  if (!parsed.some((problem) => mentions(JSON.stringify(problem), traces))) return problems;
  const hidden = (text: string) =>
    [...traces.names, ...traces.numbers].reduce((left, trace) => left.replaceAll(trace, '＊'), text);
  return JSON.stringify(
    parsed.map(({ params, message, ...told }) => ({
      ...told,
      message: hidden(message),
      ...(params && {
        params: Object.fromEntries(
          Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? hidden(value) : value]),
        ),
      }),
    })),
  );
}
