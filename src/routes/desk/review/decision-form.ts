/** What the coordinator's form says, read with or without scripts: comments on answers, corrected values, choices, the words for all of it. */
import { asRecord } from '$lib/domain/json';
import { isRetiring } from '$lib/domain/outcomes';
import type { Field, FormDefinition } from '$lib/forms/definition';
import type { ChoiceSaid } from '$lib/server/review/weigh';
import type { Correction } from '$lib/sync/items';
import { fieldAt } from '$lib/forms/paths';
import { pathOf, stepsIn } from '../answer-keys';
import { isUntouched } from '../typed';
import { valueAt, type Path } from './answers';

export type Comment = { path: Path; text: string };

/**
 * Everything that somebody wrote: `comment:<key>` beside an answer (`answer-keys.ts`), `words` for the whole (path empty). A comment
 * on what is not in this body is one on the whole.
 */
export function commentsIn(form: FormData, body: unknown): Comment[] {
  const comments: Comment[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value !== 'string' || !value.trim()) continue;
    const key = /^comment:(.*)$/s.exec(name)?.[1];
    if (name !== 'words' && (key === undefined || !stepsIn(key))) continue;
    comments.push({ path: (key === undefined ? null : pathOf(body, key)) ?? [], text: value.trim() });
  }
  return comments;
}

/** The values of `value:<key>` that are neither what the page gave nor what the submission says. An empty field over a masked number keeps the number. */
export function correctionsIn(form: FormData, body: unknown, definition: FormDefinition | null): Correction[] {
  const keys = [...form.keys()].flatMap((name) => /^(?:value|many):(.*)$/s.exec(name)?.[1] ?? []);
  return [...new Set(keys)].flatMap((key): Correction[] => {
    const path = pathOf(body, key);
    if (!path || isUntouched(form, `value:${key}`)) return [];
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
export function choicesIn(
  form: FormData,
  definition: FormDefinition | null,
  body: unknown,
): { all: ChoiceSaid[]; who: ChoiceSaid[] } {
  const said = [...form.entries()].flatMap(([name, value]) => {
    const named = /^choice:(.*)$/s.exec(name)?.[1];
    const key = named === undefined ? null : questionOf(body, named);
    return named !== undefined && key !== null && typeof value === 'string' ? [{ named, key, value }] : [];
  });
  const who = said.flatMap(({ key, value }): ChoiceSaid[] => {
    if (value === 'register' || value === 'proposal') return [{ key, take: value }];
    return value.startsWith('is:') ? [{ key, take: 'own', value: value.slice(3) }] : [];
  });
  const own = said.flatMap(({ named, key, value }): ChoiceSaid[] => {
    if (value !== 'own') return [];
    const typed = givenValue(form, named, fieldAt(definition, pathOfKey(key)), null, 'own');
    return typed === null || typed === '' ? [] : [{ key, take: 'own', value: typed }];
  });
  return { all: [...who, ...own], who };
}

/** What becomes of the door of a record that says that it is none (`DoorAfter.svelte`). */
export function keepsDoor(form: FormData): boolean {
  return form.get('door') === 'keep';
}

/** Corrected, the record takes its door out of the register, and the page had no word of that yet. */
export function retiresUnseen(form: FormData, body: unknown, corrections: readonly Correction[]): boolean {
  const outcome = corrections.find(({ path }) => path.length === 1 && path[0] === 'outcome')?.value;
  return isRetiring(outcome) && !isRetiring(asRecord(body)?.['outcome']) && !form.has('door');
}

/** The office's key of a question, from its name in the form: one about a person of the register keeps it, any other is a path in the body. */
function questionOf(body: unknown, named: string): string | null {
  if (!named.startsWith('[')) return named;
  const path = pathOf(body, named);
  return path && JSON.stringify(path);
}

/** Where the field of a question is declared: `@<id>/<field>` is about a person. */
export function pathOfKey(key: string): Path {
  const field = /^@[^/]*\/(.*)$/s.exec(key)?.[1];
  return field === undefined ? (stepsIn(key) ?? []) : ['households', 0, 'residents', 0, field];
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
