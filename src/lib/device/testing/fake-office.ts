/** An office that speaks the protocol and nothing else: feeds, receipts, epochs; decisions are made by the test. */
import { digestRevision } from '../../sync/digest';
import type { ReviewState, SubmissionItem } from '../../sync/items';
import { SyncRequest, SubmissionRevision, type Change, type SyncResponse } from '../../sync/protocol';
import type { Send, SendOutcome } from '../question';
import { START } from './test-world';

type Feed = { version: number; items: Map<string, Change> };
type Stored = { account: string; revision: SubmissionRevision; digest: string };
export type Fault = SendOutcome | 'lose-request' | 'lose-answer' | null;

export class FakeOffice {
  epoch = 'epoch-1';
  clock: () => number = () => START;
  readonly accounts = new Map<string, string[]>();
  readonly stored = new Map<string, Stored>();
  /** How often each revision was pushed. */
  readonly pushes = new Map<string, number>();
  readonly requests: SyncRequest[] = [];
  readonly texts: string[] = [];
  /** Asked before each request: what happens to it. */
  fault: (request: SyncRequest, number: number) => Fault | Promise<Fault> = () => null;
  /** Most changes told in one answer, whatever was asked for. */
  pageAtMost = Infinity;
  /** Accounts that may hand over what they have and nothing else (SCO-5). */
  readonly stopped = new Set<string>();
  #feeds = new Map<string, Feed>();

  /** Gives an account its feeds; what it had and has no more is named in `left`. */
  allow(account: string, feeds: string[]): void {
    this.accounts.set(account, [...feeds, `account/${account}`]);
  }

  publish(feed: string, type: string, id: string, body: object | null): void {
    const of = this.#feed(feed);
    of.version += 1;
    of.items.set(
      `${type}/${id}`,
      body === null
        ? { type, id, version: of.version, gone: true }
        : { type, id, version: of.version, body: JSON.parse(JSON.stringify(body)) },
    );
  }

  /** A decision on a record, told by its account's feed. */
  decide(id: string, review: ReviewState, more: Partial<SubmissionItem> = {}): void {
    const revisions = [...this.stored.values()].filter(({ revision }) => revision.id === id);
    const newest = revisions.sort((one, other) => other.revision.revision - one.revision.revision)[0];
    if (!newest) throw new Error(`no such record ${id}`);
    this.publish(`account/${newest.account}`, 'submission', id, { ...standing(newest), review, ...more });
  }

  /** Goes back to a state without these revisions, as a backup would; a new epoch begins. */
  restoreWithout(lost: (stored: Stored) => boolean): void {
    this.epoch = `${this.epoch}+`;
    for (const [key, stored] of this.stored) {
      if (!lost(stored)) continue;
      this.stored.delete(key);
      const { id } = stored.revision;
      const left = [...this.stored.values()].filter(({ revision }) => revision.id === id);
      const newest = left.sort((one, other) => other.revision.revision - one.revision.revision)[0];
      if (newest) this.publish(`account/${stored.account}`, 'submission', id, standing(newest));
      else this.#feed(`account/${stored.account}`).items.delete(`submission/${id}`);
    }
    for (const feed of this.#feeds.values()) feed.version += 2 ** 32;
  }

  /** What the account's items look like here, by type and id. */
  itemsOf(account: string): Map<string, unknown> {
    const items = new Map<string, unknown>();
    for (const feed of this.accounts.get(account) ?? []) {
      for (const [key, change] of this.#feed(feed).items)
        if ('body' in change) items.set(`${feed} ${key}`, change.body);
    }
    return items;
  }

  sendAs(account: string): Send {
    return async (text) => {
      const request = SyncRequest.parse(JSON.parse(text));
      this.requests.push(request);
      this.texts.push(text);
      const fault = await this.fault(request, this.requests.length);
      if (fault === 'lose-request') return { kind: 'broke-off' };
      if (fault !== null && fault !== 'lose-answer') return fault;
      if (this.stopped.has(account) && request.push.length === 0) return { kind: 'revoked', epoch: null };
      const answer = await this.#answer(account, request);
      if (fault === 'lose-answer') return { kind: 'broke-off' };
      return { kind: 'answer', answer };
    };
  }

  async #answer(account: string, request: SyncRequest): Promise<SyncResponse> {
    const receipts: SyncResponse['receipts'] = [];
    for (const entry of request.push) receipts.push(await this.#takeIn(account, entry));
    const known = request.epoch === this.epoch;
    const readable = this.stopped.has(account) ? [] : (this.accounts.get(account) ?? []);
    let room = Math.min(request.limit, this.pageAtMost);
    const feeds = readable.map((id) => {
      const { version, items } = this.#feed(id);
      const have = request.have[id] ?? 0;
      const reset = (request.epoch !== null && !known && id in request.have) || have > version;
      const from = reset ? 0 : have;
      const news = [...items.values()]
        .filter((change) => change.version > from && !(from === 0 && 'gone' in change))
        .sort((one, other) => one.version - other.version);
      const changes = news.slice(0, room);
      room -= changes.length;
      const more = changes.length < news.length;
      const told = changes.at(-1)?.version ?? from;
      return { id, version: more ? told : version, more, changes, ...(reset ? { reset: true as const } : {}) };
    });
    return {
      protocol: 1,
      account,
      epoch: this.epoch,
      clock: this.clock(),
      receipts,
      wanted: request.offer.filter(({ id, revision }) => !this.stored.has(`${id}/${revision}`)),
      feeds,
      left: Object.keys(request.have).filter((id) => !readable.includes(id)),
    };
  }

  async #takeIn(
    account: string,
    entry: { id: string; revision: number; digest: string },
  ): Promise<SyncResponse['receipts'][number]> {
    const key = `${entry.id}/${entry.revision}`;
    this.pushes.set(key, (this.pushes.get(key) ?? 0) + 1);
    const head = { id: entry.id, revision: entry.revision, digest: entry.digest };
    const whole = SubmissionRevision.safeParse(entry);
    const first = this.stored.get(key);
    if (first?.digest === entry.digest) return { ...head, status: 'stored' };
    if (!whole.success || first || (await digestRevision(whole.data)) !== entry.digest) {
      const problems = [{ path: [], code: 'digest', message: '' }];
      return { ...head, status: 'quarantined', problems };
    }
    this.stored.set(key, { account, revision: whole.data, digest: entry.digest });
    this.publish(
      `account/${account}`,
      'submission',
      entry.id,
      standing({ account, revision: whole.data, digest: entry.digest }),
    );
    return { ...head, status: 'stored' };
  }

  #feed(id: string): Feed {
    let feed = this.#feeds.get(id);
    if (!feed) this.#feeds.set(id, (feed = { version: 0, items: new Map() }));
    return feed;
  }
}

function standing({ revision, digest }: Stored): SubmissionItem {
  const { kind, target, recordedAt } = revision;
  return {
    kind,
    target,
    recordedAt,
    revision: revision.revision,
    digest,
    review: 'pending',
    comments: [],
    decidedAt: null,
    by: null,
  };
}
