/**
 * Builds the app into `build/`: first the app itself (SvelteKit, adapter-node), then the programs of `src/bin`, which share
 * its office code but not its pages. The stamp comes last, so a build that was broken off is made again.
 * `--faults` makes the build that tests of power cuts run, into a folder of its own: with the fault points in it.
 */
import './node-version.mjs';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildOf, hashSources, root } from './sources.mjs';

process.chdir(root);
process.env.NODE_ENV ??= 'production';

const mode = process.argv.includes('--faults') ? 'faults' : 'production';
const { folder, stamp } = buildOf(mode);
const hash = hashSources();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** Named after the sources: the same sources are the same version, and phones are not told of a new one. */
process.env.QIAOMEN_BUILD = `${version}+${hash.slice(0, 10)}`;
process.env.QIAOMEN_OUT = folder;

const { build } = await import('vite');
const { paraglideVitePlugin } = await import('@inlang/paraglide-js');
const { paraglideOptions } = await import('../paraglide.config.js');

rmSync(stamp, { force: true });
await build({ mode, logLevel: 'warn' });

await build({
  root,
  mode,
  configFile: false,
  logLevel: 'warn',
  plugins: [paraglideVitePlugin(paraglideOptions)],
  resolve: { alias: { $lib: path.join(root, 'src/lib') } },
  define: { __QIAOMEN_BUILD__: JSON.stringify(process.env.QIAOMEN_BUILD) },
  publicDir: false,
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: false,
    target: 'node22',
    sourcemap: true,
    rolldownOptions: {
      input: { serve: 'src/bin/serve.ts', admin: 'src/bin/admin.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'programs/[name]-[hash].js' },
      external: [/^\.\/handler\.js$/],
    },
  },
});

mkdirSync(folder, { recursive: true });
writeFileSync(stamp, `${hash}\n`);
console.log(`built ${process.env.QIAOMEN_BUILD}`);
