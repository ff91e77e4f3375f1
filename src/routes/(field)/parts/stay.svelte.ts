/** All that is in hand while the app is open for one person; it goes with them, whole. */
import { LivePhone } from '$lib/device/live-phone.svelte';
import type { Phone } from '$lib/device/phone';
import type { World } from '$lib/domain/world';
import { DraftBook } from './draft-keeper.svelte';
import { Undo } from './undo.svelte';

export class Stay extends LivePhone {
  readonly drafts: DraftBook;
  readonly undo = new Undo();
  /** What was searched for last. */
  searchText = '';
  /** By building: the door where I was last. */
  readonly lastDoor = new Map<string, string>();

  constructor(phone: Phone, world: World) {
    super(phone);
    this.drafts = new DraftBook(phone, world);
  }
}
