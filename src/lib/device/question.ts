/** A question to the office: what of the queue goes into it, its text, and what can come of it. */
import { limits, PROTOCOL, type SyncResponse } from '../sync/protocol';
import { revisionKey } from './own-revision';

/** A revision that waits, by what filling a request needs of it. */
export type Queued = { id: string; revision: number; bytes: number };
/** A revision as it is pushed: the text made at its save. */
export type Handed = { id: string; revision: number; digest: string; text: string };
export type Offered = { id: string; revision: number; digest: string };

/** What one question named: DEV-12 checks an answer against it. */
export type Question = {
  epoch: string | null;
  have: Record<string, number>;
  push: Handed[];
  offer: Offered[];
};
/**
 * A question with what of the queue it was to carry – less goes where some was thrown away meanwhile – and how many changes it asks for: with
 * `PAGES.none` it only hands over, and nothing but the receipts of its answer is stored.
 */
export type Asked = { question: Question; queued: Queued[]; page: number };

/** What came of one request. `no-connection`: anything but an answer of this protocol (DEV-11). `broke-off`: timeouts too. */
export type SendOutcome =
  | { kind: 'answer'; answer: SyncResponse }
  | { kind: 'refused'; status: number; retryAfterMs: number | null }
  | { kind: 'signed-out' }
  /** `epoch`: the office's present one, where it told it. */
  | { kind: 'revoked'; epoch: string | null }
  | { kind: 'upgrade' }
  | { kind: 'no-connection' }
  | { kind: 'broke-off' };
export type Send = (request: string) => Promise<SendOutcome>;

/** Changes asked for in one answer: the first page is small, so that a first building can be used early; of `none` the protocol takes one at least. */
export const PAGES = { first: 300, usual: 2000, least: 50, none: 1 } as const;

/** Who asks. `app`: build version of the app; `clock`: ms since 1970, the device's. */
export type Asking = { accountId: string; deviceId: string; app: string; clock: number };

/** The request with each revision's own text in it: parsing and writing it again could change its digest (REC-8). */
export function questionText({ question, page }: Asked, asking: Asking): string {
  const { epoch, have, push, offer } = question;
  const { accountId, deviceId, app, clock } = asking;
  const first = Object.keys(have).length === 0;
  const head = JSON.stringify({
    protocol: PROTOCOL,
    account: accountId,
    device: { id: deviceId, app, clock },
    epoch,
    offer,
    have,
    limit: first ? Math.min(PAGES.first, page) : page,
  });
  return `${head.slice(0, -1)},"push":[${push.map(({ text }) => text).join(',')}]}`;
}

/** As many of the queue's first as `batch` and 512 KiB allow, at least one (LIM-3). */
export function fill(queue: Queued[], batch: number): Queued[] {
  let bytes = 0;
  const end = queue.findIndex((one, index) => {
    bytes += one.bytes;
    return index >= batch || (index > 0 && bytes > limits.batchBytes);
  });
  return end === -1 ? queue : queue.slice(0, end);
}

/** The one revision that a request carried; null when it carried none or several. */
export function theOnlyOne({ question, queued }: Asked): Queued | null {
  const [only, second] = question.push;
  if (!only || second) return null;
  return queued.find((one) => revisionKey(one) === revisionKey(only)) ?? null;
}
