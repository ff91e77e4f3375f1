import { deskAsOf } from '$lib/server/desk/as-of';
import { overviewView } from '$lib/server/desk/overview-view';
import { getLocale } from '$lib/paraglide/runtime';
import { signedIn } from './signed-in';
import type { PageServerLoad } from './$types';

/** What a coordinator's morning begins with: coverage of the round, and what waits. */
export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('desk:live');
  const { office, account } = signedIn(locals);
  const asOf = await deskAsOf(office, account.communityId);
  return { asOf, overview: await overviewView(office, account, url.searchParams.get('round'), getLocale()) };
};
