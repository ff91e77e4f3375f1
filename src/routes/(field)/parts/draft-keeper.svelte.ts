/**
 * Keeps forms in progress: each change is on the disk within 300 ms, at once when the app goes to the back (DEV-9).
 * One keeper a form, for as long as its screens are open; what it has is on the disk when they close.
 */
import { toTimestamp } from '$lib/domain/calendar';
import type { World } from '$lib/domain/world';
import type { Draft, Phone } from '$lib/device/phone';
import type { FormHold } from '$lib/device/form-holds';
import { isStorageFull, StorageFullError } from '$lib/device/store-errors';

const PAUSE = 200;
/** A write that the disk did not take is tried again: room may have been made. */
const AGAIN = 5_000;
/** The most that may pass between two changes of one sitting. */
const LONGEST = 30 * 60_000;

export type KeptState = 'new' | 'keeping' | 'kept' | 'failed';

export class DraftKeeper {
  draft = $state<Draft>({} as Draft);
  kept = $state<KeptState>('new');
  /** Another form took the place of this one: it is read from the disk. */
  replaced = $state(false);
  /** Another window has the form now; nothing is written here any more. */
  elsewhere = $state(false);
  /** The field to go back to, once, when the form is opened again. */
  resumeField: string | null = null;
  #phone: Pick<Phone, 'keepDraft'>;
  #world: Pick<World, 'now' | 'after'>;
  #takeBack: (() => void) | null = null;
  #since: number;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;
  #told: (full: boolean) => void;

  /** `told`: whether the disk was full at the last write. */
  constructor(
    phone: Pick<Phone, 'keepDraft'>,
    world: Pick<World, 'now' | 'after'>,
    draft: Draft,
    isKept: boolean,
    told: (full: boolean) => void,
  ) {
    this.#phone = phone;
    this.#world = world;
    this.#told = told;
    this.draft = draft;
    this.kept = isKept ? 'kept' : 'new';
    this.resumeField = isKept ? draft.place.field : null;
    this.#since = world.now();
  }

  /** Changes the form and has it kept. */
  edit(change: (body: Draft['body']) => void): void {
    change(this.draft.body);
    this.touch();
  }

  /** Remembers where in the form the worker is; begins no draft by itself. */
  moveTo(step: string, field: string | null): void {
    const { place } = this.draft;
    if (place.step === step && place.field === field) return;
    this.draft.place = { step, field };
    if (this.kept !== 'new') this.touch();
  }

  /** As long as nothing is entered, the form is what it would be if it were opened now. */
  follow(begin: () => Draft): void {
    if (this.kept !== 'new' || this.#ended) return;
    this.draft = { ...begin(), place: this.draft.place };
  }

  /** Puts what was entered onto another state of the register; kept like any change. */
  standOn(ground: Pick<Draft, 'basis' | 'prefilledFrom' | 'body'>): void {
    Object.assign(this.draft, ground);
    this.touch();
  }

  touch(): void {
    if (this.#ended) return;
    this.kept = 'keeping';
    this.draft.changedAt = toTimestamp(this.#world.now());
    this.#takeBack?.();
    this.#takeBack = this.#world.after(PAUSE, () => void this.flush());
  }

  /** Writes what is not written yet; resolves when it is on the disk. */
  async flush(): Promise<void> {
    if (this.#takeBack) {
      this.#takeBack();
      this.#takeBack = null;
      const now = this.#world.now();
      // A clock that went back adds nothing, one that went forward a day no more than a long sitting.
      this.draft.secondsOpen += Math.round(Math.min(LONGEST, Math.max(0, now - this.#since)) / 1000);
      this.#since = now;
      const copy = $state.snapshot(this.draft) as Draft;
      this.#writing = this.#writing.then(() => this.#write(copy));
    }
    await this.#writing;
  }

  /** After this the keeper writes nothing more: the form is saved or thrown away. */
  async end(): Promise<void> {
    await this.#settle();
    this.#stop();
  }

  /**
   * Another window wants the form. What is here goes to the disk first, unless that window was not waited for and has the form already; what
   * the disk does not take stays here, and the form with it.
   */
  async lose(stolen: boolean): Promise<void> {
    if (!stolen) {
      await this.#settle();
      if (this.kept === 'failed') return;
    }
    this.#stop();
    this.elsewhere = true;
  }

  /** Takes the end back: the form goes on, with what was typed meanwhile. */
  goOn(): void {
    this.#ended = false;
    if (this.kept !== 'new') this.touch();
  }

  /** What is here is on the disk, or the disk does not take it. */
  async #settle(): Promise<void> {
    do await this.flush();
    while (this.#takeBack && this.kept !== 'failed'); // something was typed meanwhile
  }

  #stop(): void {
    this.#takeBack?.();
    this.#takeBack = null;
    this.#ended = true;
  }

  async #write(copy: Draft): Promise<void> {
    try {
      await this.#phone.keepDraft(copy);
      if (!this.#takeBack) this.kept = 'kept';
      this.#told(false);
    } catch (error) {
      this.kept = 'failed';
      this.#told(isStorageFull(error));
      if (!this.#ended) this.#takeBack ??= this.#world.after(AGAIN, () => void this.flush());
    }
  }
}

/** What a form is about. */
type Target = { type: string; id: string };
type Open = { keeper: DraftKeeper; hold: FormHold };

/** The forms that are open in this app. */
export class DraftBook {
  /** Counts the forms that ended, so that a screen opens the next one. */
  ended = $state(0);
  /** The disk took no draft or no record at the last try. */
  full = $state(false);
  #open = new Map<string, Open>();
  #opening = new Map<string, Promise<DraftKeeper | null>>();
  /** Forms that are being put down: they can be had again after that. */
  #closing = new Map<string, Promise<void>>();
  /** Of several drafts about one target, the one that was taken up here last. */
  #inHand = new Map<string, string>();
  /** To stand here although the disk does not have it. */
  #held: Draft[] = [];
  #phone: Phone;
  #world: World;

  constructor(phone: Phone, world: World) {
    this.#phone = phone;
    this.#world = world;
  }

  /**
   * The keeper of a form about one target: the one in memory, the one on the disk, or a new one that `begin` makes. Null while another
   * window has the form, unless `over` takes it from there; null then, too, where the disk did not take what that window has. `record`: the form of that submission and no other; what was begun about
   * another is set aside, whole. Without it, the form in hand.
   */
  async open(
    target: Draft['target'],
    kind: Draft['kind'],
    begin: () => Draft,
    { over = false, record = null }: { over?: boolean; record?: string | null } = {},
  ): Promise<DraftKeeper | null> {
    const key = keyOf(kind, target);
    await this.#closing.get(key);
    let opening = this.#opening.get(key);
    if (!opening) {
      opening = this.#begin(key, target, kind, begin, over, record).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #begin(
    key: string,
    target: Draft['target'],
    kind: Draft['kind'],
    begin: () => Draft,
    over: boolean,
    record: string | null,
  ): Promise<DraftKeeper | null> {
    const known = this.#open.get(key);
    if (known && !known.keeper.elsewhere) {
      if (record === null || known.keeper.draft.submissionId === record) return known.keeper;
      await this.setAside(kind, target);
    }
    let keeper: DraftKeeper | null = null;
    let isLost = false;
    const hold: FormHold | null = await this.#phone.holdForm(
      key,
      async (stolen) => {
        isLost = true;
        if (!keeper) return;
        if (!stolen) hold?.guard(true); // a disk may be slow
        await keeper.lose(stolen);
        if (!stolen) hold?.guard(keeper.kept === 'failed');
      },
      over,
    );
    if (!hold) return null;
    const kept = await this.#keptOf(key, record);
    if (isLost) return null;
    keeper = new DraftKeeper(this.#phone, this.#world, kept ?? begin(), kept !== null, (full) => {
      this.full = full;
      hold.guard(keeper?.kept === 'failed');
    });
    this.#open.set(key, { keeper, hold });
    return keeper;
  }

  /** The draft of a record; without one, the draft in hand: the one taken up last, else the one changed last. */
  async #keptOf(key: string, record: string | null): Promise<Draft | null> {
    const known = this.#held.concat(await this.#phone.drafts());
    const about = known.filter(({ kind, target }) => keyOf(kind, target) === key);
    if (record !== null) return about.find(({ submissionId }) => submissionId === record) ?? null;
    return about.find(({ id }) => id === this.#inHand.get(key)) ?? about[0] ?? null;
  }

  /**
   * Makes this draft, kept or new, the form in hand about its target. Others about it are set aside: they stay whole among the forms that are
   * not finished. Rejects where the disk takes no more; what was in hand then stays it.
   */
  async takeUp(draft: Draft): Promise<void> {
    const { kind, target } = draft;
    const key = keyOf(kind, target);
    await this.setAside(kind, target);
    const others = (await this.#phone.drafts()).filter((one) => keyOf(one.kind, one.target) === key);
    // After every other, so that it is found first also when the app was closed meanwhile.
    const after = Math.max(this.#world.now(), ...others.map(({ changedAt }) => Date.parse(changedAt) + 1000));
    const known = others.find(({ id }) => id === draft.id);
    await this.#phone.keepDraft({ ...(known ?? draft), changedAt: toTimestamp(after) });
    this.#inHand.set(key, draft.id);
    this.ended += 1;
  }

  /** Puts the form in hand down for another one about the same target. Rejects where the disk does not take what was typed last. */
  async setAside(kind: string, target: Target): Promise<void> {
    const key = keyOf(kind, target);
    await this.#closing.get(key);
    const open = this.#open.get(key);
    if (!open || open.keeper.elsewhere) return;
    await open.keeper.flush();
    if (open.keeper.kept === 'failed') throw new StorageFullError();
    await open.keeper.end();
    open.keeper.replaced = true;
    this.#close(key, this.#putDown(key));
    await this.#closing.get(key);
  }

  /** Puts a form down: what it has is on the disk, and another window may open it. What the disk did not take stays here. */
  close(keeper: DraftKeeper): void {
    for (const [key, open] of this.#open) {
      if (open.keeper !== keeper) continue;
      this.#close(
        key,
        keeper.flush().then(() => (keeper.kept === 'failed' ? undefined : this.#putDown(key))),
      );
    }
  }

  /** Saves the form (durable when this resolves) and forgets its keeper. Rejects as `Phone.save` does; the form then goes on. */
  async save(keeper: DraftKeeper, body: Draft['body']): Promise<void> {
    await keeper.end();
    try {
      await this.#phone.save({ ...($state.snapshot(keeper.draft) as Draft), body });
      this.full = false;
      this.forget(keeper);
    } catch (error) {
      this.full = isStorageFull(error);
      keeper.goOn();
      throw error;
    }
  }

  /**
   * Has this form stand here, in hand, until the disk takes it. Rejects where another one keeps its place: one in another window, or one that
   * the disk does not take either.
   */
  async hold(draft: Draft): Promise<void> {
    const { kind, target } = draft;
    this.#inHand.set(keyOf(kind, target), draft.id);
    this.#held = [draft];
    try {
      await this.setAside(kind, target);
      const keeper = await this.open(target, kind, () => draft);
      if (keeper?.draft.id !== draft.id) throw new StorageFullError();
      keeper.touch();
    } finally {
      this.#held = [];
    }
    this.ended += 1;
  }

  forget(keeper: DraftKeeper): void {
    for (const [key, open] of this.#open) if (open.keeper === keeper) this.#close(key, this.#putDown(key));
    this.ended += 1;
  }

  /** Forms that somebody has begun, as they are now. */
  begun(): Draft[] {
    return [...this.#open.values()]
      .filter(({ keeper }) => keeper.kept !== 'new' && !keeper.elsewhere)
      .map(({ keeper }) => $state.snapshot(keeper.draft) as Draft);
  }

  /**
   * Writes what is not written yet; `cleared`: also what was, for the disk has nothing of it any more. False where something stands on the screen
   * only: the disk did not take it.
   */
  async flushAll(cleared = false): Promise<boolean> {
    const keepers = [...this.#open.values()].map(({ keeper }) => keeper);
    if (cleared) for (const keeper of keepers) if (keeper.kept !== 'new') keeper.touch();
    await Promise.all(keepers.map((keeper) => keeper.flush()));
    return !keepers.some(({ kept }) => kept === 'failed');
  }

  async #putDown(key: string): Promise<void> {
    const open = this.#open.get(key);
    this.#open.delete(key);
    await open?.hold.release();
  }

  #close(key: string, work: Promise<void>): void {
    const closing = work.finally(() => {
      if (this.#closing.get(key) === closing) this.#closing.delete(key);
    });
    this.#closing.set(key, closing);
  }
}

function keyOf(kind: string, target: Target): string {
  return `${kind} ${target.type} ${target.id}`;
}
