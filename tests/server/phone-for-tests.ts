/** A phone reduced to what crosses the wire: it makes revisions as the protocol asks, sends them, and remembers cursors and epoch. */
import { digestRevision } from '../../src/lib/sync/digest';
import { type FeedAnswer, SyncResponse } from '../../src/lib/sync/protocol';
import type { Office, SignedIn } from '../../src/lib/server/office';
import { answerSync } from '../../src/lib/server/sync/answer';
import type { TestDoor } from './office-for-tests';

/** What differs from the usual; anything may stand there, also what no phone would send. */
type Draft = Record<string, unknown>;
export type Pushed = { id: string; revision: number; digest: string; body: Record<string, unknown> } & Draft;
export type Refused = { status: number; protocol: number; error: string; revoked?: true; upgrade?: true };

export class PhoneForTests {
  readonly account: SignedIn;
  readonly #office: () => Office;
  readonly deviceId: string;
  epoch: string | null = null;
  have: Record<string, number> = {};
  /** What the feeds told, by `feed type id`. */
  readonly items = new Map<string, Record<string, unknown>>();

  constructor(office: () => Office, account: SignedIn) {
    this.#office = office;
    this.account = account;
    this.deviceId = office().world.uuid();
  }

  /** A revision with its right digest; what is not said is a verification of nothing. */
  async revision(draft: Draft): Promise<Pushed> {
    const world = this.#office().world;
    const revision = {
      id: world.uuid() as string,
      revision: 1 as number,
      kind: 'household-verification',
      form: { id: draft.kind ?? 'household-verification', version: 1 },
      target: { type: 'dwelling', id: world.uuid() },
      basis: {},
      recordedAt: new Date(world.now()).toISOString(),
      secondsOpen: 30,
      location: null,
      body: {} as Record<string, unknown>,
      ...draft,
    };
    return { ...revision, digest: await digestRevision(revision) };
  }

  /** Everybody at the door as registered, on the door as it is told now. */
  async verifies(door: TestDoor, draft: Draft = {}): Promise<Pushed> {
    const about = { target: { type: 'dwelling', id: door.id }, basis: await this.basisOf(door) };
    return this.revision({ ...about, body: verifiedBody(door), ...draft });
  }

  /** The version under which a phone that pulls now holds a door: what its forms name as basis. */
  async basisOf(door: { id: string }): Promise<Record<string, number>> {
    const told = await this.#office().database.read((db) =>
      db
        .selectFrom('feed_item')
        .select('version')
        .where('community_id', '=', this.account.communityId)
        .where('feed_id', 'like', 'grid/%')
        .where('type', '=', 'dwelling')
        .where('item_id', '=', door.id)
        .where('gone', '=', 0)
        .executeTakeFirst(),
    );
    return told ? { [door.id]: told.version } : {};
  }

  knocksInVain(door: TestDoor, draft: Draft = {}): Promise<Pushed> {
    return this.revision({ target: { type: 'dwelling', id: door.id }, body: { outcome: 'no-one-home' }, ...draft });
  }

  request(part: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      protocol: 1,
      account: this.account.id,
      device: { id: this.deviceId, app: 'test', clock: this.#office().world.now() },
      epoch: this.epoch,
      push: [],
      offer: [],
      have: this.have,
      limit: 1000,
      ...part,
    };
  }

  /** Sends any body; JSON unless it is bytes already. */
  send(
    body: unknown,
    headers: Record<string, string> = {},
    account: SignedIn | null = this.account,
  ): Promise<Response> {
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return answerSync(this.#office(), account, bytes, new Headers(headers));
  }

  /** An exchange that must be answered 200; nothing of it is remembered. */
  async ask(part: Record<string, unknown> = {}): Promise<SyncResponse> {
    const response = await this.send(this.request(part));
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return SyncResponse.parse(await response.json());
  }

  async refused(part: Record<string, unknown> = {}): Promise<Refused> {
    const response = await this.send(this.request(part));
    return { status: response.status, ...(await response.json()) };
  }

  async push(...revisions: Record<string, unknown>[]): Promise<SyncResponse['receipts']> {
    return (await this.ask({ push: revisions })).receipts;
  }

  /** Pulls until nothing is left and remembers it, as a device does. */
  async pull(limit = 1000): Promise<SyncResponse> {
    for (let turn = 0; turn < 1000; turn += 1) {
      const answer = await this.ask({ limit });
      this.keep(answer);
      if (!answer.feeds.some((feed) => feed.more)) return answer;
    }
    throw new Error('the feeds never end');
  }

  keep(answer: SyncResponse): void {
    this.epoch = answer.epoch;
    for (const feed of answer.left) this.#forget(feed);
    for (const feed of answer.feeds) {
      if (feed.reset) this.#forget(feed.id);
      for (const change of feed.changes) this.#keepChange(feed, change);
      this.have[feed.id] = feed.version;
    }
  }

  item(feed: string, type: string, id: string): Record<string, unknown> | undefined {
    return this.items.get(`${feed} ${type} ${id}`);
  }

  /** The state of one of the account's records, pulled now. */
  async record(id: string): Promise<Record<string, unknown> | undefined> {
    await this.pull();
    return this.item(`account/${this.account.id}`, 'submission', id);
  }

  #keepChange(feed: FeedAnswer, change: FeedAnswer['changes'][number]): void {
    const key = `${feed.id} ${change.type} ${change.id}`;
    if ('gone' in change) this.items.delete(key);
    else this.items.set(key, change.body);
  }

  #forget(feed: string): void {
    delete this.have[feed];
    for (const key of this.items.keys()) if (key.startsWith(`${feed} `)) this.items.delete(key);
  }
}

export function verifiedBody(door: TestDoor, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    outcome: 'verified',
    informant: { residentId: door.households[0]?.residents[0]?.id, name: '王建国', kind: 'member' },
    noticeGiven: true,
    dwelling: {},
    households: door.households.map((household) => ({
      id: household.id,
      residents: household.residents.map((resident) => ({ id: resident.id, change: 'unchanged' })),
    })),
    note: '',
    ...change,
  };
}

/** A visit at which all was well. */
export function visitBody(note = ''): Record<string, unknown> {
  return {
    outcome: 'met',
    present: 'in-person',
    services: [{ code: 'company', minutes: 30 }],
    condition: { mood: 4, mobility: 4, eating: 4, home: 4 },
    hazards: [],
    needs: [],
    nextVisit: null,
    note,
    withVolunteers: [],
  };
}
