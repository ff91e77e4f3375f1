import { fail } from '@sveltejs/kit';
import { getLocale } from '$lib/paraglide/runtime';
import { rescueContents } from '$lib/server/rescue/contents';
import { isRefused, readRescueFile } from '$lib/server/rescue/read';
import { takeRescue } from '$lib/server/rescue/take';
import { textIn } from '../form-text';
import { posted } from '../signed-in';
import type { Actions } from './$types';

/** Nothing is kept between the two steps: the page carries the file, sealed as it came, from the one to the other. */
export const actions = {
  open: async (event) => {
    const { office, account, form, other } = await posted(event);
    if (other) return fail(409, { other });
    const given = form.get('file');
    const text = given instanceof File ? await given.text() : '';
    const content = await readRescueFile(office, account.communityId, text);
    if (isRefused(content)) return fail(400, { refused: content.refused, account: '' });
    const contents = await rescueContents(office, account.communityId, content, getLocale());
    if (isRefused(contents)) return fail(400, { refused: contents.refused, account: content.account });
    return { contents, text };
  },

  take: async (event) => {
    const { office, account, form, other } = await posted(event);
    const text = textIn(form, 'file');
    const content = await readRescueFile(office, account.communityId, text);
    if (isRefused(content)) return fail(400, { refused: content.refused, account: '' });
    const contents = await rescueContents(office, account.communityId, content, getLocale());
    if (isRefused(contents)) return fail(400, { refused: contents.refused, account: content.account });
    if (other) return fail(409, { other, contents, text });
    const taken = await takeRescue(office, account, content);
    if (isRefused(taken)) return fail(409, { refused: taken.refused, account: content.account });
    return { contents, taken };
  },
} satisfies Actions;
