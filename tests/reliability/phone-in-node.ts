/** The phone's own code – store, outbox, loop, transport – in Node, with a real network to a real office. Screens are not part of it. */
import 'fake-indexeddb/auto';
import { openPhone } from '../../src/lib/device/open-phone';
import type { Draft, Phone } from '../../src/lib/device/phone';
import { makeSend } from '../../src/lib/device/transport';
import { makeWorld, type DeviceWorld } from '../../src/lib/device/world';
import type { Ledger } from './ledger';
import { signIn } from './sign-in';

/** `via`: where it syncs, if not at the address; `fetch`: how it asks, where the platform's own does not know a certificate. */
type Way = { via?: string; fetch?: (address: string, init: RequestInit) => Promise<Response> };

export class PhoneInNode {
  readonly world: DeviceWorld;
  readonly accountId: string;
  readonly #phone: Phone;
  readonly #ledger: Ledger;
  readonly #cookie: { value: string };
  readonly #line: { cut: boolean };

  private constructor(
    world: DeviceWorld,
    phone: Phone,
    ledger: Ledger,
    cookie: { value: string },
    line: { cut: boolean },
  ) {
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
    const line = { cut: false };
    const real = makeWorld();
    const world: DeviceWorld = {
      ...real,
      online: () => true,
      // One process, many phones: what a browser does for its own origin is done here. The lock is each phone's own.
      locks: null,
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

  /** An attempt at a door, saved; entered into the ledger when the phone has said so. */
  async knocks(dwellingId: string, outcome = 'no-one-home', submissionId?: string): Promise<string> {
    const draft = this.#draft(
      dwellingId,
      {
        outcome,
        nextVisit: null,
        informant: null,
        dwelling: {},
        households: [],
        note: this.world.uuid(),
        noticeGiven: false,
      },
      submissionId,
    );
    const saved = await this.#phone.save(draft);
    this.#ledger.add(saved);
    return saved.id;
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

  /** What the browser does when the session is gone. */
  loseSession(): void {
    this.#cookie.value = '';
  }

  close(): Promise<void> {
    return this.#phone.close();
  }

  #draft(dwellingId: string, body: Record<string, unknown>, submissionId?: string): Draft {
    const id = this.world.uuid();
    const now = new Date(this.world.now()).toISOString();
    return {
      id,
      submissionId: submissionId ?? id,
      kind: 'household-verification',
      form: { id: 'household-verification', version: 1 },
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
