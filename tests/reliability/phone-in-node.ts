/** The phone's own code – store, outbox, loop, transport – in Node, with a real network to a real office. Screens are not part of it. */
import 'fake-indexeddb/auto';
import { openPhone } from '../../src/lib/device/open-phone';
import type { Draft, Phone } from '../../src/lib/device/phone';
import { makeSend } from '../../src/lib/device/transport';
import { makeWorld, type DeviceWorld } from '../../src/lib/device/world';
import type { Ledger } from './ledger';
import { signIn } from './sign-in';

/** `haste`: how many times as fast its timers run. `clockAhead`: milliseconds. */
type Line = { cut: boolean; haste: number; clockAhead: number };

/** `via`: where it syncs, if not at the address; `fetch`: how it asks, where the platform's own does not know a certificate. */
type Way = { via?: string; fetch?: (address: string, init: RequestInit) => Promise<Response> };

export class PhoneInNode {
  readonly world: DeviceWorld;
  readonly accountId: string;
  readonly #phone: Phone;
  readonly #ledger: Ledger;
  readonly #cookie: { value: string };
  readonly #line: Line;

  private constructor(world: DeviceWorld, phone: Phone, ledger: Ledger, cookie: { value: string }, line: Line) {
    this.#line = line;
    this.world = world;
    this.#phone = phone;
    this.accountId = phone.accountId;
    this.#ledger = ledger;
    this.#cookie = cookie;
  }

  /** Signs in at `address` and has its first sync behind it when this answers. `via`: where it syncs, if not there. */
  static async open(
    address: string,
    username: string,
    ledger: Ledger,
    { via = address, fetch: ask = fetch }: Way = {},
  ): Promise<PhoneInNode> {
    const cookie = { value: '' };
    const line: Line = { cut: false, haste: 1, clockAhead: 0 };
    const real = makeWorld();
    const world: DeviceWorld = {
      ...real,
      online: () => true,
      // One process, many phones: what a browser does for its own origin is done here. The lock is each phone's own.
      locks: null,
      now: () => real.now() + line.clockAhead,
      after: (milliseconds, task) => real.after(milliseconds / line.haste, task),
      fetch: (path, init) => {
        if (line.cut) return Promise.reject(new TypeError('no network'));
        return ask(via + path, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init.headers)), origin: address, cookie: cookie.value },
        });
      },
    };
    const { accountId, cookie: signed } = await signIn(address, username, undefined, ask);
    cookie.value = signed;
    const phone = await openPhone({ accountId, world, send: makeSend(world), app: 'reliability' });
    await phone.syncNow();
    return new PhoneInNode(world, phone, ledger, cookie, line);
  }

  /** Doors that this phone knows. */
  doors(): string[] {
    const { register } = this.#phone;
    return register
      .buildings()
      .flatMap(({ building }) => register.board(building.id)?.units ?? [])
      .flatMap(({ floors }) => floors)
      .flatMap(({ doors }) => doors)
      .map(({ door }) => door.id);
  }

  /** Grids that this phone was told to be its person's. */
  grids(): string[] {
    return this.#phone.register.grids().map(({ id }) => id);
  }

  /** An attempt at a door, saved; entered into the ledger when the phone has said so. */
  async knocks(dwellingId: string, version = 1): Promise<void> {
    this.#ledger.add(await this.#phone.save(this.#draft(dwellingId, version)));
  }

  /** An attempt that is kept as a draft. */
  async begins(dwellingId: string): Promise<Draft> {
    const draft = this.#draft(dwellingId, 1);
    await this.#phone.keepDraft(draft);
    return draft;
  }

  /** Saves what was begun, as the store has it; a draft that is not there, or not as it was, is a failure of the case. */
  async goesOn(begun: Draft): Promise<void> {
    const kept = await this.#phone.draft(begun.id);
    if (JSON.stringify(kept?.body) !== JSON.stringify(begun.body)) throw new Error('the draft is not as it was kept');
    this.#ledger.add(await this.#phone.save(kept ?? begun));
  }

  sync(): Promise<void> {
    return this.#phone.syncNow();
  }

  /** Until nothing waits; the time that the office named is waited for first. Throws when a hundred tries did not help. */
  async syncUntilIdle(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      await this.#phone.syncNow();
      const { phase, waiting, nextTryAt } = this.#phone.syncState();
      if (phase === 'idle' && waiting === 0) return;
      const wait = nextTryAt === null ? 0 : Date.parse(nextTryAt) - this.world.now();
      await new Promise<void>((resolve) => this.world.after(Math.min(Math.max(250, wait), 5_000), resolve));
    }
    throw new Error(`the queue does not empty: ${JSON.stringify(this.state)}`);
  }

  get state() {
    return this.#phone.syncState();
  }

  get phone(): Phone {
    return this.#phone;
  }

  /** Signs in again, as the person would when the app asks. */
  async signInAgain(address: string, username: string, password?: string): Promise<void> {
    this.#cookie.value = (await signIn(address, username, password)).cookie;
  }

  /** In a stairwell, or out of it again. */
  setOffline(offline: boolean): void {
    this.#line.cut = offline;
  }

  /** Its timers run so many times as fast: what takes it half a minute to give up takes less. */
  setHaste(haste: number): void {
    this.#line.haste = haste;
  }

  setClock(ahead: number): void {
    this.#line.clockAhead = ahead;
  }

  /** What the browser does when the session is gone. */
  loseSession(): void {
    this.#cookie.value = '';
  }

  close(): Promise<void> {
    return this.#phone.close();
  }

  #draft(dwellingId: string, version: number): Draft {
    const id = this.world.uuid();
    const now = new Date(this.world.now()).toISOString();
    const body = {
      outcome: 'no-one-home',
      nextVisit: null,
      informant: null,
      dwelling: {},
      households: [],
      note: this.world.uuid(),
      noticeGiven: false,
    };
    return {
      id,
      submissionId: id,
      kind: 'household-verification',
      form: { id: 'household-verification', version },
      target: { type: 'dwelling', id: dwellingId },
      basis: {},
      prefilledFrom: null,
      body,
      place: { step: 'knock', field: null },
      secondsOpen: 5,
      startedAt: now,
      changedAt: now,
    };
  }
}
