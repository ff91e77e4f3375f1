import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from './paraglide.config.js';
import { announcerStyle } from './scripts/announcer-style.mjs';
import { chunks } from './scripts/chunks.ts';
import { messageImports } from './scripts/message-imports.ts';
import { classFields } from './scripts/class-fields.ts';
import { fieldFiles } from './scripts/field-files.ts';
import { icons } from './scripts/icons.ts';

const server = ['src/lib/server/**/*.test.ts', 'tests/server/**/*.test.ts'];

export default defineConfig({
  plugins: [
    paraglideVitePlugin(paraglideOptions),
    announcerStyle(),
    icons(),
    sveltekit(),
    messageImports(),
    chunks(),
    classFields(),
    fieldFiles(),
  ],
  build: { target: ['chrome99', 'safari16', 'firefox115'], cssTarget: ['chrome99', 'safari15.4', 'firefox115'] },
  test: {
    env: { TZ: 'Asia/Shanghai' },
    restoreMocks: true,
    // A test is wrong or right, never slow: the bound only ends one that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What the office does is tested on both of its databases.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // One thread for digests and seals, so that what is asked last ends last: `settled` of the test world rests on it.
          env: { UV_THREADPOOL_SIZE: '1' },
          include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'],
          exclude: ['src/lib/server/**'],
        },
      },
      {
        extends: true,
        test: { name: 'simulation', include: ['tests/simulation/**/*.test.ts'], testTimeout: 600_000 },
      },
      {
        extends: true,
        test: { name: 'sqlite', include: server, exclude: ['**/*.postgres.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: server,
          exclude: ['**/*.sqlite.test.ts'],
          env: { QIAOMEN_TEST_DATABASE: 'postgres' },
          globalSetup: 'tests/support/postgres-setup.ts',
        },
      },
    ],
  },
});
