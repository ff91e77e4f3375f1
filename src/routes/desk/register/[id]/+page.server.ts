import { error, fail, redirect } from '@sveltejs/kit';
import { doorPage } from '$lib/server/desk/door-page';
import { lookAtRegisteredNumber, noteLook } from '$lib/server/register/browse';
import { correctValue } from '$lib/server/register/correct';
import { correctHead } from '$lib/server/register/correct-head';
import { getLocale } from '$lib/paraglide/runtime';
import { address, door as doorAddress } from '../../addresses';
import { textIn } from '../../form-text';
import { isRegisterEntity, registerField } from '../../register-fields';
import { givenValue } from '../../review/decision-form';
import { signedIn } from '../../signed-in';
import type { CorrectionRefusal } from './refusal-words';
import type { Actions, PageServerLoad } from './$types';

/** One door with everything the register holds of it; that somebody looked is noted. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { office, account } = signedIn(locals);
  const door = await doorPage(office, account, params.id, getLocale());
  if (!door) error(404);
  await noteLook(office, account, 'dwelling', door.id);
  return {
    door,
    correct: url.searchParams.get('correct'),
    saved: url.searchParams.has('saved'),
  };
};

type Told = {
  about?: string;
  refusal?: CorrectionRefusal;
  typed?: Record<string, string>;
  reason?: string;
  revealed?: Record<string, string>;
};

export const actions = {
  correct: async ({ request, locals, params }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const about = textIn(form, 'about');
    const reason = textIn(form, 'reason');
    const [entity = '', id = '', field = ''] = about.split('/');
    const refuse = (refusal: CorrectionRefusal) => fail<Told>(400, { about, refusal, reason, typed: typedIn(form) });
    const declared = registerField(entity, field);
    if (!declared || !isRegisterEntity(entity)) return refuse({ refused: 'field' });
    const value = givenValue(form, JSON.stringify([field]), declared, '');
    // The number stands masked above an empty field: nothing typed is no correction, and no way to lose it.
    if (field === 'idNumber' && value === '') return refuse({ refused: 'unchanged' });
    const answer = await correctValue(office, account, { entity, id, field, value, reason });
    if ('refused' in answer) return refuse(answer);
    redirect(303, address(doorAddress(params.id), { saved: true }));
  },

  head: async ({ request, locals, params }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const about = textIn(form, 'about');
    const reason = textIn(form, 'reason');
    const said = [...form.keys()].filter((name) => name.startsWith(relationOf));
    const relations = new Map(said.map((name) => [name.slice(relationOf.length), textIn(form, name)]));
    const answer = await correctHead(office, account, {
      householdId: about.split('/')[1] ?? '',
      headId: textIn(form, 'value:head'),
      relations,
      reason,
    });
    if ('refused' in answer) return fail<Told>(400, { about, refusal: answer, reason, typed: typedIn(form) });
    redirect(303, address(doorAddress(params.id), { saved: true }));
  },

  look: async ({ request, locals }): Promise<Told> => {
    const { office, account } = signedIn(locals);
    const key = textIn(await request.formData(), 'look');
    const number = await lookAtRegisteredNumber(office, account, key.split('/')[1] ?? '');
    return { revealed: number === null ? {} : { [key]: number } };
  },
} satisfies Actions;

/** What a form calls the relation of a person whose id follows. */
const relationOf = 'value:relation:';

function typedIn(form: FormData): Record<string, string> {
  const typed: Record<string, string> = {};
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string' && name.startsWith('value:')) typed[name] = value;
  }
  return typed;
}
