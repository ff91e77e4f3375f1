import { error, type RequestEvent } from '@sveltejs/kit';
import type { SignedIn } from '$lib/server/office';
import { textIn } from './form-text';
import type { Refusal } from './review/answer-words';

/** The office and who asks. The hooks let nobody else through; this says so to the types, and once more to be sure. */
export function signedIn(locals: App.Locals) {
  const { office, account } = locals;
  if (!account) error(401);
  return { office, account };
}

/** A page that was made for somebody else than who is signed in by now, in another window of the browser: nothing is filed under a name that was not on the screen. */
export function madeForAnother(
  form: FormData,
  { id, name }: SignedIn,
): { refused: 'other-account'; by: string } | null {
  return textIn(form, 'account') === id ? null : { refused: 'other-account', by: name };
}

/** What was posted, and who asks; `other`: whose account that is by now, where the page was made for another. */
export async function posted({ request, locals }: Pick<RequestEvent, 'request' | 'locals'>) {
  const { office, account } = signedIn(locals);
  const form = await request.formData();
  return { office, account, form, other: madeForAnother(form, account)?.by ?? null };
}

/** Who comes second is the one who came first: the answer to the first press was lost on its way. */
export function ownDecision(answer: Refusal, { id }: SignedIn): Extract<Refusal, { refused: 'decided-before' }> | null {
  return answer.refused === 'decided' && answer.byId === id
    ? { refused: 'decided-before', at: answer.at, kind: answer.kind }
    : null;
}
