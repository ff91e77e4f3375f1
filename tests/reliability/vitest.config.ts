/** The reliability cases: real processes and real stores, one case at a time (`npm run reliability`; its short form is part of `npm test`). */
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from '../../paraglide.config.js';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [paraglideVitePlugin(paraglideOptions), sveltekit()],
  test: {
    include: ['tests/reliability/**/*.case.ts'],
    env: { TZ: 'Asia/Shanghai' },
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
});
