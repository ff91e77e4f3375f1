import { describe, expect, it } from 'vitest';
import { wordsKey } from './keys';

const key = (name: string, held: Partial<Parameters<typeof wordsKey>[0]> = {}) =>
  wordsKey({ key: name, ctrlKey: false, metaKey: false, isComposing: false, ...held });

describe('keys in the words to the one who wrote a record', () => {
  it('sends with Ctrl or Command and Enter, begins a line with Enter alone, leaves with Escape', () => {
    expect(key('Enter', { ctrlKey: true })).toBe('send');
    expect(key('Enter', { metaKey: true })).toBe('send');
    expect(key('Enter')).toBeNull();
    expect(key('Escape')).toBe('leave');
    expect(key('a', { ctrlKey: true })).toBeNull();
  });

  it('leaves an input method its own keys', () => {
    expect(key('Enter', { ctrlKey: true, isComposing: true })).toBeNull();
    expect(key('Escape', { isComposing: true })).toBeNull();
  });
});
