/** What workers do in an open tab, each deed with its entry in the checker's list before and after. */
import { KnownForms } from '../../src/lib/device/known-forms';
import type { Draft, Phone } from '../../src/lib/device/phone';
import { StorageFullError, StoreUnavailableError, TooLargeError } from '../../src/lib/device/store-errors';
import { definitions } from '../../src/lib/forms/definitions';
import type { Chance } from './chance';
import type { Tally } from './faults';
import type { FormsPublished } from './forms-published';
import { fillIn } from './forms-filled';
import type { Ledger, Saved } from './ledger';
import { oddNote } from './odd-signs';

/** Where somebody works: a phone by its number, the account that is open there, and the time that the phone shows. */
export type Place = { device: number; account: string; opened: Phone; now: number };

export class Worker {
  #ledger: Ledger;
  #faults: Tally;
  #forms: FormsPublished;
  #told: (words: string) => void;

  constructor(ledger: Ledger, faults: Tally, forms: FormsPublished, told: (words: string) => void) {
    this.#ledger = ledger;
    this.#faults = faults;
    this.#forms = forms;
    this.#told = told;
  }

  /** `late`: the last change of the form comes after it was saved, as a debounced one may. */
  async save(place: Place, draft: Draft | null, late = false): Promise<void> {
    if (!draft) return;
    const { device, account, opened } = place;
    if (passesOver(opened)) this.#faults['form that no screen asks'] += 1;
    const saved = this.#ledger.saving(place, draft);
    try {
      const revision = await opened.save(draft);
      saved(revision);
      this.#told(`phone ${device} saved ${revision.id}/${revision.revision} ${revision.digest}`);
      if (late) await this.#changeLate(place, draft);
    } catch (error) {
      if (!isSaid(error)) throw error;
      this.#ledger.refused(device, account, draft);
    }
  }

  async saveDraft(place: Place, dice: Chance): Promise<void> {
    const draft = await this.#someDraft(place, dice);
    if (draft && draft.form.version < this.#forms.newest(draft.form.id)) this.#faults['draft of an older form'] += 1;
    await this.save(place, draft, dice.happens(0.5));
  }

  /** Goes on with a form that was left, or begins one. */
  async keepDraft(place: Place, dice: Chance): Promise<void> {
    const { device, account, opened, now } = place;
    const known = dice.happens(0.6) ? await this.#someDraft(place, dice) : null;
    const draft = known ?? fillIn(opened, dice, now);
    if (!draft) return;
    const note = oddNote(`草稿 ${dice.below(1e6)}`);
    const changed = { ...draft, body: { ...draft.body, note }, place: { step: 'people', field: 'note' } };
    const kept = this.#ledger.keeping(device, account, changed);
    try {
      await opened.keepDraft(changed);
      kept();
    } catch (error) {
      if (!isSaid(error)) throw error;
    }
  }

  async dropDraft(place: Place, dice: Chance): Promise<void> {
    const draft = await this.#someDraft(place, dice);
    if (!draft) return;
    const dropped = this.#ledger.dropping(place.device, place.account, draft.id);
    const putBack = await place.opened.dropDraft(draft);
    dropped();
    const isPutBack = dice.happens(0.5);
    if (dice.happens(0.5)) await this.#changeLate(place, draft);
    if (!isPutBack) return;
    const back = this.#ledger.keeping(place.device, place.account, draft);
    if (await putBack()) back();
    else this.#ledger.notKept(place.device, place.account, draft.id);
  }

  /** The form has ended: nothing of it is written any more. */
  async #changeLate({ opened }: Place, draft: Draft): Promise<void> {
    try {
      await opened.keepDraft({ ...draft, body: { ...draft.body, note: '迟到的一次自动保存' } });
      this.#faults['late change of an ended form'] += 1;
    } catch (error) {
      if (!isSaid(error)) throw error;
    }
  }

  /** Throws away a record that never left the phone; or taps on it although it did, as on a screen that was drawn before. */
  async discard({ opened, device, account }: Place, dice: Chance): Promise<void> {
    const handed = this.#ledger.handedOver(device, account);
    const isStale = handed.length > 0 && dice.happens(0.5);
    const open: readonly Pick<Saved, 'id' | 'revision'>[] = isStale
      ? handed
      : opened.register.records().filter(({ discardable, revision }) => discardable && revision > 0);
    if (open.length === 0) return;
    const { id, revision } = dice.pick(open);
    const known = [...this.#ledger.saved.values()];
    // Another phone of the person may have saved another text under that number.
    const own = known.filter((one) => one.device === device && one.account === account);
    const saved = own.filter((one) => one.id === id && one.revision <= revision && one.thrownAway === 'no');
    if (!saved.some((one) => one.revision === revision)) return;
    const thrown = saved.map((one) => ({ one, end: this.#ledger.throwing(one.digest) }));
    const discarded = await opened.discard(id, revision);
    const isGone = (one: { revision: number }) => discarded?.revisions.includes(one.revision) === true;
    for (const { one, end } of thrown) end(isGone(one));
    if (isStale && !discarded) this.#faults['thrown away too late'] += 1;
    if (!discarded) return;
    this.#faults.discarded += 1;
    if (!dice.happens(0.5)) return;
    const back = saved.filter(isGone).map((one) => this.#ledger.puttingBack(one.digest));
    const isBack = await discarded.putBack();
    for (const end of back) end(isBack);
    if (isBack) this.#faults['put back'] += 1;
  }

  async #someDraft({ device, account, opened }: Place, dice: Chance): Promise<Draft | null> {
    const ids = this.#ledger.drafts(device, account);
    if (ids.length === 0) return null;
    const draft = await opened.draft(dice.pick(ids));
    // Another tab may have begun with it meanwhile.
    return draft && this.#ledger.drafts(device, account).includes(draft.id) ? draft : null;
  }
}

/** The office has told this phone of a version that its screens do not begin a form with, or of a form that it does not have, and work goes on. */
function passesOver({ register }: Phone): boolean {
  const forms = new KnownForms(register);
  return [...register.toldForms().keys()].some((item) => {
    const [id = '', version] = item.split('@');
    return !definitions.some((form) => form.id === id) || Number(version) > forms.newest(id).version;
  });
}

/** What the phone says in words, and the draft stands as it was. */
export function isSaid(error: unknown): boolean {
  const isUnsafeText = error instanceof Error && error.message === 'Lone surrogate is not allowed';
  const isOfStore = error instanceof StorageFullError || error instanceof StoreUnavailableError;
  return isUnsafeText || isOfStore || error instanceof TooLargeError;
}
