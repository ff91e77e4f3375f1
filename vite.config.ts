import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from './paraglide.config.js';
import { announcerStyle } from './scripts/announcer-style.mjs';
import { fieldFiles } from './scripts/field-files.ts';

export default defineConfig({
  plugins: [paraglideVitePlugin(paraglideOptions), announcerStyle(), sveltekit(), fieldFiles()],
  build: { target: ['chrome99', 'safari15.4', 'firefox115'] },
  test: {
    include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts', 'tests/server/**/*.test.ts'],
    env: { TZ: 'Asia/Shanghai' },
    restoreMocks: true,
    // A test is wrong or right, never slow: the bound only ends one that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
