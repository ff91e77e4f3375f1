/** What the project's own steps of the build do to the pages' code, shown on small pages built by the real bundler. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { classFields } from '../../scripts/class-fields.ts';
import { icons } from '../../scripts/icons.ts';
import { messageImports } from '../../scripts/message-imports.ts';

/** Builds one module; what its imports hold comes from `others`, by their names. */
async function built(code: string, plugin: Plugin, others: Record<string, string> = {}): Promise<string> {
  const sources: Plugin = {
    name: 'sources',
    enforce: 'pre',
    resolveId: (id) => (id === 'page' || id in others ? `\0${id}` : null),
    load: (id) => (id === '\0page' ? code : (others[id.slice(1)] ?? null)),
  };
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [sources, plugin],
    build: {
      write: false,
      target: ['chrome99', 'safari16', 'firefox115'],
      rolldownOptions: { input: 'page', preserveEntrySignatures: 'strict' },
    },
  });
  const [result] = [output].flat().filter((one) => 'output' in one);
  return (result?.output ?? []).flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('\n');
}

/** Runs built code and answers what it exports. */
async function run(code: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
}

describe('class fields', () => {
  const page = `
    const 名 = () => new Map([['门', 302]]);
    class Door { #rooms = 名(); number = this.#rooms.get('门'); plain = 1; later = () => this.number; static all = [new Set(['a'])];
      get size() { return this.#rooms.size; } }
    class Odd extends Door { extra = [...'ab'].map((one) => one + this.number); }
    const odd = new Odd();
    export const told = [odd.size, odd.number, odd.plain, odd.later(), odd.extra, Door.all[0].has('a')];`;

  it('stay private fields of the language, and hold what they held', async () => {
    const code = await built(page, classFields());
    expect(code).not.toContain('WeakMap');
    expect((await run(code)).told).toEqual([1, 302, 1, 302, ['a302', 'b302'], true]);
  });

  it('read names in a function of their own, which Safari 15 needs, and only where they read one', async () => {
    const code = await built(page, classFields());
    expect(code.match(/\.call\(this\)/g)).toHaveLength(2); // `名` and `Set`
    expect(code).toMatch(/plain=1;/);
  });
});

describe('messages', () => {
  /** Compiled messages as they lie in their folder: a key with capitals has a file without. */
  const compiled = {
    'hello.js': `export const hello = () => 'HELLO';`,
    'bye.js': `globalThis.byeLoaded = true; export const bye = () => 'BYE';`,
    'label_housekind1.js': `const label_housekind1 = () => 'KIND';\nexport { label_housekind1 as "label_houseKind" }`,
  };
  const folder = mkdtempSync(path.join(tmpdir(), 'messages-'));
  for (const [file, code] of Object.entries(compiled)) writeFileSync(path.join(folder, file), code);
  afterAll(() => rmSync(folder, { recursive: true }));
  const plugin = () => messageImports(path.relative(process.cwd(), folder));
  const list = '$lib/paraglide/messages';
  const messages = {
    [list]: Object.keys(compiled)
      .map((file) => `export * from '${list}/${file}';`)
      .join(' '),
    ...Object.fromEntries(Object.entries(compiled).map(([file, code]) => [`${list}/${file}`, code])),
  };

  it('are imported one by one by who names them, those with capitals in their keys too', async () => {
    const page = `import * as m from '${list}'; export const said = m.hello() + m.label_houseKind();`;
    const code = await built(page, plugin(), messages);
    expect((await run(code)).said).toBe('HELLOKIND');
    expect(code).not.toContain('BYE');
    expect(code).not.toContain('byeLoaded');
  });

  it('stay a list for who looks them up by a key', async () => {
    const page = `import * as m from '${list}'; export const say = (key) => Reflect.get(m, key)();`;
    const { say } = await run(await built(page, plugin(), messages));
    expect(typeof say === 'function' ? say('bye') : null).toBe('BYE');
  });
});

describe('icons', () => {
  const folder = path.join(import.meta.dirname, '../../node_modules/@lucide/svelte/dist/icons');
  const { transform } = icons();
  const drawn = (file: string): unknown => {
    const id = path.join(folder, file);
    return typeof transform === 'function' ? Reflect.apply(transform, {}, [readFileSync(id, 'utf8'), id]) : null;
  };

  it('are drawn as the elements that they are', () => {
    expect(drawn('chevron-right.svelte')).toEqual({
      code: expect.stringMatching(/<svg [^>]*viewBox="0 0 24 24"[^>]*><path d="m9 18 6-6-6-6" \/><\/svg>$/),
      map: null,
    });
  });

  it('are all of the make that is read', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.svelte'));
    expect(files.length).toBeGreaterThan(1000);
    for (const file of files) expect(drawn(file), file).not.toBeNull();
  });
});
