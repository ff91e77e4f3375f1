/** Where everything of the desk lives: one function an address, so that a page never spells a query out. No address holds a person's name or number. */

type Query = Record<string, string | number | boolean | null | undefined>;

/** `path` with the entries of `query` that say something. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '' || value === false) continue;
    search.set(key, value === true ? '1' : String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export const overview = (query: { round?: string } = {}) => address('/desk', query);

/** `id`: the submission shown; `whole`: its whole form; `edit`: its values to be corrected; `done`: the decision just taken; `beside`: another of its door. */
export type ReviewQuery = {
  show?: string;
  grid?: string;
  worker?: string;
  kind?: string;
  page?: number;
  id?: string;
  whole?: boolean;
  edit?: boolean;
  done?: string;
  bulk?: string;
  beside?: string;
};
export const review = (query: ReviewQuery = {}) => address('/desk/review', query);

/** `part`: which revision, where it is not what the submission stands for; `edit`: all answers to be corrected; `done`: the decision just taken. */
export type QuarantineQuery = {
  page?: number;
  id?: string;
  part?: string | null;
  edit?: boolean;
  done?: string;
  released?: boolean;
};
export const quarantine = (query: QuarantineQuery = {}) => address('/desk/quarantine', query);

/** `gone`: the doors that were taken out of the register. */
export const register = (query: { grid?: string; building?: string; gone?: boolean; page?: number } = {}) =>
  address('/desk/register', query);
export const door = (id: string, query: { correct?: string } = {}) => address(`/desk/register/${id}`, query);

export const coverage = (
  query: { figure?: string; round?: string; grid?: string; building?: string; page?: number } = {},
) => address('/desk/coverage', query);

export const roster = (id?: string) => (id ? `/desk/roster/${id}` : '/desk/roster');
export const rescue = () => '/desk/rescue';
export const accounts = (id?: string) => (id ? `/desk/accounts/${id}` : '/desk/accounts');
export const rounds = () => '/desk/rounds';
export const signIn = () => '/sign-in';

/** A path of this application to go on to after sign-in or a change of language, or null: another origin is never taken. */
export function safeNext(text: string | null): string | null {
  if (!text || !/^\/(?![/\\])/.test(text) || /[\u0000-\u001f\\]/.test(text)) return null;
  const target = new URL(text, 'http://here.invalid');
  return target.origin === 'http://here.invalid' ? target.pathname + target.search : null;
}
