/**
 * Lets a page name the messages that it says: `import * as m from '$lib/paraglide/messages'` becomes an import of each message that the
 * module calls. The catalogue's list imports all of them, so that nothing which follows imports from module to module (scripts/chunks.ts
 * does) could tell what belongs to whom. A module that looks messages up by a key keeps the list.
 */
import type { Plugin } from 'vite';

const LIST = /import \* as m from ['"](\$lib|\.\.\/lib)\/paraglide\/messages['"];?/;
const CALLED = /(?<![\w$.])m\.(\w+)/g;
const USED_WHOLE = /(?<![\w$.'"])m(?![\w$]|\s*[.:])/;

export function messageImports(): Plugin {
  return {
    name: 'message-imports',
    apply: 'build',
    enforce: 'post',
    transform(code) {
      if (this.environment.name !== 'client' || !LIST.test(code) || USED_WHOLE.test(code.replace(LIST, '')))
        return null;
      const names = new Set([...code.matchAll(CALLED)].flatMap(([, name]) => name ?? []));
      const imports = [...names].map(
        (name) => `import { ${name} as m$${name} } from '$lib/paraglide/messages/${name}.js';`,
      );
      return { code: code.replace(LIST, imports.join(' ')).replace(CALLED, 'm$$$1'), map: null };
    },
  };
}
