import { doorList, goneDoors, placesToBrowse } from '$lib/server/desk/register-list';
import { getLocale } from '$lib/paraglide/runtime';
import { textIn } from '../form-text';
import { pageNumber } from '../page-number';
import { signedIn } from '../signed-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { office, account } = signedIn(locals);
  const query = {
    grid: url.searchParams.get('grid') || undefined,
    building: url.searchParams.get('building') || undefined,
    gone: url.searchParams.has('gone'),
  };
  const places = await placesToBrowse(office, account, getLocale());
  const ofBuilding = places.find(({ buildings }) => buildings.some(({ id }) => id === query.building));
  const page = pageNumber(url.searchParams.get('page'));
  return {
    query,
    places,
    gone: await goneDoors(office, account),
    openGrid: query.grid ?? ofBuilding?.id ?? null,
    list: await doorList(office, account, { ...query, page }, getLocale()),
  };
};

export const actions = {
  /** Posted, so that neither an address nor a log line holds a name or the end of a number. */
  search: async ({ request, locals }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const text = textIn(form, 'text').trim().slice(0, 60);
    if (text === '') return { found: null, text };
    const page = pageNumber(textIn(form, 'page'));
    return { text, found: await doorList(office, account, { text, page }, getLocale()) };
  },
} satisfies Actions;
