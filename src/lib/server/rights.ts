/** The one table of rights: who may open which page, take which action, ask which endpoint, read which feed. What does not stand here is shut. */
import type { Role } from '../sync/items';

/** `closed`: of an account that was ended, or through a phone that was revoked: signed out for everything that does not name it (SCO-5). */
export type Asking = Role | 'closed';
export type Who = 'anyone' | readonly Asking[];
type Method = 'GET' | 'POST';

/** `route` is a route's id, as SvelteKit has it; `/**` at its end takes in all below. `actions`: of a page, by name; an endpoint has none. */
type Right = { route: string; method: Method; actions?: readonly string[]; who: Who };

const everyone: readonly Role[] = ['administrator', 'coordinator', 'grid-worker', 'volunteer'];
const office: readonly Role[] = ['administrator', 'coordinator'];

export const rights: readonly Right[] = [
  // The phone's screens hold nobody's data: they are the same file for all, and what they show comes by sync.
  { route: '/(field)/**', method: 'GET', who: 'anyone' },
  { route: '/sign-in', method: 'GET', who: 'anyone' },
  { route: '/sign-in', method: 'POST', actions: ['enter', 'leave', 'language'], who: 'anyone' },
  { route: '/health', method: 'GET', who: 'anyone' },
  // Asks for a token of its own: who reads it is a program, not a person.
  { route: '/metrics', method: 'GET', who: 'anyone' },
  { route: '/api/auth/sign-in/username', method: 'POST', who: 'anyone' },
  { route: '/api/auth/sign-out', method: 'POST', who: 'anyone' },
  // What a closed one may there is to hand over: `intake` and `sync` see to it.
  { route: '/api/sync', method: 'POST', who: [...everyone, 'closed'] },
  { route: '/api/desk/as-of', method: 'GET', who: office },
  { route: '/desk', method: 'GET', who: office },
  { route: '/desk/coverage', method: 'GET', who: office },
  { route: '/desk/review', method: 'GET', who: office },
  {
    route: '/desk/review',
    method: 'POST',
    actions: ['approve', 'return', 'void', 'correct', 'undo', 'look', 'weigh', 'startBulk', 'approveBulk'],
    who: office,
  },
  { route: '/desk/quarantine', method: 'GET', who: office },
  {
    route: '/desk/quarantine',
    method: 'POST',
    actions: ['accept', 'approve', 'return', 'keep', 'choose', 'again', 'undo', 'look'],
    who: office,
  },
  { route: '/desk/register', method: 'GET', who: office },
  { route: '/desk/register', method: 'POST', actions: ['search'], who: office },
  { route: '/desk/register/[id]', method: 'GET', who: office },
  { route: '/desk/register/[id]', method: 'POST', actions: ['correct', 'head', 'look'], who: office },
  { route: '/desk/roster', method: 'GET', who: office },
  { route: '/desk/roster', method: 'POST', actions: ['upload'], who: office },
  { route: '/desk/roster/[id]', method: 'GET', who: office },
  { route: '/desk/roster/[id]', method: 'POST', actions: ['map', 'again', 'import', 'drop'], who: office },
  { route: '/desk/rescue', method: 'GET', who: office },
  { route: '/desk/rescue', method: 'POST', actions: ['open', 'take'], who: office },
  { route: '/desk/rounds', method: 'GET', who: office },
  { route: '/desk/rounds', method: 'POST', actions: ['start', 'close'], who: office },
  { route: '/desk/accounts', method: 'GET', who: office },
  // Whose accounts is said below: a coordinator makes no administrator.
  { route: '/desk/accounts', method: 'POST', actions: ['create', 'grids', 'password', 'end', 'grid'], who: office },
  { route: '/desk/accounts/[id]', method: 'GET', who: office },
  { route: '/desk/accounts/[id]', method: 'POST', actions: ['revoke', 'allow'], who: office },
];

/** Feeds by sync: who works at the desk reads the register there, a volunteer reads no grid. */
export const feedRights: Readonly<Record<'community' | 'grid' | 'account', readonly Role[]>> = {
  community: everyone,
  grid: ['grid-worker'],
  account: everyone,
};

/** Whose accounts a role makes, changes and ends: nobody gives more than they have. */
const managed: Readonly<Record<Role, readonly Role[]>> = {
  administrator: everyone,
  coordinator: ['grid-worker', 'volunteer'],
  'grid-worker': [],
  volunteer: [],
};

export const mayManage = (role: Role, other: Role): boolean => managed[role].includes(other);
export const mayReadFeed = (role: Role, kind: keyof typeof feedRights): boolean => feedRights[kind].includes(role);

export type Question = {
  /** Null where no route answers. */
  route: string | null;
  method: string;
  /** Name of the form action that a page's POST asks for: `default` where it names none; null for an endpoint. */
  action: string | null;
  /** Null: nobody is signed in. */
  who: Asking | null;
};

/** `sign-in`: somebody with a session may be let in; `refused`: this one may not; `absent`: there is no such thing to ask for. */
export type Answer = 'allowed' | 'sign-in' | 'refused' | 'absent';

/** Asks the table. A HEAD is a GET without its body. */
export function mayAsk({ route, method, action, who }: Question): Answer {
  if (route === null) return 'absent';
  const plain = method === 'HEAD' ? 'GET' : method;
  const right = rights.find((entry) => entry.method === plain && covers(entry.route, route) && names(entry, action));
  if (!right) return 'absent';
  if (right.who === 'anyone') return 'allowed';
  if (who !== null && right.who.includes(who)) return 'allowed';
  return who === null || who === 'closed' ? 'sign-in' : 'refused';
}

function covers(pattern: string, route: string): boolean {
  if (!pattern.endsWith('/**')) return pattern === route;
  const base = pattern.slice(0, -'/**'.length);
  return route === base || route.startsWith(`${base}/`);
}

function names({ method, actions }: Right, action: string | null): boolean {
  if (method === 'GET') return true;
  if (action === null) return actions === undefined;
  return actions?.includes(action) ?? false;
}
