import { error } from '@sveltejs/kit';
import type { SignedIn } from '$lib/server/office';
import type { Refusal } from './review/answer-words';

/** The office and who asks. The hooks let nobody else through; this says so to the types, and once more to be sure. */
export function signedIn(locals: App.Locals) {
  const { office, account } = locals;
  if (!account) error(401);
  return { office, account };
}

/** Who comes second is the one who came first: the answer to the first press was lost on its way. */
export function ownDecision(
  answer: Refusal,
  { name }: SignedIn,
): Extract<Refusal, { refused: 'decided-before' }> | null {
  return answer.refused === 'decided' && answer.by === name
    ? { refused: 'decided-before', at: answer.at, kind: answer.kind }
    : null;
}
