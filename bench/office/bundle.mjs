// The office's own TypeScript, made runnable: one program in bench/out, beside the project's dependencies.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');

/** Path of the bundled program. The messages must have been compiled, as any build does. */
export async function bundleOffice() {
  const outDir = path.join(root, 'bench/out');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { $lib: path.join(root, 'src/lib') } },
    define: { __QIAOMEN_BUILD__: '"bench"' },
    publicDir: false,
    build: {
      ssr: path.join(here, 'main.ts'),
      outDir,
      emptyOutDir: false,
      target: 'node22',
      rolldownOptions: { output: { entryFileNames: 'office.mjs' } },
    },
  });
  return path.join(outDir, 'office.mjs');
}
