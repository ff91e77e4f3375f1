import { redirect } from '@sveltejs/kit';
import { deskHead } from '$lib/server/desk/head';
import { address } from './addresses';
import type { LayoutServerLoad } from './$types';

/** The frame of every desk page: whose office, who works here, how much waits. */
export const load: LayoutServerLoad = async ({ locals, url, depends }) => {
  depends('desk:live');
  const { account, office } = locals;
  if (!account) redirect(303, address('/sign-in', { next: url.pathname + url.search }));
  return {
    ...(await deskHead(office, account.communityId)),
    me: { id: account.id, name: account.name, role: account.role },
  };
};
