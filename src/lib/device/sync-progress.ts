/** What the screens are told of the sync: nothing to send, n waiting, sending k of n, last synced at (protocol.md, The device's loop). */
import { toTimestamp } from '../domain/calendar';
import type { OwnRevision } from './own-revision';
import type { OwnWork } from './own-work';
import type { SyncState } from './phone';
import { isStorageFull } from './store-errors';
import type { OfficeTime, RunEnd, RunReport } from './sync-loop';

export class SyncProgress {
  #work: OwnWork;
  #phase: SyncState['phase'] = 'idle';
  #resting: SyncState['phase'] = 'idle';
  /** What there was to hand over when this run began to. */
  #whole = 0;
  #sent = 0;
  #received = 0;
  #lastSyncedAt: OfficeTime | null;
  /** Of the answer that came last in this run. */
  #answeredAt: OfficeTime | null = null;
  #nextTryAt: number | null = null;
  #full = false;
  /** The office took this phone out of use. */
  stopped: boolean;

  constructor(work: OwnWork, lastSyncedAt: OfficeTime | null, stopped: boolean) {
    this.stopped = stopped;
    this.#work = work;
    this.#lastSyncedAt = lastSyncedAt;
  }

  begin(): void {
    this.#whole = 0;
    this.#sent = 0;
    this.#received = 0;
    this.#nextTryAt = null;
    this.#answeredAt = null;
  }

  report(report: RunReport): void {
    if (report.kind === 'answered') {
      this.#sent += report.receipts;
      this.#received += report.received;
      this.#answeredAt = report.time;
      return;
    }
    if (report.kind === 'failed') return this.failed(report.error);
    // A look for news every few minutes is nothing to tell of; the first register is, and so is an answer of several pages.
    if (report.sending.length > 0) {
      this.#phase = 'sending';
      this.#whole ||= waitingOf(this.#work.revisions());
    } else this.#phase = this.#lastSyncedAt === null || this.#received > 0 ? 'receiving' : this.#resting;
  }

  /** The store did not take what came. */
  failed(error: unknown): void {
    this.#full = isStorageFull(error);
  }

  end(end: RunEnd, nextTryAt: number | null): void {
    this.#phase = end.phase;
    this.#resting = end.phase;
    this.#nextTryAt = nextTryAt;
    if (end.phase === 'idle') this.#full = false;
    if (end.phase === 'idle' && end.againInMs === null) this.#lastSyncedAt = this.#answeredAt ?? this.#lastSyncedAt;
  }

  syncedElsewhere(at: OfficeTime): void {
    this.#answeredAt = at;
    this.end({ phase: 'idle', againInMs: null, strict: false }, null);
  }

  get lastSyncedAt(): OfficeTime | null {
    return this.#lastSyncedAt;
  }

  state(): SyncState {
    const revisions = this.#work.revisions();
    return {
      phase: this.#phase,
      waiting: waitingOf(revisions),
      sending: this.#phase === 'sending' ? Math.max(this.#whole, this.#sent) : 0,
      sent: this.#sent,
      setAside: revisions.filter(({ where }) => where === 'set-aside').length,
      drafts: this.#work.drafts().length,
      lastSyncedAt: this.#lastSyncedAt === null ? null : toTimestamp(this.#lastSyncedAt.clock),
      clockAhead: this.#lastSyncedAt?.ahead ?? 0,
      received: this.#received,
      stopped: this.stopped,
      full: this.#full,
      nextTryAt: this.#nextTryAt === null ? null : toTimestamp(this.#nextTryAt),
    };
  }
}

function waitingOf(revisions: readonly Pick<OwnRevision, 'where'>[]): number {
  return revisions.filter(({ where }) => where === 'waiting').length;
}
