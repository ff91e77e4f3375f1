import { expect, it } from 'vitest';
import { foundWord } from './found-word';

it('says what came of a record in the words of its own form', () => {
  expect(foundWord({ kind: 'household-verification', outcome: 'vacant' })).toBe('空房');
  expect(foundWord({ kind: 'care-visit', outcome: 'not-met' })).toBe('未见到');
  expect(foundWord({ kind: 'concern', outcome: 'dispute-neighbour' })).toBe('邻里纠纷');
  expect(foundWord({ kind: 'hand-back', outcome: 'conflict' })).not.toBe('conflict');
  expect(foundWord({ kind: 'concern', outcome: null })).toBe('');
});
