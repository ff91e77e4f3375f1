/**
 * Builds the app into `build/`: first the app itself (SvelteKit, adapter-node), then the programs of `src/bin`, which share
 * its office code but not its pages. The stamp comes last, so a build that was broken off is made again.
 */
import './node-version.mjs';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildFolder, hashSources, root, stampFile } from './sources.mjs';

process.chdir(root);
process.env.NODE_ENV ??= 'production';

const hash = hashSources();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** Named after the sources: the same sources are the same version, and phones are not told of a new one. */
process.env.QIAOMEN_BUILD = `${version}+${hash.slice(0, 10)}`;

const { build } = await import('vite');
const { paraglideVitePlugin } = await import('@inlang/paraglide-js');
const { paraglideOptions } = await import('../paraglide.config.js');

rmSync(stampFile, { force: true });
await build({ logLevel: 'warn' });

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [paraglideVitePlugin(paraglideOptions)],
  resolve: { alias: { $lib: path.join(root, 'src/lib') } },
  define: { __QIAOMEN_BUILD__: JSON.stringify(process.env.QIAOMEN_BUILD) },
  publicDir: false,
  build: {
    ssr: true,
    outDir: buildFolder,
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

mkdirSync(buildFolder, { recursive: true });
writeFileSync(stampFile, `${hash}\n`);
console.log(`built ${process.env.QIAOMEN_BUILD}`);
