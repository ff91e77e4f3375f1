import { error, fail } from '@sveltejs/kit';
import { allowDevice, revokeDevice } from '$lib/server/accounts/devices';
import { AccountProblem } from '$lib/server/accounts/problem';
import { accountPage } from '$lib/server/desk/phones';
import { textIn } from '../../form-text';
import { posted, signedIn } from '../../signed-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { office, account } = signedIn(locals);
  const shown = await accountPage(office, account, params.id);
  if (!shown) error(404);
  return { shown };
};

export const actions = {
  revoke: async (event) => {
    const { office, account, form, other } = await posted(event);
    const device = textIn(form, 'device');
    if (other) return fail(409, { other, about: device });
    if (!form.has('sure')) return fail(400, { about: device, problem: 'sure' });
    return told(device, 'revoked', () => revokeDevice(office, account.communityId, event.params.id, device, account));
  },

  allow: async (event) => {
    const { office, account, form, other } = await posted(event);
    const device = textIn(form, 'device');
    if (other) return fail(409, { other, about: device });
    return told(device, 'allowed', () => allowDevice(office, account.communityId, event.params.id, device, account));
  },
} satisfies Actions;

async function told<Done extends string>(about: string, done: Done, run: () => Promise<void>) {
  try {
    await run();
    return { about, done };
  } catch (error) {
    if (error instanceof AccountProblem) return fail(400, { about, problem: error.code });
    throw error;
  }
}
