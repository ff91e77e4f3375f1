/** The phone for screens: whatever reads `register`, `sync` or a record inside a component is drawn again when it changes. */
import { createSubscriber } from 'svelte/reactivity';
import type { Phone, PhoneRegister, SyncState } from './phone';

export class LivePhone {
  /** For writes, and for reads that need not be drawn again. */
  readonly phone: Phone;
  #follow: () => void;

  constructor(phone: Phone) {
    this.phone = phone;
    this.#follow = createSubscriber((update) => phone.subscribe(update));
  }

  get register(): PhoneRegister {
    this.#follow();
    return this.phone.register;
  }

  get sync(): SyncState {
    this.#follow();
    return this.phone.syncState();
  }
}
