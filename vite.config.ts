import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from './paraglide.config.js';
import { fieldFiles } from './scripts/field-files';

export default defineConfig({
  plugins: [paraglideVitePlugin(paraglideOptions), sveltekit(), fieldFiles()],
  build: { target: ['chrome99', 'safari15.4', 'firefox115'] },
  test: {
    include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts', 'tests/server/**/*.test.ts'],
    env: { TZ: 'Asia/Shanghai' },
    restoreMocks: true,
  },
});
