/** The phone for screens: whatever reads `register` or `sync` inside a component is drawn again when the phone changes. */
import type { Phone, PhoneRegister, SyncState } from './phone';

export class LivePhone {
  /** For writes, and for reads that need not be drawn again. */
  readonly phone: Phone;
  // A counter and not `createSubscriber`: its module brings maps, sets and dates that no screen uses. It lives as long as the phone.
  #changes = $state(0);

  constructor(phone: Phone) {
    this.phone = phone;
    phone.subscribe(() => {
      this.#changes += 1;
    });
  }

  get register(): PhoneRegister {
    void this.#changes;
    return this.phone.register;
  }

  get sync(): SyncState {
    void this.#changes;
    return this.phone.syncState();
  }
}
