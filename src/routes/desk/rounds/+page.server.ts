import { fail, redirect } from '@sveltejs/kit';
import { codesOf, isCode } from '$lib/domain/codes/codes';
import { gridNames } from '$lib/server/desk/grids';
import { closeRound, listRounds, startRound } from '$lib/server/rounds/rounds';
import { rounds } from '../addresses';
import { pressIn, textIn } from '../form-text';
import { posted, signedIn } from '../signed-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { office, account } = signedIn(locals);
  return office.database.read(async (db) => ({
    press: office.world.uuid(),
    rounds: await listRounds(db, account.communityId),
    grids: await gridNames(db, account.communityId),
    kinds: codesOf('round-kind'),
  }));
};

type Told = {
  /** Who is signed in by now: the page was made for another account. */
  other?: string;
  /** The round that the answer is about. */
  about?: string;
  problem?: string;
  /** The round that the very same press started before. */
  before?: string;
  typed?: { name: string; kind: string; closesOn: string; gridIds: string[] };
};
const refuse = (status: number, told: Told) => fail(status, told);

export const actions = {
  start: async (event) => {
    const { office, account, form, other } = await posted(event);
    const kind = textIn(form, 'kind');
    const typed = {
      name: textIn(form, 'name').trim(),
      kind: isCode('round-kind', kind) ? kind : ('full' as const),
      closesOn: textIn(form, 'closesOn'),
      gridIds: form.getAll('grids').filter((entry) => typeof entry === 'string'),
    };
    if (other) return refuse(409, { other, typed });
    const id = pressIn(form);
    const answer = await startRound(office, account, { ...typed, ...(id && { id }) });
    if ('refused' in answer && answer.refused === 'before') return refuse(409, { ...(id && { before: id }), typed });
    if ('refused' in answer) return refuse(400, { problem: answer.refused, typed });
    redirect(303, rounds());
  },

  close: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return refuse(409, { other });
    const id = textIn(form, 'round');
    if (!form.has('sure')) return refuse(400, { about: id });
    const answer = await closeRound(office, account, id);
    if ('refused' in answer) return refuse(409, { problem: answer.refused });
    redirect(303, rounds());
  },
} satisfies Actions;
