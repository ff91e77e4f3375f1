/**
 * The screens' one way to the phone: who is signed in, the register as it is now, the language, the preferences.
 * Screens read `register` and `sync` inside templates and `$derived`; both follow every change of the phone.
 */
import { createContext, tick } from 'svelte';
import { dayOf, toTimestamp } from '$lib/domain/calendar';
import type { Locale } from '$lib/domain/codes/codes';
import { makeQueue, once } from '$lib/device/flight';
import { officeNow } from '$lib/device/office-clock';
import { openPhone } from '$lib/device/open-phone';
import type { Phone, PhoneRegister, SyncState } from '$lib/device/phone';
import type { RescueFileMade } from '$lib/device/rescue';
import { enterAgain, finishSignOut, hearOfSessions, lastAccount, signOut } from '$lib/device/session';
import { makeWorld, type DeviceWorld } from '$lib/device/world';
import { getLocale, setLocale } from '$lib/paraglide/runtime';
import type { DraftBook } from './draft-keeper.svelte';
import { Preferences } from './preferences.svelte';
import { Stay } from './stay.svelte';
import { StoreLoss } from './store-loss.svelte';
import type { Undo } from './undo.svelte';

/** `opening` is a moment; `broken`: the phone's store could not be opened, with the code of what went wrong. */
export type AppState = 'opening' | 'signed-out' | 'ready' | 'broken';

/** Between two tries at a store that another window holds. */
const ASK_AGAIN = 500;

export class FieldApp {
  readonly world: DeviceWorld = makeWorld();
  readonly preferences = new Preferences();
  readonly loss = new StoreLoss(this.world);
  state = $state<AppState>('opening');
  trouble = $state<string>('');
  /** Who has this open is signed out, and the disk does not take a form that is here: nothing but that is shown, until it does. */
  held = $state(false);
  /** Whose store is open, or could not be opened. */
  account = $state<string | null>(null);
  /** By which this person signed in here, for the next time. */
  username = '';
  locale = $state<Locale>(getLocale());
  #stay = $state.raw<Stay | null>(null);
  #stopAsking = () => {};
  /** The first screen stands: what it does without may come. */
  drawn = () => {};
  readonly #whenDrawn = new Promise<void>((resolve) => (this.drawn = resolve));
  /** Leaves the screen of whoever was here. */
  leaveScreen = () => {};
  /** Opening and leaving, one after the other. */
  readonly #turns = makeQueue();

  /** Opens the store of whoever signed in last on this phone. */
  readonly start = once(() => this.#turns(() => this.#start()));
  /** The first opening, which begins with the app. */
  readonly opened = this.start();

  constructor() {
    hearOfSessions(() => void this.lookWho());
  }

  async #start(): Promise<void> {
    if (this.state === 'ready') return;
    try {
      let account = await lastAccount();
      const cleared = await this.loss.findAtStart(account !== null);
      if (cleared) {
        if (await enterAgain(cleared)) account = await lastAccount();
        else this.loss.leave(cleared);
      }
      if (account) await this.#openFor(account.id, account.username);
      else this.state = 'signed-out';
    } catch (error) {
      this.#broke(error);
    }
    this.#tellOffice();
  }

  /** Somebody signed in here. */
  open(accountId: string, username: string): Promise<void> {
    return this.#turns(() => this.#openFor(accountId, username));
  }

  async #openFor(accountId: string, username: string): Promise<void> {
    if (this.state !== 'broken') this.state = 'opening';
    this.username = username;
    this.account = accountId;
    try {
      const phone = await openPhone({ accountId, world: this.world, drawn: this.#whenDrawn });
      this.loss.follow(phone);
      this.#stay = new Stay(phone, this.world);
      this.state = 'ready';
    } catch (error) {
      this.#broke(error);
    }
  }

  /** Held by another window, the store is asked for again until that one lets go of it. */
  #broke(error: unknown): void {
    this.trouble = codeOf(error);
    this.state = 'broken';
    this.#stopAsking();
    if (this.trouble === 'store-blocked') this.#stopAsking = this.world.after(ASK_AGAIN, () => void this.start());
  }

  /** Of whoever has the app open now. */
  get stay(): Stay {
    if (!this.#stay) throw new Error('no account is open on this phone');
    return this.#stay;
  }

  get phone(): Phone {
    return this.stay.phone;
  }

  get drafts(): DraftBook {
    return this.stay.drafts;
  }

  get undo(): Undo {
    return this.stay.undo;
  }

  get register(): PhoneRegister {
    return this.stay.register;
  }

  get sync(): SyncState {
    return this.stay.sync;
  }

  /** What is on this phone only, forms as they stand on the screen included. Rejects as `Phone.rescueFile` does. */
  rescueFile(): Promise<RescueFileMade> {
    return this.phone.rescueFile(this.drafts.begun());
  }

  /** Now, RFC 3339 at the community's offset. */
  now(): string {
    return toTimestamp(this.world.now());
  }

  /** The community's day by this phone's clock: the one that its records are written by. */
  today(): string {
    return dayOf(this.now());
  }

  /** Now by the office's clock, RFC 3339 at the community's offset. */
  officeTime(): string {
    return toTimestamp(officeNow(this.sync, this.world.now()));
  }

  /** The community's day as the office has it: what was planned there is due by that one. */
  officeDay(): string {
    return dayOf(this.officeTime());
  }

  /** Another language at once; drafts are kept first, so that nothing typed is lost. */
  async speak(locale: Locale): Promise<void> {
    await this.#stay?.drafts.flushAll();
    await setLocale(locale, { reload: false });
    document.documentElement.lang = locale;
    this.locale = locale;
  }

  /** Ends the session in every window of this browser. What was not sent stays on the phone for this person. */
  leave(): Promise<void> {
    return this.#turns(async () => {
      const { account } = this;
      await this.#shut();
      if (account) this.loss.leave(account);
      try {
        // The sign-in screen is shown once nothing opens the app any more without a password.
        if (account) await signOut(account);
        this.state = 'signed-out';
      } catch (error) {
        this.#broke(error);
      }
      this.#tellOffice();
    });
  }

  /**
   * Somebody may have signed in or out, here or in another window, or the browser cleared the store: this window follows, once the disk has what
   * stands on its screen only.
   */
  lookWho(): Promise<void> {
    return this.#turns(async () => {
      const open = this.state === 'signed-out' ? null : this.account;
      const account = await lastAccount().catch(() => ({ id: open }));
      this.#tellOffice();
      const isSame = (account?.id ?? null) === open;
      const isCleared = !account && this.loss.isOpenFor(open);
      this.held = !isSame && (await this.#stay?.drafts.flushAll(isCleared)) === false;
      if (this.held) {
        this.#stopAsking();
        this.#stopAsking = this.world.after(5_000, () => void this.lookWho());
      }
      if (isSame || this.held) return;
      await this.#shut();
      await this.#start();
    });
  }

  #tellOffice(): void {
    void finishSignOut().catch(() => {});
  }

  /** Closes the screens, keeps what they have, and lets the store go; that waits for no request under way. */
  async #shut(): Promise<void> {
    this.state = 'opening';
    this.leaveScreen();
    await tick();
    await this.#stay?.drafts.flushAll();
    const stay = this.#stay;
    this.#stay = null;
    this.loss.rest();
    void stay?.phone.close();
  }
}

export const [useField, setField] = createContext<FieldApp>();

function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'unknown';
}
