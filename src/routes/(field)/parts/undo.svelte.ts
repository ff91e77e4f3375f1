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
    const outcome = await last.putBack().then(
      (isBack) => (isBack ? 'back' : 'taken'),
      () => 'failed' as const, // the disk did not take it; it can be tried again
    );
    if (this.last !== last) return; // pressed twice, or something else was thrown away meanwhile
    this.outcome = outcome;
    if (outcome !== 'failed') this.last = null;
  }

  /** Lets go of it for good. */
  close(): void {
    this.last = null;
    this.outcome = null;
  }
}
