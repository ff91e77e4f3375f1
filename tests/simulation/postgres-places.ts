/**
 * PostgreSQL for simulations. What it answers is let in by the scheduler, one at a time; a statement that waits for a row which another
 * transaction holds is asked about, and does not hold up the world. A process that is killed is gone at once, with all its connections.
 */
import pg from 'pg';
import { dropDatabase, makeDatabase, startPostgres, type Postgres } from '../support/postgres';
import type { Grain } from './gated-database';
import { type Life, lifeHere, outsideOfLife } from './life';

type Connections = {
  pids: Set<number>;
  clients: Set<pg.Client>;
  ask: (pid: number) => Promise<boolean>;
  /** Statements are no choice of the dice: only transactions are. */
  isFree: boolean;
};
/** Those of each process of the office. */
const offices = new Map<Life, Connections>();

export class PostgresPlaces {
  readonly template: string;
  #server: Postgres;
  #names: string[] = [];
  #monitor: pg.Client;

  private constructor(server: Postgres, template: string, monitor: pg.Client) {
    this.#server = server;
    this.template = template;
    this.#monitor = monitor;
  }

  static async start(): Promise<PostgresPlaces> {
    letIn();
    // Whoever would wait for each other for ever is found out before the next task goes on.
    const server = await startPostgres({ settings: { deadlock_timeout: '1ms' } });
    const monitor = new pg.Client({ connectionString: server.url });
    await monitor.connect();
    const name = `simulation_${process.pid}`;
    const places = new PostgresPlaces(server, await makeDatabase(server.url, name), monitor);
    places.#names.push(name);
    return places;
  }

  async make() {
    const [template = ''] = this.#names;
    const name = `${template}_${this.#names.length}`;
    this.#names.push(name);
    const url = await makeDatabase(this.#server.url, name, template);
    return {
      url,
      begun: (life: Life, grain: Grain) => {
        const ask = (pid: number) => this.#isBlocked(pid);
        offices.set(life, { pids: new Set(), clients: new Set(), ask, isFree: grain === 'transaction' });
      },
      cut: (life: Life) => this.#cut(life),
      remove: () => dropDatabase(this.#server.url, name),
    };
  }

  async stop(): Promise<void> {
    for (const name of this.#names) await dropDatabase(this.#server.url, name);
    await this.#monitor.end();
    await this.#server.stop();
  }

  async #cut(life: Life): Promise<void> {
    const office = offices.get(life);
    offices.delete(life);
    if (!office) return;
    const pids = [...office.pids];
    await this.#monitor.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
    const left = 'SELECT count(*)::int AS count FROM pg_stat_activity WHERE pid = ANY($1::int[])';
    while ((await this.#monitor.query<{ count: number }>(left, [pids])).rows[0]?.count) continue;
    for (const client of office.clients) client.connection.stream.destroy();
  }

  /** It waits for another transaction: for its lock, or, as the daily VACUUM does, for an index page that its last query still holds. */
  async #isBlocked(pid: number): Promise<boolean> {
    const asked = `
      SELECT cardinality(pg_blocking_pids($1)) > 0
          OR EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'BufferPin') AS blocked`;
    const { rows } = await this.#monitor.query<{ blocked: boolean }>(asked, [pid]);
    return rows[0]?.blocked ?? false;
  }
}

let isLetIn = false;

/** From here on every statement of a simulated office passes the scheduler. */
function letIn(): void {
  if (isLetIn) return;
  isLetIn = true;
  const { query } = pg.Client.prototype;
  const { connect } = pg.Pool.prototype;
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client & { processID: number }, ...asked: unknown[]): unknown {
      const life = lifeHere();
      const office = life && offices.get(life);
      if (!life || !office) return Reflect.apply(query, this, asked);
      office.pids.add(this.processID);
      office.clients.add(this);
      const start = (): Promise<unknown> => Reflect.apply(query, this, asked.map(patient));
      const isBlocked = () => office.ask(this.processID);
      return life.clockwork.outside('query', start, {
        isBlocked,
        isFree: office.isFree,
        frees: endsSomething(asked[0]),
      });
    },
  });
  Object.assign(pg.Pool.prototype, {
    connect(this: pg.Pool, ...asked: unknown[]): unknown {
      const life = lifeHere();
      const office = life && offices.get(life);
      if (!life || !office || asked.length > 0) return Reflect.apply(connect, this, asked);
      const start = (): Promise<unknown> => outsideOfLife(() => Reflect.apply(connect, this, []));
      const isBlocked = () => Promise.resolve(this.waitingCount > 0);
      return life.clockwork.outside('connection', start, { isBlocked, isFree: office.isFree });
    },
  });
}

/** Locks are let go of when a transaction ends, or a part of it is taken back. */
function endsSomething(asked: unknown): boolean {
  return typeof asked === 'string' && /^(COMMIT|ROLLBACK)/.test(asked);
}

/**
 * How long somebody waits for a row is told by the simulated clock alone, and that one stands still meanwhile. So does it while the daily care
 * spares a disk, for which nobody here waits.
 */
function patient(asked: unknown): unknown {
  if (typeof asked !== 'string') return asked;
  return asked.replaceAll(/(lock_timeout|session_timeout|vacuum_cost_delay) = '?\w+'?/g, '$1 = 0');
}
