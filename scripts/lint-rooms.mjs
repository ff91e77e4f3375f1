/**
 * The lint rule of architecture.md: which room of `src` may import which.
 * `routes → device | server → sync, forms → domain`; `ui` imports nothing of them; the phone and the office never import each other.
 */
import path from 'node:path';

/** Room → rooms that it may import. Compiled messages are the room `messages`. */
const allowed = {
  domain: [],
  sync: ['domain'],
  forms: ['domain', 'sync'],
  device: ['domain', 'sync', 'forms'],
  server: ['domain', 'sync', 'forms', 'messages'],
  ui: ['messages'],
  routes: ['domain', 'sync', 'forms', 'device', 'server', 'ui', 'messages'],
  hooks: ['domain', 'sync', 'server', 'messages'],
  worker: ['domain', 'sync', 'device'],
  bin: ['domain', 'sync', 'forms', 'server', 'messages'],
};

/** Packages that a room may use; a room that is not named may use any. */
const packages = { domain: ['zod/mini'], sync: ['zod/mini', 'canonicalize', '@hpke/core'], forms: ['zod/mini'] };

const posix = (file) => file.split(path.sep).join('/');

/** The room of a file, as its path inside `src` says. */
function roomOf(inside) {
  if (inside.startsWith('lib/paraglide/')) return 'messages';
  const room = /^lib\/([^/]+)\//.exec(inside)?.[1];
  if (room) return room;
  if (inside.startsWith('routes/')) return 'routes';
  if (inside.startsWith('bin/')) return 'bin';
  if (inside.startsWith('service-worker')) return 'worker';
  if (inside.startsWith('hooks.')) return 'hooks';
  return null;
}

/** Where an import leads inside `src`; null for a package. */
function insideOf(specifier, file, src) {
  if (specifier.startsWith('$lib/')) return `lib/${specifier.slice('$lib/'.length)}`;
  if (specifier.startsWith('$messages')) return 'lib/paraglide/messages';
  if (!specifier.startsWith('.')) return null;
  const absolute = path.resolve(path.dirname(file), specifier);
  return posix(path.relative(src, absolute));
}

const imports = {
  meta: { type: 'problem', schema: [], messages: { wall: '{{from}} may not import {{to}} (docs/architecture.md).' } },
  create(context) {
    const src = path.join(context.cwd, 'src');
    const inside = posix(path.relative(src, context.filename));
    const from = roomOf(inside);
    const isTest = /\.test\.[jt]s$/.test(inside);
    if (!from || !(from in allowed)) return {};

    function check(node, source) {
      if (typeof source?.value !== 'string') return;
      const target = insideOf(source.value, context.filename, src);
      if (target === null) {
        const only = packages[from];
        const name = source.value;
        const isFree = isTest || name.startsWith('node:') || name.startsWith('virtual:');
        if (only && !isFree && !only.includes(name))
          context.report({ node, messageId: 'wall', data: { from, to: name } });
        if (only && !isTest && name.startsWith('node:')) {
          context.report({ node, messageId: 'wall', data: { from, to: name } });
        }
        return;
      }
      const to = roomOf(target.includes('/') ? target : `${target}/`);
      if (to === null || to === from || allowed[from].includes(to)) return;
      context.report({ node, messageId: 'wall', data: { from, to } });
    }

    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal),
    };
  },
};

export const rooms = { rules: { imports } };
