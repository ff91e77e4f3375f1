/** Notices that the browser cleared the phone's store between two starts, and remembers it until somebody has read it. */
import { Keepsake, type Kept } from '$lib/device/keepsake';
import type { Phone } from '$lib/device/phone';
import { isStoreThere } from '$lib/device/session';
import type { DeviceWorld } from '$lib/device/world';

export class StoreLoss {
  /** Whose store was cleared, with how much that nobody else has. */
  lost = $state.raw<Kept[]>([]);
  #keepsake: Keepsake;
  #stop = () => {};

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

  /** From now on, until `leave`, the keepsake follows what is on this phone only. */
  follow(phone: Pick<Phone, 'accountId' | 'wasEmpty' | 'syncState' | 'subscribe'>): void {
    this.#stop();
    if (phone.wasEmpty && this.#keepsake.of(phone.accountId)) this.#keepsake.lose(phone.accountId);
    this.lost = this.#keepsake.lost();
    const onlyHere = () => {
      const { waiting, setAside, drafts } = phone.syncState();
      return { unsent: waiting + setAside, drafts };
    };
    this.#keepsake.open(phone.accountId, onlyHere());
    this.#stop = phone.subscribe(() => this.#keepsake.count(phone.accountId, onlyHere()));
  }

  /** The account is signed out: whatever its store still does, nothing says any more that the app is open for it. */
  leave(account: string): void {
    this.#stop();
    this.#keepsake.leave(account);
  }

  /** It was read. */
  close(): void {
    this.#keepsake.forgetLost();
    this.lost = [];
  }
}
