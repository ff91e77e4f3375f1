import { expect, it } from 'vitest';
import type { SignedIn } from '$lib/server/office';
import { ownDecision } from './signed-in';

it('whoever decided is known by the account, not by a name that others have too', () => {
  const account: SignedIn = {
    ...{ communityId: 'c', id: 'a', username: 'a', name: '陈静', role: 'coordinator', grids: [] },
  };
  const taken = { decisionId: 'd', kind: 'approve', by: '陈静', at: '2026-11-26T01:22:00Z' } as const;
  expect(ownDecision({ refused: 'decided', ...taken, byId: 'a' }, account)).toEqual({
    ...{ refused: 'decided-before', kind: 'approve', at: taken.at },
  });
  expect(ownDecision({ refused: 'decided', ...taken, byId: 'b' }, account)).toBeNull();
});
