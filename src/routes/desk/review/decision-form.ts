/** What the coordinator's form says, read with or without scripts: comments on answers, corrected values, the words for all of it. */
import type { FormDefinition } from '$lib/forms/definition';
import type { Correction } from '$lib/sync/items';
import { fieldAt, valueAt, type Path } from './answers';

export type Comment = { path: Path; text: string };

/** Everything that somebody wrote: `comment:<path as JSON>` beside an answer, `words` for the whole (path empty). */
export function commentsIn(form: FormData): Comment[] {
  const comments: Comment[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value !== 'string' || !value.trim()) continue;
    const path = name === 'words' ? [] : pathIn(name, 'comment:');
    if (path) comments.push({ path, text: value.trim() });
  }
  return comments;
}

/** The values of `value:<path>` that are not what the submission says. An empty field over a masked number keeps the number. */
export function correctionsIn(form: FormData, body: unknown, definition: FormDefinition | null): Correction[] {
  const corrections: Correction[] = [];
  const many = new Set([...form.keys()].map((name) => JSON.stringify(pathIn(name, 'many:'))));
  const names = new Set([...form.keys()].filter((name) => name.startsWith('value:')));
  for (const list of many) if (list !== 'null') names.add(`value:${list}`);
  for (const name of names) {
    const path = pathIn(name, 'value:');
    if (!path) continue;
    const was = valueAt(body, path);
    const texts = form.getAll(name).filter((entry) => typeof entry === 'string');
    const value = many.has(JSON.stringify(path)) ? texts : parsed(texts[0] ?? '', was, path, definition);
    if (path.at(-1) === 'idNumber' && value === '') continue;
    if (JSON.stringify(value) !== JSON.stringify(was ?? emptyLike(value))) corrections.push({ path, value });
  }
  return corrections;
}

function parsed(text: string, was: unknown, path: Path, definition: FormDefinition | null): unknown {
  const field = fieldAt(definition, path);
  const trimmed = text.trim();
  if (typeof was === 'boolean' || field?.type === 'yes-no') return trimmed === 'true';
  if (trimmed === '') return was === null || was === undefined || field?.codeList ? null : '';
  const isNumber = typeof was === 'number' || field?.type === 'whole-number' || field?.type === 'scale';
  return isNumber && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** Nothing said is the same as an answer left out. */
function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === 'boolean' ? false : null;
}

function pathIn(name: string, prefix: string): Path | null {
  if (!name.startsWith(prefix)) return null;
  try {
    const path: unknown = JSON.parse(name.slice(prefix.length));
    return Array.isArray(path) && path.length <= 16 && path.every((step) => typeof step === 'string' || Number.isInteger(step))
      ? path
      : null;
  } catch {
    return null;
  }
}
