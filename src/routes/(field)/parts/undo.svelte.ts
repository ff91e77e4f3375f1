/** What was thrown away last and can be put back while the app stays open. */
import type { PutBack } from '$lib/device/phone';

export type ThrownAway = { kind: 'record' | 'changes' | 'draft'; title: string; putBack: PutBack };

export class Undo {
  last = $state.raw<ThrownAway | null>(null);
  /** What came of putting it back. */
  outcome = $state<'back' | 'taken' | 'failed' | null>(null);

  offer(thrownAway: ThrownAway): void {
    this.last = thrownAway;
    this.outcome = null;
  }

  async putBack(): Promise<void> {
    const { last } = this;
    if (!last) return;
    try {
      this.outcome = (await last.putBack()) ? 'back' : 'taken';
      this.last = null;
    } catch {
      this.outcome = 'failed'; // the disk did not take it; it can be tried again
    }
  }

  /** Lets go of it for good. */
  close(): void {
    this.last = null;
    this.outcome = null;
  }
}
