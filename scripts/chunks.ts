/**
 * Which of the pages' modules stand in one file. By itself the bundler makes a file for each set of pages that share a module; for a
 * thousand messages those are hundreds of files of a few lines, which compress badly, and each of which is one more question to the
 * service worker before the first frame. Here what every start of the app loads is one file, and so on by the list below.
 */
import type { Plugin, Rollup } from 'vite';

/** What the app's home loads: SvelteKit's own start, the layouts and error page around it, and the page. */
const START = [
  /\/generated\/client-optimized\/app\.js$/,
  /\/@sveltejs\/kit\/src\/runtime\/client\/entry\.js$/,
  /\/generated\/root\.(svelte|js)$/,
  /\/src\/routes\/\+(layout|error)\.(svelte|ts)$/,
  /\/src\/routes\/\(field\)\/\+(layout|page)\.(svelte|ts)$/,
];
/** What the home fetches when it stands. */
const LATER = [/\/src\/lib\/device\/later\.ts$/];
/** What is opened next, or first of all: a building's board, the sign-in, what a phone out of use shows. */
const BOARD = [
  /\/src\/routes\/\(field\)\/building\/\[id\]\/\+page\.svelte$/,
  /\/src\/routes\/\(field\)\/parts\/(Welcome|Stopped)\.svelte$/,
];
const FIELD = [/\/src\/routes\/\(field\)\/.*\.svelte$/];
const OFFICE = [/\/src\/routes\/(desk|sign-in)\/.*\+(layout|page)\.(svelte|ts)$/];

/** A file takes along what its modules import, so what others build upon comes first. */
const WHOLE = ['base', 'start', 'parts', 'later', 'board'];
/** Of these most functions are called before the first board stands. */
const CALLED_AT_START = new Set(['base', 'start', 'board']);
/**
 * Has Chromium compile all of a file's functions on a thread beside, instead of one after the other as they are called, in the way of the
 * first frame (https://v8.dev/blog/explicit-compile-hints). To other browsers it is a comment.
 */
const COMPILE_AHEAD = '//# allFunctionsCalledOnLoad';

type Info = (id: string) => Rollup.ModuleInfo | null;
type Places = {
  /** Files for all that they name. */
  whole: Map<string, string>;
  /** Files for what several pages of a side share; what one page alone needs stays with it. */
  shared: Map<string, string>;
};

export function chunks(): Plugin {
  let places: Places = { whole: new Map(), shared: new Map() };
  return {
    name: 'chunks',
    apply: 'build',
    configEnvironment(name) {
      if (name !== 'client') return undefined;
      const groups = [
        ...WHOLE.map((name, index) => ({
          name: (id: string) => (places.whole.get(id) === name ? name : null),
          debugName: name,
          priority: WHOLE.length - index,
        })),
        { name: (id: string) => places.shared.get(id) ?? null, debugName: 'shared', minShareCount: 2 },
      ];
      return { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } };
    },
    renderStart() {
      if (this.environment.name !== 'client') return;
      places = placeModules([...this.getModuleIds()], (id) => this.getModuleInfo(id));
    },
    /** Last of all, for the comment counts at the very top only, where Vite puts lists of its own. */
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (this.environment.name !== 'client') return;
        for (const file of Object.values(bundle))
          if (file.type === 'chunk' && CALLED_AT_START.has(file.name)) file.code = `${COMPILE_AHEAD}\n${file.code}`;
      },
    },
  };
}

function placeModules(ids: string[], info: Info): Places {
  const reachedFrom = (entries: RegExp[]) =>
    reach(
      ids.filter((id) => entries.some((entry) => entry.test(id))),
      info,
    );
  const [start, later, board, field, office] = [START, LATER, BOARD, FIELD, OFFICE].map(reachedFrom);
  const places: Places = { whole: new Map(), shared: new Map() };
  for (const id of ids) {
    const atOffice = office?.has(id);
    if (start?.has(id)) places.whole.set(id, atOffice ? 'base' : 'start');
    else if (later?.has(id)) places.whole.set(id, atOffice ? 'parts' : 'later');
    else if (board?.has(id)) places.whole.set(id, atOffice ? 'parts' : 'board');
    else if (field?.has(id)) places.shared.set(id, atOffice ? 'both' : 'field');
    else if (atOffice) places.shared.set(id, 'office');
  }
  return places;
}

/** All that some modules import, themselves included, without what they import only when it is needed. */
function reach(from: string[], info: Info): Set<string> {
  const reached = new Set<string>();
  const left = [...from];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    left.push(...(info(id)?.importedIds ?? []));
  }
  return reached;
}
