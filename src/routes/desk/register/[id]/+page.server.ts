import { error, fail, redirect } from '@sveltejs/kit';
import { doorPage } from '$lib/server/desk/door-page';
import { lookAtRegisteredNumber, noteLook } from '$lib/server/register/browse';
import { correctValue } from '$lib/server/register/correct';
import { correctHead } from '$lib/server/register/correct-head';
import { getLocale } from '$lib/paraglide/runtime';
import { address, door as doorAddress } from '../../addresses';
import { textIn } from '../../form-text';
import { numbersIn } from '../../look-at-numbers';
import { isRegisterEntity, registerField } from '../../register-fields';
import { givenValue } from '../../review/decision-form';
import { posted, signedIn } from '../../signed-in';
import { isUntouched, typedIn, type Typed } from '../../typed';
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
  /** Who is signed in by now: the page was made for another account. */
  other?: string;
  about?: string;
  refusal?: CorrectionRefusal;
  typed?: Typed;
  reason?: string;
  revealed?: Record<string, string>;
};

export const actions = {
  correct: async (event) => {
    const { office, account, form, other } = await posted(event);
    const about = textIn(form, 'about');
    const reason = textIn(form, 'reason');
    if (other) return fail<Told>(409, { other, about, reason, typed: typedIn(form) });
    const [entity = '', id = '', field = ''] = about.split('/');
    const refuse = (refusal: CorrectionRefusal) => refused(refusal, { about, reason, typed: typedIn(form) });
    const declared = registerField(entity, field);
    if (!declared || !isRegisterEntity(entity)) return refuse({ refused: 'field' });
    const value = givenValue(form, JSON.stringify([field]), declared, '');
    // The number stands masked above an empty field: nothing typed is no correction, and no way to lose it.
    if (field === 'idNumber' && value === '') return refuse({ refused: 'unchanged' });
    const answer = await correctValue(office, account, {
      entity,
      id,
      field,
      value,
      reason,
      since: textIn(form, 'since'),
    });
    if ('refused' in answer) return refuse(answer);
    redirect(303, address(doorAddress(event.params.id), { saved: true }));
  },

  head: async (event) => {
    const { office, account, form, other } = await posted(event);
    const about = textIn(form, 'about');
    const reason = textIn(form, 'reason');
    if (other) return fail<Told>(409, { other, about, reason, typed: typedIn(form) });
    // Only what somebody changed is told: all else is as it was shown, or the page is an older one.
    const relations = new Map(
      of(form, relationOf)
        .filter(([name]) => !isUntouched(form, name))
        .map(([name, id]) => [id, textIn(form, name)]),
    );
    const seen = new Map(of(form, relationSeen).map(([name, id]) => [id, textIn(form, name)]));
    const answer = await correctHead(office, account, {
      householdId: about.split('/')[1] ?? '',
      headId: textIn(form, 'value:head'),
      relations,
      seen,
      reason,
    });
    if ('refused' in answer) return refused(answer, { about, reason, typed: typedIn(form) });
    redirect(303, address(doorAddress(event.params.id), { saved: true }));
  },

  look: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail<Told>(409, { other });
    const looked = await numbersIn(form, (key) => lookAtRegisteredNumber(office, account, key.split('/')[1] ?? ''));
    return { revealed: looked.numbers } satisfies Told;
  },
} satisfies Actions;

/** What the form of the head calls the relation of a person whose id follows, and what the page showed of it. */
const relationOf = 'value:relation:';
const relationSeen = 'seen:relation:';

/** The fields that are called so, each with the id that follows. */
function of(form: FormData, what: string): [string, string][] {
  return [...form.keys()].filter((name) => name.startsWith(what)).map((name) => [name, name.slice(what.length)]);
}

/** Over what changed or went meanwhile, by somebody else or by this very press before, the page is read anew. */
function refused(refusal: CorrectionRefusal, told: Omit<Told, 'refusal'>) {
  return fail<Told>(['changed', 'before', 'unknown'].includes(refusal.refused) ? 409 : 400, { ...told, refusal });
}
