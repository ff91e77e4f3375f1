import type { AsOf } from '$lib/server/desk/as-of';
import type { Asker, Office, SignedIn } from '$lib/server/office';

declare global {
  namespace App {
    interface Locals {
      office: Office;
      /** Who asks; null without a session. Pages and endpoints that the table of rights shuts never see null. */
      account: SignedIn | null;
      /** An account that was ended, or whose phone was revoked: it may hand over by sync and nothing else (SCO-5); null for everybody else. */
      closed: Asker | null;
    }
    /** What the desk's frame asks of the page in it. */
    interface PageData {
      /** How far the office had come when the page was read; only where the page is kept at that. */
      asOf?: AsOf;
      /** The case that somebody works at. */
      shown?: unknown;
      query?: { id?: string };
      /** For whom the frame was made; there is one around every page of the desk. */
      me?: { id: string };
    }
  }
  /** Named by the build (`scripts/build.mjs`): the project's version and the hash of its sources. */
  const __QIAOMEN_BUILD__: string;
}
export {};
