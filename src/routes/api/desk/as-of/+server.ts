import { deskAsOf } from '$lib/server/desk/as-of';
import { signedIn } from '../../../desk/signed-in';
import type { RequestHandler } from './$types';

/** How far the office has come, and the submission `?record=` in it: an open page of the desk compares it with its own (decision 30). */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { office, account } = signedIn(locals);
  const record = url.searchParams.get('record') ?? undefined;
  const asOf = await deskAsOf(office, account.communityId, record);
  return Response.json(asOf, { headers: { 'cache-control': 'no-store' } });
};
