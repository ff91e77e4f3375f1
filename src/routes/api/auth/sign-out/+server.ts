import { json } from '@sveltejs/kit';
import { signOut } from '$lib/server/accounts/sign-in';
import type { RequestHandler } from './$types';

/** Ends the session, if there is one, and takes its cookie back. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const response = json({ signedOut: true });
  for (const cookie of await signOut(locals.office, request.headers)) response.headers.append('set-cookie', cookie);
  return response;
};
