/** The one door between what the office means and what its tables hold of personal data. Open here; sealing comes in with a key. */
import type { Sealed } from './database/tables';

/** Text as a `Sealed` column takes it. */
export function seal(text: string): Sealed {
  return text as Sealed;
}

/** What `seal` was given. */
export function open(sealed: Sealed): string {
  return sealed;
}
