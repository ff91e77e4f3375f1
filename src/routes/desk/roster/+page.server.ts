import { fail, redirect } from '@sveltejs/kit';
import { getLocale } from '$lib/paraglide/runtime';
import { jobs, startJob } from '$lib/server/roster/jobs';
import { refusalText } from '$lib/server/roster/refusal';
import { roster } from '../addresses';
import { posted, signedIn } from '../signed-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { office, account } = signedIn(locals);
  return { jobs: await office.database.read((db) => jobs(db, account.communityId)) };
};

export const actions = {
  upload: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail(409, { other });
    const file = form.get('file');
    if (!(file instanceof File) || file.name === '') return fail(400, { refusal: null });
    const answer = await startJob(office, account, file.name, new Uint8Array(await file.arrayBuffer()));
    if ('refused' in answer) return fail(400, { refusal: refusalText(answer, getLocale()) });
    redirect(303, roster(answer.id));
  },
} satisfies Actions;
