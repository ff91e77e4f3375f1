/**
 * The reliability cases: real processes and real stores (`npm run reliability`; its short form is part of `npm test`). Three files of them at a time:
 * each has its own office, its own browser and its own folder, and most of what a case does is to wait for those.
 */
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { paraglideOptions } from '../../paraglide.config.js';

/** The simulation takes longest: beside it the others find room, behind it the other workers would stand idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSimulation = ({ moduleId }: TestSpecification) => moduleId.endsWith('/simulation.case.ts');
    return [...sorted.filter(isSimulation), ...sorted.filter((file) => !isSimulation(file))];
  }
}

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [paraglideVitePlugin(paraglideOptions), sveltekit()],
  test: {
    include: ['tests/reliability/**/*.case.ts'],
    globalSetup: ['tests/reliability/made-office.ts'],
    env: { TZ: 'Asia/Shanghai' },
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 3 * 3_600_000,
    hookTimeout: 300_000,
  },
});
