import { describe, expect, it } from 'vitest';
import { valueWord } from './words';

describe('a value as people read it', () => {
  it('says in words who raised a concern, where nobody is named', () => {
    expect(valueWord('raisedBy', 'worker')).toBe('上报人自己看到的');
    expect(valueWord('raisedBy', 'anonymous')).toBe('匿名');
  });
});
