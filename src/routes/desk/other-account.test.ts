/** A page that was made for another account than the one that is signed in by now decides nothing (TWO-3: whose word it is stands on the screen). */
import type { RequestEvent } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import { asRecord } from '$lib/domain/json';
import type { SignedIn } from '$lib/server/office';
import { actions as accounts } from './accounts/+page.server';
import { actions as phones } from './accounts/[id]/+page.server';
import { actions as quarantine } from './quarantine/+page.server';
import { actions as register } from './register/[id]/+page.server';
import { actions as rescue } from './rescue/+page.server';
import { actions as review } from './review/+page.server';
import { actions as roster } from './roster/+page.server';
import { actions as rosterJob } from './roster/[id]/+page.server';
import { actions as rounds } from './rounds/+page.server';

const account: SignedIn = {
  ...{ communityId: 'c', id: 'me', username: 'me', name: '赵志远', role: 'coordinator', grids: [] },
};
/** No action gets as far as the office. */
const office = new Proxy({} as RequestEvent['locals']['office'], {
  get: (_, name) => {
    throw new Error(`the office was asked for ${String(name)}`);
  },
});

const pages = { review, quarantine, register, rounds, accounts, phones, roster, rosterJob, rescue };
/** Decides nothing: shows what there would be to choose, or the file once more that is to be taken in. */
const harmless = ['review weigh', 'rescue take'];
const all = Object.entries(pages)
  .flatMap(([page, actions]) => Object.entries(actions).map(([name, action]) => [`${page} ${name}`, action] as const))
  .filter(([name]) => !harmless.includes(name));

it.each(all)('%s', async (name, action) => {
  const body = new FormData();
  const said = { id: 's', words: '写的话', 'comment:["note"]': '批注', account: 'somebody else' };
  for (const [field, value] of Object.entries(said)) body.append(field, value);
  const url = new URL(`https://office.example/desk?/${name}`);
  const event = {
    request: new Request(url, { method: 'POST', body }),
    locals: { office, account },
    url,
    params: { id: 's' },
  };
  const answer = asRecord(await action(event as never));
  expect(answer?.['status']).toBe(409);
  expect(JSON.stringify(answer?.['data'])).toContain('赵志远');
});
