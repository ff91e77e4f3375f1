import { deskAsOf } from '$lib/server/desk/as-of';
import { gapList } from '$lib/server/desk/gap-list';
import { getLocale } from '$lib/paraglide/runtime';
import { isFigure } from '../figures';
import { pageNumber } from '../page-number';
import { signedIn } from '../signed-in';
import type { PageServerLoad } from './$types';

/** The doors where something is left out, listed under one of the four measures. */
export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('desk:live');
  const { office, account } = signedIn(locals);
  const asOf = await deskAsOf(office, account.communityId);
  const text = (name: string) => url.searchParams.get(name) || undefined;
  const figure = text('figure') ?? null;
  const query = {
    figure: isFigure(figure) ? figure : ('doors' as const),
    round: text('round'),
    grid: text('grid'),
    building: text('building'),
  };
  const page = pageNumber(url.searchParams.get('page'));
  return { asOf, query, list: await gapList(office, account, { ...query, page }, getLocale()) };
};
