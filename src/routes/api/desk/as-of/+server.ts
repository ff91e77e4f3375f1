import { deskAsOf } from '$lib/server/desk/as-of';
import { deskHead } from '$lib/server/desk/head';
import { signedIn } from '../../../desk/signed-in';
import type { RequestHandler } from './$types';

/** How far the office has come, the submission `?record=` in it, and how much waits: an open page of the desk compares it with its own (decision 30). */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { office, account } = signedIn(locals);
  const asOf = await deskAsOf(office, account.communityId, url.searchParams.get('record') ?? undefined);
  const { waiting, quarantined } = await deskHead(office, account.communityId);
  return Response.json({ ...asOf, waiting, quarantined }, { headers: { 'cache-control': 'no-store' } });
};
