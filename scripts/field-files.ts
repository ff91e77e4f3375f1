/**
 * Tells the service worker which of the built files the phone's screens need, so that no phone downloads the desk.
 * SvelteKit builds the office first, within it the pages (with this file loaded a second time), and last the service worker,
 * to which it hands on the office build's `define`: so the list goes from the second build to the first by the process's environment.
 */
import type { Plugin, Rollup } from 'vite';

/** Pages that are never opened without a connection. */
const OFFICE = /\/src\/routes\/(desk|sign-in)\//;
const NODE = /\/generated\/client(-optimized)?\/nodes\/\d+\.js$/;
const LIST = 'QIAOMEN_FIELD_FILES';

export function fieldFiles(): Plugin {
  return {
    name: 'field-files',
    apply: 'build',
    configResolved(config) {
      Object.defineProperty(config.define ?? {}, '__QIAOMEN_FIELD_FILES__', {
        enumerable: true,
        get: () => process.env[LIST] ?? 'undefined',
      });
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (this.environment.name !== 'client') return;
        const isOffice = (chunk: Rollup.OutputChunk) =>
          (this.getModuleInfo(chunk.facadeModuleId ?? '')?.importedIds ?? []).some((id) => OFFICE.test(id));
        const files = findFieldFiles(bundle, isOffice);
        process.env[LIST] = JSON.stringify(files.map((file) => `/${file}`));
      },
    },
  };
}

function findFieldFiles(bundle: Rollup.OutputBundle, isOffice: (chunk: Rollup.OutputChunk) => boolean): string[] {
  const chunkOf = (fileName: string) => {
    const file = bundle[fileName];
    return file?.type === 'chunk' ? file : null;
  };
  const files = new Set<string>();
  const want = (fileName: string) => {
    const chunk = chunkOf(fileName);
    if (!chunk || files.has(fileName)) return;
    files.add(fileName);
    for (const asset of chunk.viteMetadata?.importedCss ?? []) files.add(asset);
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) files.add(asset);
    chunk.imports.forEach(want);
    // The app's entry names every page; which of them are the field's is asked below.
    for (const name of chunk.dynamicImports) if (!NODE.test(chunkOf(name)?.facadeModuleId ?? '')) want(name);
  };
  for (const fileName of Object.keys(bundle)) {
    const chunk = chunkOf(fileName);
    if (chunk?.isEntry && !(NODE.test(chunk.facadeModuleId ?? '') && isOffice(chunk))) want(fileName);
  }
  return [...files];
}
