import { describe, expect, it, vi } from 'vitest';
import { LateSyncing } from './late-syncing';
import type { Occasion, SyncSchedule } from './sync-schedule';

/** A schedule that notes what it is asked. */
function schedule(): { asked: string[]; here: SyncSchedule } {
  const asked: string[] = [];
  const here = {
    request: (occasion: Occasion) => {
      asked.push(occasion);
      return Promise.resolve();
    },
    heardOther: () => asked.push('heard'),
    close: () => {
      asked.push('close');
      return Promise.resolve();
    },
  };
  return { asked, here: here as Partial<SyncSchedule> as SyncSchedule };
}

describe('syncing whose code comes later', () => {
  it('does what was asked for before it was here, in order, and loads once', async () => {
    const { asked, here } = schedule();
    const load = vi.fn(() => Promise.resolve(here));
    const syncing = new LateSyncing({ load, failed: () => {} });
    await Promise.all([syncing.request('open'), syncing.request('save')]);
    await syncing.request('timer');
    expect(asked).toEqual(['open', 'save', 'timer']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('says when the code does not come, and tries again at the next occasion', async () => {
    const { asked, here } = schedule();
    let broken = true;
    const failed = vi.fn();
    const syncing = new LateSyncing({
      load: () => (broken ? Promise.reject(new Error('no such file')) : Promise.resolve(here)),
      failed,
    });
    await syncing.request('open');
    expect(failed).toHaveBeenCalledTimes(1);
    broken = false;
    await syncing.request('online');
    expect(asked).toEqual(['online']);
  });

  it('ends what is still being loaded', async () => {
    const { asked, here } = schedule();
    const syncing = new LateSyncing({ load: () => Promise.resolve(here), failed: () => {} });
    const opening = syncing.request('open');
    await syncing.close();
    await opening;
    await syncing.request('save');
    expect(asked.filter((what) => what === 'save')).toEqual([]);
    expect(asked).toContain('close');
  });
});
