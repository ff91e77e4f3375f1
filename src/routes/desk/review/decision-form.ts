/** What the coordinator's form says, read with or without scripts: comments on answers, corrected values, the words for all of it. */
import type { Field, FormDefinition } from '$lib/forms/definition';
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
  const keys = [...form.keys()].flatMap((name) => /^(?:value|many):(.*)$/s.exec(name)?.[1] ?? []);
  return [...new Set(keys)].flatMap((key): Correction[] => {
    const path = pathIn(`value:${key}`, 'value:');
    if (!path) return [];
    const was = valueAt(body, path);
    const value = givenValue(form, path, fieldAt(definition, path), was);
    if (path.at(-1) === 'idNumber' && value === '') return [];
    return JSON.stringify(value) === JSON.stringify(was ?? emptyLike(value)) ? [] : [{ path, value }];
  });
}

/** What a field of the form says, in the type of its declaration or, without one, of the value that was there. */
export function givenValue(form: FormData, path: Path, field: Field | null, was: unknown): unknown {
  const key = JSON.stringify(path);
  const texts = form.getAll(`value:${key}`).filter((entry) => typeof entry === 'string');
  if (form.has(`many:${key}`)) return texts;
  const text = texts[0]?.trim() ?? '';
  if (typeof was === 'boolean' || field?.type === 'yes-no') return text === 'true';
  if (text === '') return was === null || was === undefined || field?.codeList ? null : '';
  const isNumber = typeof was === 'number' || field?.type === 'whole-number' || field?.type === 'scale';
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
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
    return Array.isArray(path) &&
      path.length <= 16 &&
      path.every((step) => typeof step === 'string' || Number.isInteger(step))
      ? path
      : null;
  } catch {
    return null;
  }
}
