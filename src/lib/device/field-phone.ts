/** The phone as one thing: store, memory, loop and the other tabs, joined so that each change reaches all of them once. */
import type { SubmissionRevision } from '../sync/protocol';
import { Audience } from './audience';
import type { Connection } from './connection';
import type { PhoneDatabase } from './database';
import { Drafts, plainCopy } from './drafts';
import { makeQueue } from './flight';
import type { FormHold, FormHolds } from './form-holds';
import type { ItemRef } from './items-memory';
import { LateSyncing } from './late-syncing';
import { loadOwn, loadItems, type Loaded } from './load';
import { askBackgroundSync, watchOccasions } from './occasions';
import { Outbox } from './outbox';
import { revisionKey } from './own-revision';
import type { Discarded, Draft, Phone, PutBack, StorageState, SyncState } from './phone';
import { RegisterMemory } from './register-memory';
import type { RescueFileMade } from './rescue';
import { errorNames } from './store-errors';
import { askToKeep, readStorage } from './storage';
import type { Send } from './question';
import type { RunEnd, RunReport } from './sync-loop';
import type { Occasion } from './sync-schedule';
import { SyncProgress } from './sync-progress';
import type { StoreChange } from './sync-store';
import type { SyncingParts } from './syncing';
import type { TabMessage, Tabs } from './tabs';
import type { Vault } from './vault';
import type { DeviceWorld } from './world';

/** Doors read ahead for search at a time, and the pause between: never in the way of a frame. */
const WARM_DOORS = 50;
const WARM_AFTER_MS = 1_200;
const WARM_EVERY_MS = 20;
/** After a read of the store that failed. */
const READ_AGAIN_MS = 1_000;

/** Brings what is not needed for a first frame. */
export type LoadLater = () => Promise<typeof import('./later')>;
/** Brings what makes a rescue file, with its seal: nothing for the start page. */
export type LoadRescue = () => Promise<typeof import('./rescue')>;

export type PhoneParts = {
  accountId: string;
  deviceId: string;
  wasEmpty: boolean;
  app: string;
  connection: Connection<PhoneDatabase>;
  vault: Vault;
  world: DeviceWorld;
  send: Send | undefined;
  pushAtMost: number | undefined;
  loadLater: LoadLater;
  loadRescue: LoadRescue;
  /** Open since before `loaded` was read. */
  tabs: Tabs;
  loaded: Loaded;
};

export class FieldPhone implements Phone {
  readonly accountId: string;
  readonly deviceId: string;
  readonly wasEmpty: boolean;
  readonly register: RegisterMemory;
  #parts: PhoneParts;
  #drafts: Drafts;
  #outbox: Outbox;
  #progress: SyncProgress;
  #syncing: LateSyncing;
  #tabs: Tabs;
  #forms: FormHolds | null = null;
  #audience: Audience;
  #endings: (() => void)[] = [];
  #stopWarming = () => {};
  #stopReading = () => {};
  /** Reads of items that another tab stored, under way or still to come. */
  #itemReads = 0;
  #closed = false;
  /** Draft and save go to the store in the order in which they were asked for. */
  #writes = makeQueue();
  /** What the store changed is read back in order. */
  #reads = makeQueue();

  constructor(parts: PhoneParts) {
    const { accountId, deviceId, wasEmpty, connection, vault, world, loaded } = parts;
    this.#parts = parts;
    this.accountId = accountId;
    this.deviceId = deviceId;
    this.wasEmpty = wasEmpty;
    this.#audience = new Audience(world);
    this.#drafts = new Drafts(connection, vault);
    this.register = new RegisterMemory(() => world.now());
    const { work } = this.register;
    const remembered = (submissionId: string) => work.numbersOf(submissionId);
    this.#outbox = new Outbox({ accountId, connection, vault, world, drafts: this.#drafts, remembered });
    if (loaded.lastSyncedAt) this.register.setOfficeTime(loaded.lastSyncedAt);
    this.#progress = new SyncProgress(this.register.work, loaded.lastSyncedAt, loaded.stopped);
    for (const revision of loaded.revisions) this.register.work.put(revision);
    for (const draft of loaded.drafts) this.register.work.putDraft(draft);
    this.register.applyItems({ emptied: [], put: loaded.items, gone: [] });
    this.register.refreshOwn();
    this.#tabs = parts.tabs;
    this.#syncing = new LateSyncing({
      load: async () => {
        const { startSyncing, Search } = await parts.loadLater();
        this.register.addSearch((doors) => new Search(doors));
        this.#warmAfter(WARM_AFTER_MS);
        this.#audience.tell();
        return startSyncing(this.#syncingParts());
      },
      failed: (error) => {
        this.#failed(error);
        this.#ended({ phase: 'trouble', againInMs: null, strict: false }, null);
      },
    });
    this.#tabs.listen((message) => this.#heard(message));
  }

  /** Listens to the browser and begins with a first sync. */
  start(): void {
    // Where the store was cleared, other windows have what it held in memory still.
    if (this.wasEmpty) for (const kind of ['all', 'drafts'] as const) this.#tabs.tell({ kind });
    const due = (occasion: Occasion) => void this.#syncing.request(occasion);
    this.#endings.push(watchOccasions(this.#parts.world, due));
    due('open');
  }

  subscribe(listener: () => void): () => void {
    return this.#audience.join(listener);
  }

  draftOf(target: { type: string; id: string }, kind: string): Promise<Draft | null> {
    return this.#writes(() => this.#drafts.of(target, kind));
  }

  draft(id: string): Promise<Draft | null> {
    return this.#writes(() => this.#drafts.get(id));
  }

  drafts(): Promise<Draft[]> {
    return this.#writes(() => this.#drafts.all());
  }

  async holdForm(form: string, lost: (stolen: boolean) => Promise<void>, over = false): Promise<FormHold | null> {
    const { FormHolds } = await import('./form-holds'); // no form is open on the start page
    this.#forms ??= new FormHolds({
      world: this.#parts.world,
      prefix: `qiaomen-form-${this.accountId}-`,
      ask: (asked) => this.#tabs.tell({ kind: 'put-down', form: asked }),
    });
    return over ? this.#forms.takeOver(form, lost) : this.#forms.take(form, lost);
  }

  keepDraft(draft: Draft): Promise<void> {
    const copy = plainCopy(draft); // as it is now: the form goes on changing
    return this.#writes(async () => {
      if (!(await this.#drafts.keep(copy))) return;
      this.register.work.putDraft(copy);
      this.#draftChanged(copy.target.id);
    });
  }

  async dropDraft(draft: Draft): Promise<PutBack> {
    const copy = plainCopy(draft);
    await this.#writes(() => this.#drafts.drop(copy));
    const mark = this.register.work.removeDraft(copy.id);
    if (mark) this.#draftChanged(mark.target.id);
    return async () => {
      this.#drafts.end(copy, false);
      await this.keepDraft(copy);
      return true;
    };
  }

  async save(draft: Draft): Promise<SubmissionRevision> {
    const [revision] = await this.saveAll([draft]);
    if (!revision) throw new Error('nothing was saved');
    return revision;
  }

  async saveAll(drafts: Draft[]): Promise<SubmissionRevision[]> {
    if (drafts.length === 0) return [];
    const copies = plainCopy(drafts);
    this.#warmAfter(WARM_AFTER_MS); // not in the way of what the worker waits for
    const revisions = await this.#writes(async () => {
      const saved = await this.#outbox.save(copies);
      for (const { id } of copies) this.register.work.removeDraft(id);
      this.#tabs.tell({ kind: 'drafts' });
      // Within the turn: the next save is numbered by what is in memory.
      await this.#ownChanged(saved.map(({ id }) => id));
      return saved;
    });
    void this.#syncing.request('save');
    void askToKeep();
    void askBackgroundSync();
    return revisions;
  }

  async discard(submissionId: string, revision: number): Promise<Discarded | null> {
    const rows = await this.#writes(() => this.#outbox.discard(submissionId, revision));
    if (rows.length === 0) return null;
    await this.#ownChanged([submissionId]);
    const putBack = async () => {
      const isBack = await this.#writes(() => this.#outbox.putBack(rows));
      await this.#ownChanged([submissionId]);
      if (isBack) void this.#syncing.request('save');
      return isBack;
    };
    return { revisions: rows.map((row) => row.revision), putBack };
  }

  syncState(): SyncState {
    return this.#progress.state();
  }

  async syncNow(): Promise<void> {
    await this.#syncing.request('asked');
    await this.#reads(() => Promise.resolve());
  }

  storage(): Promise<StorageState> {
    return readStorage();
  }

  async rescueFile(open: Draft[] = []): Promise<RescueFileMade> {
    const { world } = this.#parts;
    const { makeRescueFile } = await this.#parts.loadRescue();
    const marked = (submissions: string[]) => this.#ownChanged(submissions);
    return this.#writes(() => makeRescueFile({ ...this.#parts, now: () => world.now(), marked }, open));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const end of this.#endings) end();
    this.#stopWarming();
    this.#stopReading();
    await Promise.all([this.#syncing.close(), this.#forms?.close()]);
    await this.#writes(() => Promise.resolve());
    await this.#reads(() => Promise.resolve());
    this.#tabs.close();
    this.#audience.close();
    await this.#parts.connection.close();
  }

  #syncingParts(): SyncingParts {
    return {
      ...this.#parts,
      stored: (change) => this.#stored(change),
      report: (report) => this.#reported(report),
      alive: () => this.#tabs.tell({ kind: 'alive' }),
      begun: () => this.#progress.begin(),
      ended: (end, nextTryAt) => this.#ended(end, nextTryAt),
      failed: (error) => this.#failed(error),
    };
  }

  #failed(error: unknown): void {
    this.#progress.failed(error);
    logFailure(error);
  }

  #ended(end: RunEnd, nextTryAt: number | null): void {
    this.register.markInFlight([]);
    this.#progress.end(end, nextTryAt);
    const at = this.#progress.lastSyncedAt;
    if (at) this.register.setOfficeTime(at);
    if (end.phase === 'idle' && at) this.#tabs.tell({ kind: 'synced', at });
    this.#audience.tell();
  }

  #reported(report: RunReport): void {
    this.#progress.report(report);
    if (report.kind === 'failed') return logFailure(report.error);
    this.register.markInFlight(report.sending.map(revisionKey));
    this.#audience.tellOfSync();
  }

  #stored(change: StoreChange): void {
    switch (change.kind) {
      case 'items': {
        const { emptied, put, gone } = change;
        const refs = [...put, ...gone].map(({ feed, type, id }) => ({ feed, type, id }));
        this.#tabs.tell({ kind: 'items', emptied, refs });
        this.#warmAfter(WARM_AFTER_MS);
        // What is being read for another tab may be older than this, and would be laid over it: then this is read after it.
        if (this.#itemReads > 0) return void this.#readItems(emptied, refs);
        this.register.applyItems(change);
        return this.#audience.tellOfSync();
      }
      case 'own':
        void this.#ownChanged(change.submissions, () => this.#audience.tellOfSync());
        return;
      case 'stopped':
        this.#progress.stopped = change.stopped;
        this.#tabs.tell(change);
        return this.#audience.tellOfSync();
      case 'erased':
        this.#tabs.tell({ kind: 'all' });
        void this.#readAll();
        return;
      default:
        return change satisfies never;
    }
  }

  #heard(message: TabMessage): void {
    if (this.#closed) return;
    switch (message.kind) {
      case 'items':
        void this.#readItems(message.emptied, message.refs);
        return;
      case 'own':
        void this.#readOwn(message.submissions);
        return;
      case 'drafts':
        void this.#readDrafts();
        return;
      case 'all':
        void this.#readAll();
        return;
      case 'stopped':
        this.#progress.stopped = message.stopped;
        return this.#audience.tell();
      case 'put-down':
        void this.#forms?.asked(message.form);
        return;
      case 'alive':
        return this.#syncing.heardOther();
      case 'synced':
        this.#progress.syncedElsewhere(message.at);
        this.register.setOfficeTime(message.at);
        return this.#audience.tell();
      default:
        return message satisfies never;
    }
  }

  async #ownChanged(submissions: string[], tell?: () => void): Promise<void> {
    this.#tabs.tell({ kind: 'own', submissions });
    await this.#readOwn(submissions, tell);
  }

  #readOwn(submissions: string[], tell = () => this.#audience.tell()): Promise<void> {
    return this.#readBack(async () => {
      const { work } = this.register;
      const revisions = await loadOwn(this.#parts, submissions, (row) => work.revision(row));
      this.register.replaceOwn(submissions, revisions);
      tell();
    });
  }

  async #readItems(emptied: string[], refs: ItemRef[]): Promise<void> {
    this.#itemReads += 1;
    await this.#readBack(async () => {
      const { put, gone } = await loadItems(this.#parts, refs);
      this.register.applyItems({ emptied, put, gone });
      this.#audience.tellOfSync();
    });
    this.#itemReads -= 1;
  }

  #readDrafts(): Promise<void> {
    return this.#readBack(async () => {
      this.register.replaceDrafts(await this.#drafts.all());
      this.#audience.tell();
    });
  }

  async #readAll(): Promise<void> {
    this.#itemReads += 1;
    await this.#readBack(async () => {
      const loaded = await loadItems(this.#parts, null);
      const revisions = await loadOwn(this.#parts, null);
      this.register.replaceAll(loaded.put, revisions);
      this.#audience.tell();
    });
    this.#itemReads -= 1;
  }

  /** What the store cannot be asked at this moment is read a little later, and all of it: what was stored is stored, and told as that. */
  async #readBack(run: () => Promise<void>): Promise<void> {
    try {
      await this.#reads(run);
    } catch (error) {
      logFailure(error);
      if (this.#closed) return;
      this.#stopReading();
      this.#stopReading = this.#parts.world.after(READ_AGAIN_MS, () => {
        void this.#readAll();
        void this.#readDrafts();
      });
    }
  }

  #draftChanged(targetId: string): void {
    this.register.refreshTarget(targetId);
    this.#tabs.tell({ kind: 'drafts' });
    this.#audience.tell();
  }

  #warmAfter(milliseconds: number): void {
    this.#stopWarming();
    if (this.#closed) return;
    this.#stopWarming = this.#parts.world.after(milliseconds, () => {
      if (this.register.warmSearch(WARM_DOORS)) this.#warmAfter(WARM_EVERY_MS);
    });
  }
}

/** By its names alone: a message may carry what somebody typed. */
function logFailure(error: unknown): void {
  console.error(`sync: ${errorNames(error).join(' ← ')}`);
}
