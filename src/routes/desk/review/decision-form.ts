/** What the coordinator's form says, read with or without scripts: comments on answers, corrected values, choices, the words for all of it. */
import type { Field, FormDefinition } from '$lib/forms/definition';
import type { ChoiceSaid } from '$lib/server/review/weigh';
import type { Correction } from '$lib/sync/items';
import { fieldAt } from '$lib/forms/paths';
import { valueAt, type Path } from './answers';

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
    const value = givenValue(form, key, fieldAt(definition, path), was);
    if (path.at(-1) === 'idNumber' && value === '') return [];
    return JSON.stringify(value) === JSON.stringify(was ?? emptyLike(value)) ? [] : [{ path, value }];
  });
}

/**
 * Which side counts where two differ: `choice:<key>` says `register`, `proposal`, `is:<id>` of one who is the same, or `own` with the value
 * of `own:<key>`. Nothing written there is no choice. `who`: only the answers that say which side or who is who, without typed values.
 */
export function choicesIn(form: FormData, definition: FormDefinition | null): { all: ChoiceSaid[]; who: ChoiceSaid[] } {
  const said = [...form.entries()].flatMap(([name, value]) => {
    const key = /^choice:(.*)$/s.exec(name)?.[1];
    return key !== undefined && typeof value === 'string' ? [{ key, value }] : [];
  });
  const who = said.flatMap(({ key, value }): ChoiceSaid[] => {
    if (value === 'register' || value === 'proposal') return [{ key, take: value }];
    return value.startsWith('is:') ? [{ key, take: 'own', value: value.slice(3) }] : [];
  });
  const own = said.flatMap(({ key, value }): ChoiceSaid[] => {
    if (value !== 'own') return [];
    const typed = givenValue(form, key, fieldAt(definition, pathOfKey(key)), null, 'own');
    return typed === null || typed === '' ? [] : [{ key, take: 'own', value: typed }];
  });
  return { all: [...who, ...own], who };
}

/** Where the field of a question is declared: `@<id>/<field>` is about a person. */
export function pathOfKey(key: string): Path {
  const field = /^@[^/]*\/(.*)$/s.exec(key)?.[1];
  return field === undefined ? (pathIn(key, '') ?? []) : ['households', 0, 'residents', 0, field];
}

/** What a field of the form says, in the type of its declaration or, without one, of the value that was there. */
export function givenValue(form: FormData, key: string, field: Field | null, was: unknown, name = 'value'): unknown {
  const texts = form.getAll(`${name}:${key}`).filter((entry) => typeof entry === 'string');
  if (form.has(`${name === 'value' ? '' : `${name}-`}many:${key}`)) return texts;
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
