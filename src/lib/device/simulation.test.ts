/**
 * Phones and an office over a network that loses, doubles and refuses, with crashes of the app in between: the very loop and store of the
 * app, on a clock and chance of the seed. At the end nothing that was saved is lost, and every phone shows what the office says.
 */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { Connection } from './connection';
import { PhoneDatabase } from './database';
import { openPhone } from './open-phone';
import type { Draft, Phone } from './phone';
import { FakeOffice, type Fault } from './testing/fake-office';
import { building, dwelling, GRID, GRID_FEED, id, knock, noOneHome } from './testing/fixtures';
import { makeTestWorld, settled, type TestWorld } from './testing/test-world';

const OTHER_FEED = `grid/${id(3)}`;
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
const STEPS = 120;

type Worker = { account: string; phone: Phone; saved: Map<string, string>; drafts: Map<string, Draft> };

class Simulation {
  readonly world: TestWorld;
  readonly office = new FakeOffice();
  readonly log: string[] = [];
  readonly counts = new Map<string, number>();
  #workers: Worker[] = [];
  #troubled = true;
  #next = 900;

  constructor(readonly seed: number) {
    this.world = makeTestWorld(seed);
    for (let n = 0; n < 12; n += 1) this.#publishDoor(n, 'first');
    this.office.publish(GRID_FEED, 'building', id(2), building());
    this.office.fault = () => (this.#troubled ? this.#fault() : null);
    this.office.pageAtMost = 5;
  }

  async start(): Promise<void> {
    for (const name of ['a', 'b']) {
      const account = `sim-${this.seed}-${name}`;
      this.office.allow(account, [GRID_FEED]);
      this.#workers.push({ account, phone: await this.#open(account), saved: new Map(), drafts: new Map() });
    }
  }

  async step(): Promise<void> {
    const worker = this.#pick(this.#workers);
    const action = this.#pick([
      'save',
      'save',
      'correct',
      'draft',
      'discard',
      'sync',
      'sync',
      'wait',
      'crash',
      'publish',
      'decide',
      'scope',
      'restore',
    ]);
    this.log.push(`${action} ${worker.account}`);
    this.counts.set(action, (this.counts.get(action) ?? 0) + 1);
    switch (action) {
      case 'save':
        return this.#save(worker, id(this.#next++));
      case 'correct': {
        const record = this.#pick(worker.phone.register.records().filter(({ revision }) => revision > 0));
        return record && this.#save(worker, record.id);
      }
      case 'draft': {
        const draft = knock(id(this.#next++), this.#door(), { note: `draft ${this.world.random()}` });
        await worker.phone.keepDraft(draft);
        worker.drafts.set(draft.id, draft);
        return;
      }
      case 'discard': {
        const record = this.#pick(
          worker.phone.register.records().filter(({ discardable, revision }) => discardable && revision > 0),
        );
        if (record && (await worker.phone.discard(record.id, record.revision)))
          worker.saved.delete(`${record.id}/${record.revision}`);
        return;
      }
      case 'sync':
        return worker.phone.syncNow();
      case 'wait':
        return this.world.advance(this.world.random() * 400_000);
      case 'crash':
        return this.#crash(worker);
      case 'publish':
        return this.#publishDoor(Math.floor(this.world.random() * 12), this.#pick(['x', 'y', 'z']));
      case 'decide': {
        const stored = this.#pick([...this.office.stored.values()]);
        return stored && this.office.decide(stored.revision.id, this.#pick(['approved', 'returned', 'voided']));
      }
      case 'scope':
        return this.office.allow(worker.account, this.#pick([[GRID_FEED], [], [GRID_FEED, OTHER_FEED], [OTHER_FEED]]));
      default:
        if (this.world.random() < 0.3) this.office.restoreWithout(() => this.world.random() < 0.5);
    }
  }

  /** The network heals; everything settles. */
  async finish(): Promise<void> {
    this.#troubled = false;
    for (const { phone } of this.#workers) {
      await this.world.advance(400_000);
      for (let rounds = 0; rounds < 4; rounds += 1) await phone.syncNow();
    }
  }

  async check(): Promise<void> {
    for (const { account, phone, saved, drafts } of this.#workers) {
      expect(phone.syncState(), this.#story()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 0 });
      for (const [key, digest] of saved)
        expect(this.office.stored.get(key)?.digest, `${key}\n${this.#story()}`).toBe(digest);
      expect(new Set((await phone.drafts()).map((draft) => draft.id)), this.#story()).toEqual(new Set(drafts.keys()));
      for (const draft of await phone.drafts()) expect(draft.body).toEqual(drafts.get(draft.id)?.body);

      const connection = new Connection(() => new PhoneDatabase(account), this.world);
      const rows = await connection.run((database) => database.items.toArray());
      await connection.close();
      const held = new Map(rows.map((row) => [`${row.feed} ${row.type}/${row.id}`, row.body.open]));
      expect(held, this.#story()).toEqual(this.office.itemsOf(account));
      const shown = phone.register.buildings()[0]?.doors ?? 0;
      expect(shown, this.#story()).toBe(
        [...held.keys()].some((key) => key.includes('building/')) ? this.#doorsIn(held) : 0,
      );
      await this.#showsTheSameWhenOpenedAgain(account, phone);
    }
    expect([...this.office.stored.keys()].length).toBe(new Set(this.office.stored.keys()).size);
  }

  async end(): Promise<void> {
    for (const { phone } of this.#workers) await phone.close();
  }

  /** What was kept up to date change by change equals what is read from the store anew. */
  async #showsTheSameWhenOpenedAgain(account: string, phone: Phone): Promise<void> {
    const picture = (one: Phone) => ({
      buildings: one.register.buildings(),
      doors: Array.from({ length: 12 }, (_, n) => one.register.door(id(10 + n))),
      records: one.register.records(),
    });
    const again = await openPhone({
      accountId: account,
      world: makeTestWorld(1),
      send: () => Promise.resolve({ kind: 'no-connection' }),
      app: 'sim',
    });
    expect(picture(again), this.#story()).toEqual(picture(phone));
    await again.close();
  }

  async #save(worker: Worker, submissionId: string): Promise<void> {
    const draftId = id(this.#next++);
    const body = {
      ...noOneHome,
      note: `${this.world.random()}`,
      outcome: this.#pick(['no-one-home', 'refused', 'vacant']),
    };
    const record = worker.phone.register.record(submissionId);
    const revision = await worker.phone.save(knock(draftId, record?.target.id ?? this.#door(), body, { submissionId }));
    worker.saved.set(`${revision.id}/${revision.revision}`, revision.digest);
  }

  /** The app is gone in the middle of whatever it did; what is not in the store never was. */
  async #crash(worker: Worker): Promise<void> {
    const running = worker.phone.syncNow();
    await settled(Math.floor(this.world.random() * 12));
    const closing = worker.phone.close();
    await running;
    await closing;
    worker.phone = await this.#open(worker.account);
  }

  #open(account: string): Promise<Phone> {
    return openPhone({ accountId: account, world: this.world, send: this.office.sendAs(account), app: 'sim' });
  }

  #fault(): Fault {
    const refused = (status: number) => ({
      kind: 'refused' as const,
      status,
      retryAfterMs: status === 503 ? 1000 : null,
    });
    const luck = this.world.random();
    if (luck < 0.45) return null;
    if (luck < 0.6) return 'lose-answer';
    if (luck < 0.7) return 'lose-request';
    if (luck < 0.8) return { kind: 'no-connection' };
    if (luck < 0.84) return refused(503);
    if (luck < 0.88) return refused(500);
    if (luck < 0.92) return { kind: 'signed-out' };
    return { kind: 'broke-off' };
  }

  #publishDoor(number: number, note: string): void {
    const feed = this.world.random() < 0.5 ? GRID_FEED : OTHER_FEED;
    const gone = feed === GRID_FEED ? OTHER_FEED : GRID_FEED;
    const door = dwelling(10 + number, { gridId: feed === GRID_FEED ? GRID : id(3), room: `${300 + number}`, note });
    const steps = [
      () => this.office.publish(feed, 'dwelling', door.id, door),
      () => this.office.publish(gone, 'dwelling', door.id, null),
    ];
    for (const step of this.world.random() < 0.5 ? steps : steps.reverse()) step();
  }

  #doorsIn(held: Map<string, unknown>): number {
    return new Set([...held.keys()].filter((key) => key.includes('dwelling/')).map((key) => key.split('/').at(-1)))
      .size;
  }

  #door(): string {
    return id(10 + Math.floor(this.world.random() * 12));
  }

  #pick<T>(choices: T[]): T {
    return choices[Math.floor(this.world.random() * choices.length)] as T;
  }

  #story(): string {
    return `seed ${this.seed}\n${this.log.join('\n')}`;
  }
}

describe('nothing is lost', () => {
  it.each(SEEDS)('[DEV-3] [DEV-12] [DEV-16] with seed %i', async (seed) => {
    const simulation = new Simulation(seed);
    await simulation.start();
    for (let step = 0; step < STEPS; step += 1) await simulation.step();
    await simulation.finish();
    await simulation.check();
    await simulation.end();
  });

  it('and the simulation does something at all', async () => {
    const simulation = new Simulation(99);
    await simulation.start();
    for (let step = 0; step < STEPS; step += 1) await simulation.step();
    expect(simulation.counts.size).toBeGreaterThan(10);
    expect(simulation.office.stored.size).toBeGreaterThan(5);
    expect(simulation.office.requests.length).toBeGreaterThan(50);
    await simulation.end();
  });
});
