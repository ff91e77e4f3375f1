/** Notices that the browser cleared the phone's store, between two starts or under the open app, and remembers it until somebody has read it. */
import { Keepsake, type Kept } from '$lib/device/keepsake';
import type { Phone, RecordView } from '$lib/device/phone';
import { isStoreThere } from '$lib/device/session';
import type { DeviceWorld } from '$lib/device/world';

export class StoreLoss {
  /** Whose store was cleared, with how much that nobody else has. */
  lost = $state.raw<Kept[]>([]);
  #keepsake: Keepsake;
  /** Newest revisions that had no receipt when the phone that was followed last was let go of. */
  #unsent: RecordView[] = [];
  /** Follows no phone any more: it is being closed. */
  rest = () => {};

  constructor(world: DeviceWorld) {
    this.#keepsake = new Keepsake(world);
    this.lost = this.#keepsake.lost();
  }

  /** Looks at the start: answers whom the app was open for where the store no longer knows, and marks what else went. */
  async findAtStart(knowsAccount: boolean): Promise<string | null> {
    for (const { account, state } of this.#keepsake.all()) {
      if (state === 'away' && !(await isStoreThere(account))) this.#keepsake.lose(account);
    }
    const gone = knowsAccount ? null : this.#keepsake.current();
    this.lost = this.#keepsake.lost();
    return gone?.account ?? null;
  }

  /** From now on, until `rest`, the keepsake follows what is on this phone only. */
  follow(phone: Pick<Phone, 'accountId' | 'wasEmpty' | 'register' | 'syncState' | 'subscribe'>): void {
    this.rest();
    const { register } = phone;
    const onlyHere = () => {
      const { waiting, setAside, drafts } = phone.syncState();
      return { unsent: waiting + setAside, drafts };
    };
    const count = () => this.#keepsake.count(phone.accountId, onlyHere());
    // What was made or kept after the store was cleared is there; by now some of it may be at the office, though the count has not heard of it.
    if (phone.wasEmpty && this.#keepsake.of(phone.accountId)) {
      const { unsent, drafts } = onlyHere();
      const sent = this.#unsent.filter(({ id, revision }) => {
        const record = register.record(id);
        return record?.savedHere === null && record.revision >= revision;
      });
      this.#keepsake.lose(phone.accountId, { unsent: unsent + sent.length, drafts });
    }
    this.lost = this.#keepsake.lost();
    this.#keepsake.open(phone.accountId, onlyHere());
    const stop = phone.subscribe(count);
    this.rest = () => {
      this.rest = stop;
      stop();
      count();
      this.#unsent = register.records().filter(({ savedHere }) => savedHere !== null);
    };
  }

  /** Whether nobody said that this account is signed out: where the store does not know it, it was cleared. */
  isOpenFor(account: string | null): boolean {
    return account !== null && this.#keepsake.current()?.account === account;
  }

  /** The account is signed out: whatever its store still does, nothing says any more that the app is open for it. */
  leave(account: string): void {
    this.rest();
    this.#keepsake.leave(account);
  }

  /** It was read. */
  close(): void {
    this.#keepsake.forgetLost();
    this.lost = [];
  }
}
