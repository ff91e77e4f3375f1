/** Notices that the browser cleared the phone's store between two starts, and remembers it until somebody has read it. */
import { Keepsake, type Kept } from '$lib/device/keepsake';
import type { Phone } from '$lib/device/phone';
import { isStoreThere } from '$lib/device/session';
import type { DeviceWorld } from '$lib/device/world';

export class StoreLoss {
  /** Whose store was cleared, with how much that nobody else has. */
  lost = $state.raw<Kept[]>([]);
  #keepsake: Keepsake;

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

  /** From now on the keepsake follows what is on this phone only. */
  follow(phone: Phone): void {
    if (phone.wasEmpty && this.#keepsake.of(phone.accountId)) this.#keepsake.lose(phone.accountId);
    this.lost = this.#keepsake.lost();
    const remember = () => {
      const { waiting, setAside, drafts } = phone.syncState();
      this.#keepsake.open(phone.accountId, { unsent: waiting + setAside, drafts });
    };
    remember();
    phone.subscribe(remember);
  }

  leave(): void {
    this.#keepsake.leave();
  }

  /** It was read. */
  close(): void {
    this.#keepsake.forgetLost();
    this.lost = [];
  }
}
