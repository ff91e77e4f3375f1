import { fail } from '@sveltejs/kit';
import { assignGrids, createAccount, endAccount, listAccounts, resetPassword } from '$lib/server/accounts/accounts';
import { AccountProblem } from '$lib/server/accounts/problem';
import { phonesHeard } from '$lib/server/desk/phones';
import { createGrid, listGrids, renameGrid } from '$lib/server/desk/grids';
import { mayManage } from '$lib/server/rights';
import { Role } from '$lib/sync/items';
import { pressIn, textIn } from '../form-text';
import { posted, signedIn } from '../signed-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { office, account } = signedIn(locals);
  const accounts = await listAccounts(office, account.communityId);
  const phones = await office.database.read((db) => phonesHeard(db, account.communityId));
  return {
    accounts: accounts.map((one) => ({
      ...one,
      mine: one.id === account.id,
      phones: phones.get(one.id) ?? null,
      manageable: mayManage(account.role, one.role),
    })),
    grids: await listGrids(office, account.communityId),
    /** Of the two forms that make something. */
    press: { account: office.world.uuid(), grid: office.world.uuid() },
    roles: Role.options.filter((role) => mayManage(account.role, role)),
  };
};

export const actions = {
  create: async (event) => {
    const { office, account, form, other } = await posted(event);
    const typed = {
      username: textIn(form, 'username'),
      name: textIn(form, 'name'),
      role: textIn(form, 'role'),
      grids: gridsIn(form),
    };
    if (other) return fail(409, { other, about: 'new', typed });
    const role = Role.safeParse(typed.role);
    if (!role.success) return fail(400, { about: 'new', problem: 'role', typed });
    const id = pressIn(form);
    return told('new', { typed, press: id }, async () => {
      const input = { ...typed, role: role.data, ...(id && { id }) };
      const { password } = await createAccount(office, account.communityId, input, account);
      return { made: { what: 'account' as const, username: typed.username.trim().toLowerCase(), password } };
    });
  },

  grids: async (event) => {
    const { office, account, form, other } = await posted(event);
    const id = textIn(form, 'id');
    if (other) return fail(409, { other, about: id });
    return told(id, {}, async () => {
      await assignGrids(office, account.communityId, id, gridsIn(form), account, namesIn(form, 'seen'));
      return { done: 'grids' as const };
    });
  },

  password: async (event) => {
    const { office, account, form, other } = await posted(event);
    const id = textIn(form, 'id');
    if (other) return fail(409, { other, about: id });
    return told(id, {}, async () => {
      const { password } = await resetPassword(office, account.communityId, id, null, account);
      return { made: { what: 'password' as const, username: textIn(form, 'username'), password } };
    });
  },

  end: async (event) => {
    const { office, account, form, other } = await posted(event);
    const id = textIn(form, 'id');
    if (other) return fail(409, { other, about: id });
    if (!form.has('sure')) return fail(400, { about: id, problem: 'sure' });
    return told(id, {}, async () => {
      await endAccount(office, account.communityId, id, account);
      return { done: 'ended' as const };
    });
  },

  grid: async (event) => {
    const { office, account, form, other } = await posted(event);
    const id = textIn(form, 'grid');
    if (other) return fail(409, { other, about: id || 'new-grid' });
    const name = textIn(form, 'name');
    const answer = id
      ? await renameGrid(office, account, id, name)
      : await createGrid(office, account, name, pressIn(form));
    if ('problem' in answer)
      return fail(readsAnew.has(answer.problem) ? 409 : 400, {
        ...{ about: id || 'new-grid', problem: answer.problem, typedGrid: name },
      });
    return { about: id || 'new-grid', done: 'grid' as const };
  },
} satisfies Actions;

/** Something is not as the page has it. */
const readsAnew: ReadonlySet<string> = new Set(['grids-changed', 'id-taken', 'grid-before']);

/** What was done, or why not, beside the entry it is about. */
async function told<Typed extends object, Done extends object>(about: string, typed: Typed, run: () => Promise<Done>) {
  try {
    return { about, ...(await run()) };
  } catch (error) {
    if (error instanceof AccountProblem)
      return fail(readsAnew.has(error.code) ? 409 : 400, {
        ...{ about, problem: error.code, params: error.params },
        ...typed,
      });
    throw error;
  }
}

const gridsIn = (form: FormData) => namesIn(form, 'grids');

function namesIn(form: FormData, field: 'grids' | 'seen'): string[] {
  return form.getAll(field).filter((entry) => typeof entry === 'string');
}
