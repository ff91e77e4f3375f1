import { describe, expect, it } from 'vitest';
import type { SyncState } from '$lib/device/phone';
import { madeWords } from './made-words';

const days = (count: number) => count * 24 * 3_600_000;
/** The office's day is the 26th; the last sync was at ten, with a clock so far ahead. */
const appWith = (clockAhead: number, lastSyncedAt: string | null = '2026-11-26T10:00:00+08:00') => ({
  sync: {
    ...{ phase: 'idle', waiting: 0, sending: 0, sent: 0, setAside: 0, drafts: 0, lastSyncedAt, clockAhead },
    ...{ received: 0, stopped: false, full: false, nextTryAt: null },
  } satisfies SyncState,
  officeDay: () => '2026-11-26',
});

describe('when a record was made', () => {
  it('is said by the office’s clock, whatever the phone’s own', () => {
    expect(madeWords(appWith(days(400)), '2027-12-31T10:05:00+08:00')).toBe('今天 10:05');
    expect(madeWords(appWith(days(-1)), '2026-11-25T10:05:00+08:00')).toBe('今天 10:05');
  });

  it('is as it was written where the clock is right, was set right since, or is not known to be wrong', () => {
    expect(madeWords(appWith(40_000), '2026-11-26T10:05:00+08:00')).toBe('今天 10:05');
    expect(madeWords(appWith(days(400)), '2026-11-26T10:05:00+08:00')).toBe('今天 10:05');
    expect(madeWords(appWith(0, null), '2026-11-26T10:05:00+08:00')).toBe('今天 10:05');
  });
});
