/**
 * Keeps forms in progress: each change is on the disk within 300 ms, at once when the app goes to the back (DEV-9).
 * One keeper a form, for as long as its screens are open; what it has is on the disk when they close.
 */
import { toTimestamp } from '$lib/domain/calendar';
import type { World } from '$lib/domain/world';
import type { Draft, Phone, PutBack } from '$lib/device/phone';
import type { FormHold } from '$lib/device/form-holds';
import { isStorageFull } from '$lib/device/store-errors';

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

  /** After this the keeper writes nothing more: the form was saved or thrown away. */
  async end(): Promise<void> {
    await this.flush();
    this.#ended = true;
  }

  /** Another window took the form. What is here goes to the disk first, unless that window was not waited for. */
  async lose(stolen: boolean): Promise<void> {
    if (!stolen) await this.flush();
    this.#takeBack?.();
    this.#takeBack = null;
    this.#ended = true;
    this.elsewhere = true;
  }

  /** Takes the end back: saving failed and the form goes on. */
  goOn(): void {
    this.#ended = false;
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
  #phone: Phone;
  #world: World;

  constructor(phone: Phone, world: World) {
    this.#phone = phone;
    this.#world = world;
  }

  /**
   * The keeper of a form about one target: the one in memory, the one on the disk, or a new one that `begin` makes. Null while another
   * window has the form, unless `over` takes it from there.
   */
  async open(
    target: Draft['target'],
    kind: Draft['kind'],
    begin: () => Draft,
    over = false,
  ): Promise<DraftKeeper | null> {
    const key = keyOf(kind, target);
    await this.#closing.get(key);
    let opening = this.#opening.get(key);
    if (!opening) {
      opening = this.#begin(key, target, kind, begin, over).finally(() => this.#opening.delete(key));
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
  ): Promise<DraftKeeper | null> {
    const known = this.#open.get(key);
    if (known && !known.keeper.elsewhere) return known.keeper;
    let keeper: DraftKeeper | null = null;
    let isLost = false;
    const hold = await this.#phone.holdForm(
      key,
      async (stolen) => {
        isLost = true;
        await keeper?.lose(stolen);
      },
      over,
    );
    if (!hold) return null;
    const kept = await this.#phone.draftOf(target, kind);
    if (isLost) return null;
    keeper = new DraftKeeper(this.#phone, this.#world, kept ?? begin(), kept !== null, (full) => {
      this.full = full;
    });
    this.#open.set(key, { keeper, hold });
    return keeper;
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

  async drop(keeper: DraftKeeper): Promise<PutBack> {
    await keeper.end();
    const { id, kind, target } = keeper.draft;
    const putBack = await this.#phone.dropDraft(id).catch((error: unknown) => {
      keeper.goOn();
      throw error;
    });
    this.forget(keeper);
    return async () => {
      const isBack = await putBack();
      if (isBack) this.forgetTarget(kind, target); // an empty form may stand at its place by now
      return isBack;
    };
  }

  forget(keeper: DraftKeeper): void {
    for (const [key, open] of this.#open) if (open.keeper === keeper) this.#close(key, this.#putDown(key));
    this.ended += 1;
  }

  /** The form of a target is read from the disk when it is opened next. */
  forgetTarget(kind: Draft['kind'], target: Draft['target']): void {
    const key = keyOf(kind, target);
    const open = this.#open.get(key);
    if (open) {
      open.keeper.replaced = true;
      this.#close(key, this.#putDown(key));
    }
    this.ended += 1;
  }

  /** Forms that somebody has begun, as they are now. */
  begun(): Draft[] {
    return [...this.#open.values()]
      .filter(({ keeper }) => keeper.kept !== 'new' && !keeper.elsewhere)
      .map(({ keeper }) => $state.snapshot(keeper.draft) as Draft);
  }

  async flushAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ keeper }) => keeper.flush()));
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

function keyOf(kind: Draft['kind'], target: Draft['target']): string {
  return `${kind} ${target.type} ${target.id}`;
}
