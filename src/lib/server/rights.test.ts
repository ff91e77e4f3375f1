import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Role } from '../sync/items';
import { feedRights, mayAsk, mayManage, rights } from './rights';

const routes = join(process.cwd(), 'src/routes');

/** Every way in that the route files open: `{ route, method, action }`. */
function waysIn(folder = routes, route = ''): { route: string; method: string; action: string | null }[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return waysIn(path, `${route}/${name}`);
    const id = route || '/';
    if (name === '+page.svelte') return [{ route: id, method: 'GET', action: null }];
    const text = /^\+(page\.server|server)\.ts$/.test(name) ? readFileSync(path, 'utf8') : '';
    if (name === '+server.ts') {
      return [
        ...text.matchAll(/export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD)\b/g),
      ].map((match) => ({ route: id, method: match[1] ?? '', action: null }));
    }
    if (name !== '+page.server.ts' || !/export const actions\b/.test(text)) return [];
    const body = /export const actions\b.*?^\}/ms.exec(text)?.[0] ?? '';
    return [...body.matchAll(/^ {2}(?:async )?([A-Za-z]\w*)(?::|\()/gm)].map((match) => ({
      route: id,
      method: 'POST',
      action: match[1] ?? '',
    }));
  });
}

const people = [null, 'closed', ...Role.options] as const;
const isShell = (route: string) => route.startsWith('/(field)');
const open = new Set([
  'GET /sign-in',
  'POST /sign-in enter',
  'POST /sign-in leave',
  'POST /sign-in language',
  'GET /health',
  'GET /metrics',
  'POST /api/auth/sign-in/username',
  'POST /api/auth/sign-out',
]);

describe('the table of rights', () => {
  const ways = waysIn();

  it('finds the route files', () => {
    const found = ways.map(({ route, method }) => `${method} ${route}`);
    expect(found).toEqual(expect.arrayContaining(['GET /(field)', 'GET /desk/review', 'POST /api/auth/sign-out']));
  });

  it.each(ways.map((way) => [`${way.method} ${way.route}${way.action ? ` ${way.action}` : ''}`, way] as const))(
    'says who may %s, for every role, a closed account or phone, and signed out',
    (name, way) => {
      const answers = Object.fromEntries(people.map((who) => [who ?? 'nobody', mayAsk({ ...way, who })]));
      if (isShell(way.route) || open.has(name)) {
        expect(new Set(Object.values(answers))).toEqual(new Set(['allowed']));
      } else if (way.route === '/desk' || way.route.startsWith('/desk/') || way.route.startsWith('/api/desk/')) {
        expect(answers).toEqual({
          nobody: 'sign-in',
          closed: 'sign-in',
          administrator: 'allowed',
          coordinator: 'allowed',
          'grid-worker': 'refused',
          volunteer: 'refused',
        });
      } else {
        expect(name).toBe('POST /api/sync');
        expect(answers.nobody).toBe('sign-in');
        expect(new Set(['closed', ...Role.options].map((who) => answers[who]))).toEqual(new Set(['allowed']));
      }
    },
  );

  it('shuts what it does not name: another method, another action, another route', () => {
    const who = 'administrator' as const;
    expect(mayAsk({ route: '/health', method: 'POST', action: null, who })).toBe('absent');
    expect(mayAsk({ route: '/api/sync', method: 'GET', action: null, who })).toBe('absent');
    expect(mayAsk({ route: '/sign-in', method: 'POST', action: 'become', who })).toBe('absent');
    expect(mayAsk({ route: '/(field)', method: 'POST', action: 'default', who })).toBe('absent');
    expect(mayAsk({ route: '/desk/new', method: 'GET', action: null, who })).toBe('absent');
    expect(mayAsk({ route: '/desk/rounds', method: 'POST', action: 'default', who })).toBe('absent');
    expect(mayAsk({ route: '/api/new', method: 'GET', action: null, who })).toBe('absent');
    expect(mayAsk({ route: '/deskless', method: 'GET', action: null, who })).toBe('absent');
    expect(mayAsk({ route: null, method: 'GET', action: null, who })).toBe('absent');
  });

  it('takes a HEAD for the GET that it is', () => {
    expect(mayAsk({ route: '/desk', method: 'HEAD', action: null, who: 'volunteer' })).toBe('refused');
    expect(mayAsk({ route: '/health', method: 'HEAD', action: null, who: null })).toBe('allowed');
  });

  it('has no entry and no action that opens nothing', () => {
    for (const { route, method, actions = [] } of rights) {
      for (const action of actions) expect(ways).toContainEqual({ route, method, action });
      const base = route.replace(/\/\*\*$/, '');
      const opens = ways.some(
        (way) => way.method === method && (way.route === base || way.route.startsWith(`${base}/`)),
      );
      expect(`${method} ${route} ${opens}`).toBe(`${method} ${route} true`);
    }
  });

  it('lets volunteers and the desk read no grid, and nobody manage above themselves', () => {
    expect(feedRights.grid).toEqual(['grid-worker']);
    expect(Role.options.filter((role) => mayManage('volunteer', role) || mayManage('grid-worker', role))).toEqual([]);
    expect(Role.options.filter((role) => mayManage('coordinator', role))).toEqual(['grid-worker', 'volunteer']);
  });
});
