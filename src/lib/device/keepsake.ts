/**
 * What the phone remembers outside of its store: whose it is and how much was on it only. A browser that is short of room may clear a
 * site's whole store between two starts, but leaves its cookies: by this one the app can say what happened. It holds ids and counts.
 */
import type { DeviceWorld, Marker } from './world';

export type Kept = {
  account: string;
  /** `current`: the app opens for it; `away`: signed out, with work that waits; `lost`: its store was cleared, and nobody has been told. */
  state: 'current' | 'away' | 'lost';
  /** Records that had no receipt, and forms in progress. */
  unsent: number;
  drafts: number;
};

/** Others than the last few leave: a cookie is small. */
const MOST = 6;
const states = { c: 'current', a: 'away', l: 'lost' } as const;
const letters = { current: 'c', away: 'a', lost: 'l' } as const;

export class Keepsake {
  #marker: Marker;

  constructor(world: Pick<DeviceWorld, 'cookie'>) {
    this.#marker = world.cookie('qiaomen-here');
  }

  all(): Kept[] {
    return (this.#marker.read() ?? '').split('~').flatMap((entry) => {
      const match = /^([cal])\.([A-Za-z0-9_-]{1,64})\.(\d{1,6})\.(\d{1,6})$/.exec(entry);
      const state = states[match?.[1] as keyof typeof states];
      if (!match || !state) return [];
      return [{ account: match[2] ?? '', state, unsent: Number(match[3]), drafts: Number(match[4]) }];
    });
  }

  /** Whom the app was open for. */
  current(): Kept | null {
    return this.all().find(({ state }) => state === 'current') ?? null;
  }

  of(account: string): Kept | null {
    return this.all().find((kept) => kept.account === account && kept.state !== 'lost') ?? null;
  }

  /** The account is open here, with so much that is here only. */
  open(account: string, { unsent, drafts }: Pick<Kept, 'unsent' | 'drafts'>): void {
    const others = this.all()
      .filter((kept) => kept.account !== account || kept.state === 'lost')
      .map((kept): Kept => (kept.state === 'current' ? { ...kept, state: 'away' } : kept));
    this.#write([{ account, state: 'current', unsent, drafts }, ...others]);
  }

  /** So much of the account is here only by now. Whom the app is open for stays as another window may have changed it meanwhile. */
  count(account: string, { unsent, drafts }: Pick<Kept, 'unsent' | 'drafts'>): void {
    const isIt = (kept: Kept) => kept.account === account && kept.state !== 'lost';
    const all = this.all();
    if (all.some(isIt)) this.#write(all.map((kept) => (isIt(kept) ? { ...kept, unsent, drafts } : kept)));
    else this.#write([...all, { account, state: 'away', unsent, drafts }]);
  }

  /** The account is signed out; its work that waits here is remembered. */
  leave(account: string): void {
    const left = (kept: Kept) => kept.account === account && kept.state === 'current';
    this.#write(this.all().map((kept): Kept => (left(kept) ? { ...kept, state: 'away' } : kept)));
  }

  /** The account's store was cleared, and so much is there again: what is gone is kept as long as nobody has said that they know. */
  lose(account: string, left: Pick<Kept, 'unsent' | 'drafts'> = { unsent: 0, drafts: 0 }): void {
    const less = (all: number, there: number) => Math.max(0, all - there);
    const lost = ({ unsent, drafts }: Kept): Kept => {
      return { account, state: 'lost', unsent: less(unsent, left.unsent), drafts: less(drafts, left.drafts) };
    };
    this.#write(this.all().map((kept) => (kept.account === account && kept.state !== 'lost' ? lost(kept) : kept)));
  }

  lost(): Kept[] {
    return this.all().filter(({ state }) => state === 'lost');
  }

  /** Somebody has read it. */
  forgetLost(): void {
    this.#write(this.all().filter(({ state }) => state !== 'lost'));
  }

  #write(kept: Kept[]): void {
    const worth = kept.filter(({ state, unsent, drafts }) => state !== 'away' || unsent + drafts > 0).slice(0, MOST);
    const text = worth
      .map(({ state, account, unsent, drafts }) => `${letters[state]}.${account}.${unsent}.${drafts}`)
      .join('~');
    if (text !== (this.#marker.read() ?? '')) this.#marker.write(text || null);
  }
}
