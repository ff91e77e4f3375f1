import { expect, it } from 'vitest';
import type { RecordState, SyncState } from '$lib/device/phone';
import { savedWords, syncWords } from './sync-words';

const sync = (more: Partial<SyncState>): SyncState => ({
  ...{ phase: 'idle', waiting: 0, sending: 0, sent: 0, setAside: 0, drafts: 0, lastSyncedAt: null, clockAhead: 0 },
  ...{ received: 0, stopped: false, full: false, nextTryAt: null },
  ...more,
});
const delivered = '都已送到社区';
const safe = '已存好，也送到社区了。';
const byItself = '有信号会自动发送';

it('says that all is at the office only where nothing was set aside', () => {
  expect(syncWords(sync({}))).toBe(delivered);
  expect(syncWords(sync({ setAside: 2 }))).toBe('2 条没送到社区，单独放着，没有丢');
  expect(syncWords(sync({ setAside: 2, waiting: 1 }))).toBe('1 条在手机上');
});

it('says of a record that was set aside neither that it arrived nor that it goes by itself', () => {
  for (const words of [savedWords('set-aside', sync({ setAside: 1 })), savedWords(null, sync({ setAside: 1 }))]) {
    expect(words).toContain('还没送到社区');
    expect(words).not.toContain(byItself);
  }
  expect(savedWords(null, sync({ waiting: 1, setAside: 1 }))).toContain(byItself);
  expect(savedWords(null, sync({}))).toBe(safe);
});

it.each<[RecordState, string]>([
  ['on-this-phone', byItself],
  ['sending', '正在发送'],
  ['at-the-office', safe],
  ['quarantined', safe],
  ['approved', safe],
])('says after a save that it is %s', (state, words) => {
  expect(savedWords(state, sync({}))).toContain(words);
});
