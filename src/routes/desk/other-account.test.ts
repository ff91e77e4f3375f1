/** A page that was made for another account than the one that is signed in by now decides nothing (TWO-3: whose word it is stands on the screen). */
import type { RequestEvent } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import { asRecord } from '$lib/domain/json';
import type { SignedIn } from '$lib/server/office';
import { actions as quarantine } from './quarantine/+page.server';
import { actions as review } from './review/+page.server';

const account: SignedIn = {
  ...{ communityId: 'c', id: 'me', username: 'me', name: '赵志远', role: 'coordinator', grids: [] },
};
/** No action gets as far as the office. */
const office = new Proxy({} as RequestEvent['locals']['office'], {
  get: (_, name) => {
    throw new Error(`the office was asked for ${String(name)}`);
  },
});

/** Decides nothing: shows what there would be to choose. */
const harmless = ['weigh'];
const all = [...Object.entries(review), ...Object.entries(quarantine)].filter(([name]) => !harmless.includes(name));

it.each(all)('%s', async (name, action) => {
  const body = new FormData();
  const said = { id: 's', words: '写的话', 'comment:["note"]': '批注', account: 'somebody else' };
  for (const [field, value] of Object.entries(said)) body.append(field, value);
  const url = new URL(`https://office.example/desk?/${name}`);
  const event = { request: new Request(url, { method: 'POST', body }), locals: { office, account }, url };
  const answer = asRecord(await action(event as never));
  expect(answer?.['status']).toBe(409);
  expect(Object.values(asRecord(answer?.['data']) ?? {})).toContainEqual({ refused: 'other-account', by: '赵志远' });
});
