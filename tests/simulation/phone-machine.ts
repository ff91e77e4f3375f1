/** A phone: its disk, its clock, who is signed in, and the tabs of the app that are open on it. Each tab is a life of its own. */
import { AccountBook } from '../../src/lib/device/account-book';
import * as later from '../../src/lib/device/later';
import { openPhone } from '../../src/lib/device/open-phone';
import type { Phone } from '../../src/lib/device/phone';
import * as rescue from '../../src/lib/device/rescue';
import { PAGES, type Send } from '../../src/lib/device/question';
import { StoreUnavailableError } from '../../src/lib/device/store-errors';
import { makeSend } from '../../src/lib/device/transport';
import type { DeviceWorld } from '../../src/lib/device/world';
import type { SignedIn } from '../../src/lib/server/office';
import { chance, type Chance } from './chance';
import type { Clockwork } from './clockwork';
import { Disk } from './disk';
import type { Tally } from './faults';
import { inLife, type Life } from './life';
import type { Answered, Cookie, Network } from './network';
import { lendBrowser } from './outside-world';
import { Channels, Locks } from './tabs-of-a-browser';
import { wordsOf } from './words';
import { worldOf } from './worlds';

/** Brought along: nothing is awaited outside of the scheduler. */
const broughtAlong = { loadLater: () => Promise.resolve(later), loadRescue: () => Promise.resolve(rescue) };

export type Tab = {
  life: Life;
  /** For whom the app opened; null until it did, and where nobody is signed in. */
  account: string | null;
  phone: Phone | null;
  /** A tab beside it was killed: of what that one wrote last, this one was perhaps never told. */
  widowed: boolean;
};

/** What a phone says that it sent in another epoch (RES-2). */
export type Offered = { id: string; revision: number; digest: string };

type Parts = {
  clockwork: Clockwork;
  network: Network;
  seed: number;
  number: number;
  /** Web Locks, which not every browser has. */
  hasLocks: boolean;
  /** Revisions in one request at most. */
  pushAtMost: number;
  /** Changes asked for in one answer at most. */
  pullAtMost: number;
  faults: Tally;
  /** A request with these revisions in it goes out. */
  handing: (digests: readonly string[]) => void;
  /** The network brought an answer to this tab, which had offered these. */
  heard: (machine: PhoneMachine, tab: Tab, account: string, answered: Answered, offered: Offered[]) => void;
  /** An error that no screen expects. */
  trouble: (words: string) => void;
};

export class PhoneMachine {
  readonly number: number;
  readonly disk = new Disk();
  /** Milliseconds that the phone's clock is ahead. */
  ahead = 0;
  online = true;
  app = 'app-1';
  /** Whose session cookie the browser holds; null after it expired. */
  cookie: Cookie | null = null;
  tabs: Tab[] = [];
  readonly #parts: Parts;
  readonly #channels = new Channels();
  readonly #locks = new Locks();
  readonly #forget: () => void;
  #opened = 0;
  #sessions = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.number = parts.number;
    const browser = { disk: this.disk, channels: this.#channels };
    this.#forget = lendBrowser({ clockwork: parts.clockwork, device: this.number }, browser);
  }

  get name(): string {
    return `phone ${this.number}`;
  }

  /** Starts the app in a new tab, for whoever is signed in here; `seen` is called with the phone as it first shows itself. */
  open(seen: (phone: Phone) => void = () => {}): Tab {
    const tab: Tab = { life: this.#life(), account: null, phone: null, widowed: false };
    this.tabs.push(tab);
    const world = this.#world(tab.life);
    const { pushAtMost } = this.#parts;
    this.#do(tab, 'opening', async () => {
      const book = new AccountBook(world);
      const account = await book.current();
      await book.close();
      if (!account) return;
      const send = this.#send(tab, account.id, world);
      tab.phone = await openPhone({ accountId: account.id, world, send, pushAtMost, app: this.app, ...broughtAlong });
      tab.account = account.id;
      seen(tab.phone);
    });
    return tab;
  }

  /** Somebody signs in: the office gives a cookie, the phone remembers whom it opens for. Every tab that was open goes. */
  signIn({ id, username, name }: SignedIn): void {
    this.end(this.tabs, chance(0));
    const tab: Tab = { life: this.#life(), account: null, phone: null, widowed: false };
    this.tabs.push(tab);
    const world = this.#world(tab.life);
    const { pushAtMost } = this.#parts;
    this.#do(tab, 'signing in', async () => {
      const book = new AccountBook(world);
      const before = await book.current();
      if (before) await book.leave(before.id);
      await book.enter({ id, username, name });
      await book.close();
      this.newSession(id);
      const send = this.#send(tab, id, world);
      tab.phone = await openPhone({ accountId: id, world, send, pushAtMost, app: this.app, ...broughtAlong });
      tab.account = id;
    });
  }

  newSession(account: string): void {
    this.cookie = { account, session: `session ${this.number}.${(this.#sessions += 1)}` };
  }

  /** These tabs are gone in the middle of whatever they did. */
  end(tabs: readonly Tab[], dice: Chance): void {
    const lives = tabs.map(({ life }) => life);
    for (const life of lives) life.dead = true;
    const { takenBack, committed } = this.disk.cut(lives, dice);
    this.#parts.faults['phone killed in a transaction'] += takenBack;
    this.#parts.faults['phone killed at a commit'] += committed;
    this.tabs = this.tabs.filter((tab) => !tabs.includes(tab));
    for (const tab of this.tabs) tab.widowed ||= tabs.length > 0;
    this.#locks.release(lives);
    const [next] = this.tabs;
    if (next) this.disk.wake(next.life);
  }

  /** Something done in a tab by its user. */
  act(tab: Tab, label: string, run: (phone: Phone) => Promise<void>): void {
    this.#do(tab, label, async () => {
      if (tab.phone) await run(tab.phone);
    });
  }

  forget(): void {
    this.#forget();
  }

  #do(tab: Tab, label: string, run: () => Promise<void>): void {
    void inLife(tab.life, run).catch((error: unknown) => {
      if (tab.life.dead) return;
      // The screen says that the store cannot be opened; whoever taps again opens the app anew.
      if (!tab.phone && error instanceof StoreUnavailableError) return this.end([tab], chance(0));
      this.#parts.trouble(`${this.name}, ${label}: ${wordsOf(error)}`);
    });
  }

  #life(): Life {
    const { clockwork, number } = this.#parts;
    const name = `phone ${number}.${this.#opened++}`;
    return { name, kind: 'tab', clockwork, device: number, dead: false, said: () => {} };
  }

  #world(life: Life): DeviceWorld {
    const { seed, hasLocks } = this.#parts;
    const world = worldOf(life, chance(seed, life.name), () => this.ahead);
    return {
      ...world,
      locks: hasLocks ? this.#locks.manager() : null,
      // The store is never cleared here.
      cookie: () => ({ read: () => null, write: () => {} }),
      online: () => this.online,
      fetch: () => Promise.reject(new Error('every request has a fetch of its own')),
    };
  }

  #send(tab: Tab, account: string, world: DeviceWorld): Send {
    const { clockwork, network, pullAtMost, faults, handing } = this.#parts;
    const underWay: { limit: number }[] = [];
    return async (question) => {
      const request = question.replace(/"limit":(\d+)/, (_, limit) => `"limit":${Math.min(Number(limit), pullAtMost)}`);
      if (underWay.length > 0) faults['two requests at once'] += 1;
      if (underWay.some(({ limit }) => limit !== PAGES.none)) faults['news asked amid a queue'] += 1;
      const asked: { limit: number; offer: Offered[]; push: Offered[] } = JSON.parse(request);
      underWay.push(asked);
      // While the transport packs a question or reads an answer, streams take turns of the real loop: nothing else is picked meanwhile.
      let release = clockwork.busy();
      const fetch: DeviceWorld['fetch'] = async (_, { body, headers, signal }) => {
        const bytes = new Uint8Array(await new Response(body).arrayBuffer());
        release();
        handing(asked.push.map(({ digest }) => digest));
        const sent = { cookie: this.cookie, bytes, headers: new Headers(headers) };
        const answered = await network.send(sent, signal ?? null, this.online);
        release = clockwork.busy();
        this.#parts.heard(this, tab, account, answered, asked.offer);
        return new Response(answered.bytes.slice(), { status: answered.status, headers: answered.headers });
      };
      try {
        const outcome = await makeSend({ ...world, fetch })(request);
        if (outcome.kind === 'answer' && outcome.answer.feeds.some(({ more }) => more)) faults['told in pages'] += 1;
        return outcome;
      } finally {
        release();
        underWay.splice(underWay.indexOf(asked), 1);
      }
    };
  }
}
