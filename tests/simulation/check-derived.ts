/**
 * What is derived from records, worked out once more from what was saved and what was typed over at the desk: where doors stand in the rounds, plans of care,
 * the visits that carers are told, the corrections that authors are told. None of the office's own reckoning is used.
 */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import type { Tables } from '../../src/lib/server/database/tables';
import { Correction } from '../../src/lib/sync/items';
import { canonical } from './ledger';

type Body = Record<string, unknown>;
/** A record that counts, as it counts: `at` in the office's time; `corrections` of the approval that stands. */
type Counting = {
  id: string;
  account: string;
  kind: string;
  target: string;
  door: string | null;
  isApproved: boolean;
  body: Body;
  at: number;
  /** As somebody reads it. */
  seen: string;
  receivedAt: string;
  corrections: Correction[];
};
type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;

const minute = 60_000;
const settled = ['verified', 'vacant', 'moved-away', 'not-a-dwelling', 'no-such-door'];
const open = ['no-one-home', 'postponed', 'refused', 'no-access', 'unable'];
const outcomes = [...settled, 'partly-verified', ...open];

/** What is wrong, in words. */
export async function checkDerived(db: ReadSnapshot, communityId: string): Promise<string[]> {
  const all = <Table extends keyof Tables>(table: Table) => rowsOf(db, communityId, table);
  const records = countingOf(await all('submission'), await all('revision'), await all('decision'));
  const items = (await all('feed_item')).filter(({ gone }) => gone === 0);
  return [
    ...doorsWrong(records, {
      states: await all('door_state'),
      rounds: await all('round'),
      aliases: await all('alias'),
    }),
    ...plansWrong(records, await all('care_plan'), items),
    ...authorsToldWrong(records, items),
  ];
}

async function rowsOf<Table extends keyof Tables>(db: ReadSnapshot, communityId: string, table: Table) {
  const rows = await db
    .selectFrom(table as 'submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .execute();
  return rows as unknown as Row<Table>[];
}

const Text = z.object({ body: z.record(z.string(), z.unknown()), recordedAt: z.string().catch('') });

function countingOf(
  submissions: readonly Row<'submission'>[],
  revisions: readonly Row<'revision'>[],
  decisions: readonly Row<'decision'>[],
): Counting[] {
  return submissions.flatMap(({ id, account_id, kind, target_id, dwelling_id, revision, digest, review }) => {
    if (review !== 'pending' && review !== 'approved') return [];
    const isHead = (row: { submission_id: string; revision: number }) =>
      row.submission_id === id && row.revision === revision;
    const head = revisions.find((row) => isHead(row) && row.pushed_digest === digest && row.account_id === account_id);
    const approval = decisions.findLast(
      (row) => isHead(row) && row.digest === digest && row.kind === 'approve' && row.undone_at === null,
    );
    if (!head) return [];
    const { body: sent, recordedAt } = Text.parse(JSON.parse(head.text));
    const isApproved = review === 'approved';
    const corrections = isApproved && approval ? z.array(Correction).parse(JSON.parse(approval.corrections)) : [];
    const body = corrections.reduce((now, { path, value }) => asBody(put(now, path, value ?? null)), sent);
    const when = corrections.findLast(({ path }) => path.length === 1 && path[0] === 'visitedAt');
    const said = isTime(body['visitedAt']) ? body['visitedAt'] : isTime(recordedAt) ? recordedAt : head.recorded_at;
    // What the office says of the time it says by its own clock.
    const offset = typeof when?.value === 'string' ? 0 : head.clock_offset;
    const at = Math.min(Date.parse(said) - offset, Date.parse(head.received_at));
    const seen = Math.abs(Date.parse(said) - at) < minute ? said : `${local(at).slice(0, 19)}+08:00`;
    const about = { id, account: account_id, kind, target: target_id, door: dwelling_id };
    return [{ ...about, isApproved, body, at, seen, receivedAt: head.received_at, corrections }];
  });
}

const asBody = (value: unknown) => z.record(z.string(), z.unknown()).parse(value);
const isTime = (value: unknown): value is string => typeof value === 'string' && Number.isFinite(Date.parse(value));

/** The value with what stands at the path replaced; null takes it out. What has no place there is left out. */
function put(held: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(held)) {
    const items: unknown[] = [...held];
    if (Number(step) >= items.length) return items;
    items[Number(step)] = put(items[Number(step)], rest, value);
    return items;
  }
  if (typeof held !== 'object' || held === null)
    return rest.length === 0 || held === undefined ? { [step]: put(undefined, rest, value) } : held;
  const next = put(Reflect.get(held, step), rest, value);
  const { [step]: _, ...others } = held as Body;
  return rest.length === 0 && next === null ? others : { ...others, [step]: next };
}

type Rounds = { states: Row<'door_state'>[]; rounds: Row<'round'>[]; aliases: Row<'alias'>[] };

const Covered = z.looseObject({ outcome: z.string().nullable(), doors: z.object({ done: z.number() }) });
const Attempts = z.array(z.object({ at: z.string() }));

function doorsWrong(records: readonly Counting[], { states, rounds, aliases }: Rounds): string[] {
  const known = (id: string): string => {
    const alias = aliases.find((one) => one.type === 'dwelling' && one.id === id);
    return alias ? known(alias.same_as) : id;
  };
  const knocks = records
    .filter(({ kind, body }) => kind === 'household-verification' && outcomes.includes(textOf(body['outcome'])))
    .sort((one, other) => one.at - other.at);
  return states.flatMap((state) => {
    const round = rounds.find(({ id }) => id === state.round_id);
    if (!round) return [];
    const isOpen = ({ at }: Counting) =>
      dayOf(at) >= round.starts_on && (round.closed_at === null || at <= Date.parse(round.closed_at));
    const own = knocks.filter((one) => one.door !== null && known(one.door) === state.dwelling_id && isOpen(one));
    const approved = own.filter(({ isApproved }) => isApproved);
    const { outcome, doors } = Covered.parse(JSON.parse(state.coverage));
    const name = `the door ${state.dwelling_id} in round ${round.name}`;
    const wrong: string[] = [];
    const compare = (
      what: string,
      is: unknown,
      ofNewest: (newest: Counting | undefined) => unknown,
      some: Counting[],
    ) => {
      // Of two that were seen at the same time either may be the newest.
      const last = some.filter(({ at }) => at === some.at(-1)?.at);
      const expected = (last.length > 0 ? last : [undefined]).map(ofNewest);
      if (!expected.some((one) => one === is))
        wrong.push(`[TWO-3] ${name}: ${what} is ${String(is)} instead of ${expected.map(String).join(' or ')}`);
    };
    compare('the record that counts', state.submission_id, (newest) => newest?.id ?? null, own);
    compare('the outcome that counts', outcome, (newest) => newest?.body['outcome'] ?? null, own);
    compare('visited', doors.done, (newest) => (newest ? 1 : 0), own);
    compare('the outcome', state.outcome, (newest) => newest?.body['outcome'] ?? 'not-visited', approved);
    compare('the next visit', state.next_visit, nextVisitOf, approved);
    compare('the note', state.note, noteOf, approved);
    const told = approved.filter(({ body }) => !open.includes(textOf(body['outcome'])));
    compare('verified', state.verified_at, (newest) => newest?.seen ?? null, told);
    const days = (times: readonly string[]) => [...new Set(times.map((at) => dayOf(Date.parse(at))))].sort().join(' ');
    const tried = approved.filter(({ body }) => open.includes(textOf(body['outcome']))).map(({ seen }) => seen);
    const attempts = Attempts.parse(JSON.parse(state.attempts)).map(({ at }) => at);
    if (days(attempts) !== days(tried))
      wrong.push(`[TWO-3] ${name}: knocked at in vain on ${days(attempts)} instead of ${days(tried)}`);
    return wrong;
  });
}

const nextVisitOf = (newest: Counting | undefined) =>
  newest && !settled.includes(textOf(newest.body['outcome'])) ? textOf(newest.body['nextVisit']) || null : null;
const noteOf = (newest: Counting | undefined) =>
  newest && open.includes(textOf(newest.body['outcome'])) ? textOf(newest.body['note']) : '';

const Plan = z.object({ from: z.string(), everyDays: z.number(), until: z.string().nullable() });
const Recipient = z.object({
  plan: z.object({ nextOn: z.string().nullable() }),
  visits: z.array(z.object({ at: z.string(), outcome: z.string(), condition: z.unknown(), note: z.string() })),
});
/** As many of the last visits carers are told. */
const visitsTold = 5;

function plansWrong(
  records: readonly Counting[],
  plans: readonly Row<'care_plan'>[],
  items: readonly Row<'feed_item'>[],
): string[] {
  return plans.flatMap(({ resident_id: id, body, next_on }) => {
    const visits = records
      .filter(({ kind, target, isApproved }) => kind === 'care-visit' && target === id && isApproved)
      .sort((one, other) => other.at - one.at);
    // Of two at the same time either may be the newest.
    if (new Set(visits.map(({ at }) => at)).size < visits.length) return [];
    const plan = Plan.parse(JSON.parse(body));
    const next = nextOn(plan, visits);
    const wrong =
      next === next_on
        ? []
        : [`[TWO-3] the plan of ${id} goes on on ${next_on ?? 'no day'} instead of ${next ?? 'none'}`];
    const told = items.filter((item) => item.type === 'recipient' && item.item_id === id);
    for (const item of told) {
      const shown = Recipient.parse(JSON.parse(item.body));
      const expected = visits.slice(0, visitsTold).map(({ seen, body: visit }) => visitOf({ ...visit, at: seen }));
      if (shown.plan.nextOn !== next)
        wrong.push(`[TWO-3] ${item.feed_id} is told that ${id} is visited on ${shown.plan.nextOn}`);
      if (canonical(shown.visits.map(visitOf)) !== canonical(expected))
        wrong.push(
          `[TWO-3] ${item.feed_id} is told of other visits to ${id}: ${canonical(shown.visits.map(visitOf))} instead of ${canonical(expected)}`,
        );
    }
    return wrong;
  });
}

const visitOf = ({ at, outcome, condition, note }: Body) => ({
  at,
  outcome,
  condition: condition ?? {},
  note: note ?? '',
});

const ends = ['died', 'moved-away'];
const pauses = ['in-hospital', 'away'];

/**
 * What was agreed since somebody was last met, or the visits ended, holds; else what that visit says: an end leaves the day that the office set for
 * later, somebody met is seen again on the day that was proposed, or after the plan's interval. `visits`: newest first.
 */
function nextOn({ from, everyDays, until }: z.infer<typeof Plan>, visits: readonly Counting[]): string | null {
  const isEnd = ({ body }: Counting) => ends.includes(textOf(body['outcome'])) || body['stopVisits'] === true;
  const turn = visits.findIndex((visit) => isEnd(visit) || visit.body['outcome'] === 'met');
  const since = turn < 0 ? visits : visits.slice(0, turn);
  const agreed = since.map(({ body, seen }) => {
    const pause = pauses.includes(textOf(body['outcome'])) ? later(dayOf(Date.parse(seen)), 14) : '';
    return textOf(body['nextVisit']) || pause;
  });
  const said = agreed.find((one) => one !== '') ?? null;
  const last = visits[turn];
  const next = ((): string | null => {
    if (!last) return said ?? from;
    const on = dayOf(Date.parse(last.seen));
    if (isEnd(last)) return from > on ? (said ?? from) : null;
    return said ?? (textOf(last.body['nextVisit']) || later(on, everyDays));
  })();
  return next !== null && until !== null && next > until ? null : next;
}

const SubmissionItem = z.object({ corrections: z.array(Correction).default([]) });

function authorsToldWrong(records: readonly Counting[], items: readonly Row<'feed_item'>[]): string[] {
  return records.flatMap(({ id, account, corrections }) => {
    const item = items.find(
      (one) => one.type === 'submission' && one.item_id === id && one.feed_id === `account/${account}`,
    );
    if (!item) return [];
    const told = SubmissionItem.parse(JSON.parse(item.body)).corrections;
    return canonical(told) === canonical(corrections)
      ? []
      : [`[TWO-3] the author of ${id} is told of other corrections: ${canonical(told)}`];
  });
}

const day = 24 * 60 * minute;
/** The clock of the community, which is eight hours ahead of UTC. */
const local = (time: number) => new Date(time + 8 * 60 * minute).toISOString();
const dayOf = (time: number) => local(time).slice(0, 10);
const later = (from: string, days: number) =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
