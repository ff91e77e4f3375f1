/** Lint rules: the language's own traps, and the project's two walls (which room may import which, and one door to the world a side). */
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { rooms } from './scripts/lint-rooms.mjs';
import svelteConfig from './svelte.config.js';

/** Clock, chance, timers, network and locks come from the side's `world.ts`, so that a seeded scheduler can stand in for them. */
const worldSyntax = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Take the time from World.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from World.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Take the time from World.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take chance from World.' },
  {
    selector: "MemberExpression[object.name='performance'][property.name='now']",
    message: 'Take the time from World.',
  },
  {
    selector: "MemberExpression[object.name='crypto'][property.name=/^(getRandomValues|randomUUID)$/]",
    message: 'Take ids and randomness from World.',
  },
  { selector: "MemberExpression[object.name='navigator'][property.name='locks']", message: 'Take locks from World.' },
];
const worldGlobals = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'XMLHttpRequest',
  'EventSource',
  'WebSocket',
].map((name) => ({ name, message: "Timers and network belong to the side's world.ts." }));
const worldImports = [
  { name: 'node:timers', message: 'Timers belong to server/world.ts.' },
  { name: 'node:timers/promises', message: 'Timers belong to server/world.ts.' },
  { name: 'uuid', message: 'Ids come from World.' },
  {
    name: 'node:crypto',
    importNames: ['randomBytes', 'randomUUID', 'randomInt', 'webcrypto'],
    message: 'Randomness comes from World.',
  },
];
/** The package's list of all icons would come along with each (scripts/chunks.ts follows imports). */
const listImports = [{ name: '@lucide/svelte', message: "Take one icon: '@lucide/svelte/icons/name'." }];
/** What a phone loads is written with `zod/mini`: a third of the weight, and one declaration for both ends. */
const phoneImports = [{ name: 'zod', message: "Phones load this: take 'zod/mini'." }];
/** The one module a side, the programs that stand outside of both, and the service worker, which is the network. */
const worldItself = [
  'src/lib/device/world.ts',
  'src/lib/server/world.ts',
  'src/lib/server/demo/world.ts',
  'src/bin/**',
  'src/service-worker.ts',
  'src/**/*.test.ts',
  'src/**/testing/**',
];

export default defineConfig(
  {
    ignores: [
      'node_modules/',
      'build/',
      'build-faults/',
      '.svelte-kit/',
      'src/lib/paraglide/',
      'data/',
      'test-results/',
      'static/',
      'bench/out/',
      'bench/peers/.cache/',
    ],
  },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      'svelte/no-navigation-without-resolve': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['error', 'warn'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      // A set or map that no screen reads need not be watched; what screens read shows at once when it is not.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/**/*.svelte.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  { files: ['src/**'], plugins: { rooms }, rules: { 'rooms/imports': 'error' } },
  {
    files: ['src/**'],
    ignores: worldItself,
    rules: {
      'no-restricted-syntax': ['error', ...worldSyntax],
      'no-restricted-globals': ['error', ...worldGlobals],
      'no-restricted-imports': ['error', { paths: [...worldImports, ...listImports] }],
    },
  },
  {
    files: ['src/lib/{domain,sync,forms,device}/**', 'src/lib/ui/**', 'src/routes/(field)/**'],
    ignores: worldItself,
    rules: { 'no-restricted-imports': ['error', { paths: [...worldImports, ...listImports, ...phoneImports] }] },
  },
  { files: ['scripts/**', 'bench/**', 'tests/**', 'src/bin/**'], rules: { 'no-console': 'off' } },
);
