import { error, fail, redirect } from '@sveltejs/kit';
import { getLocale } from '$lib/paraglide/runtime';
import { rosterFields } from '$lib/server/roster/fields';
import { changeMapping, confirmJob, dropJob, job, type JobAnswer } from '$lib/server/roster/jobs';
import { refusalText } from '$lib/server/roster/refusal';
import { roster } from '../../addresses';
import { textIn } from '../../form-text';
import { posted, signedIn } from '../../signed-in';
import { mappingIn } from './mapping-form';
import { inLanguage } from './question-words';
import { withMaskedSamples } from './samples';
import type { Actions, PageServerLoad } from './$types';

/** Where a roster is on its way in: what was understood, what it asks, what it would change, how far the import is. */
export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('desk:live');
  const { office, account } = signedIn(locals);
  const found = await office.database.read((db) => job(db, account.communityId, params.id));
  if (!found) error(404);
  const { refusal, summary, ...rest } = found;
  const locale = getLocale();
  return {
    job: rest,
    refusal: refusal && refusalText(refusal, locale),
    summary: summary && {
      ...summary,
      sheets: summary.sheets.map(withMaskedSamples),
      questions: summary.questions.map((question) => inLanguage(question, locale)),
    },
    fields: [...rosterFields],
    mapped: Object.keys(found.mapping).length > 0,
  };
};

/** Nothing was done; the page says why, and shows the newest. */
const refused = (why: Exclude<JobAnswer, 'done'>) => fail(409, { refused: why });

export const actions = {
  /** Reads the file anew with the columns that a person chose. */
  map: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail(409, { other });
    const answer = await changeMapping(office, account, event.params.id, {
      reading: textIn(form, 'reading'),
      choose: ({ summary, mapping }) => (summary ? mappingIn(form, summary, mapping) : mapping),
    });
    return answer === 'done' ? redirect(303, roster(event.params.id)) : refused(answer);
  },

  /** Back to what the program understands by itself; also another try after it broke off. */
  again: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail(409, { other });
    const reading = textIn(form, 'reading');
    const answer = await changeMapping(office, account, event.params.id, { reading, choose: () => ({}) });
    return answer === 'done' ? redirect(303, roster(event.params.id)) : refused(answer);
  },

  import: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail(409, { other });
    const held = form.getAll('held').filter((entry) => typeof entry === 'string');
    const answer = await confirmJob(office, account, event.params.id, {
      reading: textIn(form, 'reading'),
      confirmed: form.has('all') ? 'all' : held,
    });
    return answer === 'done' ? redirect(303, roster(event.params.id)) : refused(answer);
  },

  drop: async (event) => {
    const { office, account, other } = await posted(event);
    if (other) return fail(409, { other });
    const dropped = await dropJob(office, account, event.params.id);
    return dropped ? redirect(303, roster()) : refused('moved');
  },
} satisfies Actions;
