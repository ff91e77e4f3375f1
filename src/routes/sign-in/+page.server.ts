import { fail, redirect } from '@sveltejs/kit';
import { safeNext } from '../desk/addresses';
import type { Actions, PageServerLoad } from './$types';

const atDesk = (role: string) => role === 'coordinator' || role === 'administrator';
const YEAR = 365 * 24 * 60 * 60;

/** Who is signed in already goes on; anybody else gets the form. */
export const load: PageServerLoad = ({ locals, url }) => {
  if (locals.account)
    redirect(303, safeNext(url.searchParams.get('next')) ?? (atDesk(locals.account.role) ? '/desk' : '/'));
  return {};
};

export const actions = {
  /** Asks the same door as every other client: `POST /api/auth/sign-in/username`, which also counts failures. */
  enter: async ({ request, fetch, url }) => {
    const form = await request.formData();
    const username = text(form, 'username').trim();
    const password = text(form, 'password');
    const next = safeNext(text(form, 'next') || url.searchParams.get('next'));
    if (!username || !password) return fail(400, { username, next, problem: 'empty' as const });
    const answer = await fetch('/api/auth/sign-in/username', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url.origin },
      body: JSON.stringify({ username, password }),
    });
    if (answer.status === 429) return fail(429, { username, next, problem: 'slow' as const });
    if (answer.status >= 500) return fail(503, { username, next, problem: 'trouble' as const });
    if (!answer.ok) return fail(401, { username, next, problem: 'wrong' as const });
    // Whoever has no desk is shown to the phone's screens by the load of this very page.
    redirect(303, next ?? '/sign-in');
  },

  leave: async ({ fetch, url, cookies }) => {
    await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url.origin },
      body: '{}',
    });
    for (const { name } of cookies.getAll()) {
      if (name.includes('session')) cookies.delete(name, { path: '/' });
    }
    redirect(303, '/sign-in');
  },

  /** A cookie that scripts read too: the words on both sides come from it. */
  language: async ({ request, cookies }) => {
    const form = await request.formData();
    const locale = text(form, 'locale') === 'en' ? 'en' : 'zh-CN';
    cookies.set('qiaomen-locale', locale, { path: '/', httpOnly: false, sameSite: 'lax', secure: false, maxAge: YEAR });
    redirect(303, safeNext(text(form, 'back')) ?? '/desk');
  },
} satisfies Actions;

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
