/** What a process of the office counts of its own work, in Prometheus' text format. Counts and times only: no id, no name, no address. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Office } from '../office';

const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'qiaomen_' });

const requests = new Histogram({
  name: 'qiaomen_request_seconds',
  help: 'Requests by route, method and status, and how long they took.',
  labelNames: ['route', 'method', 'status'] as const,
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers: [registry],
});
const receipts = new Counter({
  name: 'qiaomen_receipts_total',
  help: 'Receipts given, by status.',
  labelNames: ['status'] as const,
  registers: [registry],
});
const alarms = new Counter({
  name: 'qiaomen_alarms_total',
  help: 'Things that must never be, such as a cursor ahead of its feed.',
  labelNames: ['reason'] as const,
  registers: [registry],
});
const waiting = new Gauge({
  name: 'qiaomen_submissions',
  help: 'Submissions of all communities, by where they stand in review.',
  labelNames: ['review'] as const,
  registers: [registry],
});
const afterwork = new Gauge({
  name: 'qiaomen_afterwork',
  help: 'Pieces of work that pushes and decisions left to be done.',
  registers: [registry],
});

/** `route`: the route's own name, never an address. `milliseconds`: from its arrival to its answer's head. */
export function countRequest(route: string, method: string, status: number, milliseconds: number): void {
  requests.observe({ route, method, status }, milliseconds / 1000);
}

export function countReceipts(given: readonly { status: string }[]): void {
  for (const { status } of given) receipts.inc({ status });
}

export function countAlarm(reason: string): void {
  alarms.inc({ reason });
}

/** All of it as text, with what the database says at this moment. Throws a DatabaseUnavailableError. */
export async function metricsText({ database }: Pick<Office, 'database'>): Promise<{ text: string; type: string }> {
  await database.read(async (db) => {
    const states = await db
      .selectFrom('submission')
      .select(['review', ({ fn }) => fn.countAll<number>().as('count')])
      .groupBy('review')
      .execute();
    waiting.reset();
    for (const { review, count } of states) waiting.set({ review }, Number(count));
    const left = await db
      .selectFrom('afterwork')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    afterwork.set(Number(left.count));
  });
  return { text: await registry.metrics(), type: registry.contentType };
}
