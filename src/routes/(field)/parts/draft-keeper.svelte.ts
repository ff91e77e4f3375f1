/**
 * Keeps forms in progress: each change is on the disk within 300 ms, at once when the app goes to the back (DEV-9).
 * One keeper a form lives for as long as the app does, so that a change of language or of screen loses nothing.
 */
import { toTimestamp } from '$lib/domain/calendar';
import type { World } from '$lib/domain/world';
import type { Draft, Phone, PutBack } from '$lib/device/phone';
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
  /** The field to go back to, once, when the form is opened again. */
  resumeField: string | null = null;
  #phone: Phone;
  #world: World;
  #takeBack: (() => void) | null = null;
  #since: number;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;
  #told: (full: boolean) => void;

  /** `told`: whether the disk was full at the last write. */
  constructor(phone: Phone, world: World, draft: Draft, isKept: boolean, told: (full: boolean) => void) {
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

/** The forms that are open in this app. */
export class DraftBook {
  /** Counts the forms that ended, so that a screen opens the next one. */
  ended = $state(0);
  /** The disk took no draft or no record at the last try. */
  full = $state(false);
  #keepers = new Map<string, DraftKeeper>();
  #phone: Phone;
  #world: World;

  constructor(phone: Phone, world: World) {
    this.#phone = phone;
    this.#world = world;
  }

  /** The keeper of a form about one target: the one in memory, the one on the disk, or a new one that `begin` makes. */
  async open(target: Draft['target'], kind: Draft['kind'], begin: () => Draft): Promise<DraftKeeper> {
    const key = `${kind} ${target.type} ${target.id}`;
    const open = this.#keepers.get(key);
    if (open) return open;
    const kept = await this.#phone.draftOf(target, kind);
    const again = this.#keepers.get(key);
    if (again) return again;
    const keeper = new DraftKeeper(this.#phone, this.#world, kept ?? begin(), kept !== null, (full) => {
      this.full = full;
    });
    this.#keepers.set(key, keeper);
    return keeper;
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
    for (const [key, open] of this.#keepers) if (open === keeper) this.#keepers.delete(key);
    this.ended += 1;
  }

  /** The form of a target is read from the disk when it is opened next. */
  forgetTarget(kind: Draft['kind'], target: Draft['target']): void {
    const key = `${kind} ${target.type} ${target.id}`;
    const keeper = this.#keepers.get(key);
    if (keeper) keeper.replaced = true;
    this.#keepers.delete(key);
    this.ended += 1;
  }

  /** Forms that somebody has begun, as they are now. */
  begun(): Draft[] {
    return [...this.#keepers.values()]
      .filter(({ kept }) => kept !== 'new')
      .map(({ draft }) => $state.snapshot(draft) as Draft);
  }

  async flushAll(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.flush()));
  }
}
