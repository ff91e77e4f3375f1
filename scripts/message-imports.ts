/**
 * Lets a page name the messages that it says: `import * as m from '$lib/paraglide/messages'` becomes an import of each message that the
 * module calls. The catalogue's list imports all of them, so that nothing which follows imports from module to module (scripts/chunks.ts
 * does) could tell what belongs to whom. A module that looks messages up by a key keeps the list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

const LIST = /import \* as m from ['"](\$lib|\.\.\/lib)\/paraglide\/messages['"];?/;
const CALLED = /(?<![\w$.])m\.(\w+)/g;
const USED_WHOLE = /(?<![\w$.'"])m(?![\w$]|\s*[.:])/;
/** `export const field_door = …`, or `export { label_housekind1 as "label_houseKind" }` where a key has capitals. */
const EXPORTED = /^export (?:const (\w+)|\{ \w+ as "(\w+)" \})/m;

/** `folder`: of the compiled messages, within the project. */
export function messageImports(folder = 'src/lib/paraglide/messages'): Plugin {
  let root = '';
  let files: Map<string, string> | null = null;
  return {
    name: 'message-imports',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      root = config.root;
    },
    buildStart() {
      files = null;
    },
    transform(code) {
      if (this.environment.name !== 'client' || !LIST.test(code) || USED_WHOLE.test(code.replace(LIST, '')))
        return null;
      const known = (files ??= filesOfMessages(path.join(root, folder)));
      const names = [...new Set([...code.matchAll(CALLED)].flatMap(([, name]) => name ?? []))];
      if (!names.every((name) => known.has(name))) return null;
      const imports = names.map(
        (name) => `import { ${name} as m$${name} } from '$lib/paraglide/messages/${known.get(name)}';`,
      );
      return { code: code.replace(LIST, imports.join(' ')).replace(CALLED, 'm$$$1'), map: null };
    },
  };
}

/** By a message's key: the file that holds it, which is named in lower case. */
function filesOfMessages(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const [, plain, quoted] = EXPORTED.exec(readFileSync(path.join(folder, file), 'utf8')) ?? [];
    const name = plain ?? quoted;
    if (name !== undefined) files.set(name, file);
  }
  return files;
}
