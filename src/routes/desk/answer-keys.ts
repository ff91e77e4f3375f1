/** Names of answers in the desk's forms: by whom an answer is about, and not by the place in a list, which the next revision moves. */
import { asRecord, textOf } from '$lib/domain/json';

type Path = (string | number)[];

/** The path as JSON, with what each entry of a list is called (`namesOf`) in the place of its number. */
export function keyOf(body: unknown, path: readonly (string | number)[]): string {
  let value = body;
  const steps = path.map((step) => {
    const list = Array.isArray(value) ? value : null;
    value = list ? list[Number(step)] : asRecord(value)?.[step];
    return (list && namesOf(list)[Number(step)]) ?? step;
  });
  return JSON.stringify(steps);
}

/** Where an answer of that name stands in this body: null where what it is about is not in it, or the key is none. */
export function pathOf(body: unknown, key: string): Path | null {
  const steps = stepsIn(key);
  if (!steps) return null;
  let value = body;
  const path: Path = [];
  for (const step of steps) {
    const list = Array.isArray(value) ? value : null;
    const at = list ? placeIn(list, step) : step;
    if (at === null) return null;
    value = list ? list[Number(at)] : asRecord(value)?.[at];
    path.push(at);
  }
  return path;
}

/** The steps of a key, whatever body it is about; null where it is no key. */
export function stepsIn(key: string): Path | null {
  try {
    const steps: unknown = JSON.parse(key);
    return Array.isArray(steps) &&
      steps.length <= 16 &&
      steps.every((step) => typeof step === 'string' || Number.isInteger(step))
      ? steps
      : null;
  } catch {
    return null;
  }
}

/** A number is the place of an entry that is none yet: what one is called is no number. */
function placeIn(list: readonly unknown[], step: string | number): number | null {
  if (typeof step === 'number') return step >= list.length ? step : null;
  const at = namesOf(list).indexOf(step);
  return at === -1 ? null : at;
}

/** What tells the entries of a list apart: people and households their id, services their code, contacts and parties their name, needs their words. */
const telling = ['id', 'code', 'name', 'text'];
/** A body never changes: what is in a list is called the same as long as there is one. */
const known = new WeakMap<readonly unknown[], string[]>();

/**
 * What each entry is called, no two of a list the same: by the first of `telling` that no other entry has too; without one by all that it says,
 * so that it is the same one only while it says the same. A name of the interface carries nobody's name: those are digests.
 */
function namesOf(list: readonly unknown[]): string[] {
  const before = known.get(list);
  if (before) return before;
  const byField = telling.map((field) => alone(list.map((entry) => textOf(asRecord(entry)?.[field]))));
  const seen = new Map<string, number>();
  const names = list.map((entry, at) => {
    const which = byField.findIndex((texts) => texts[at] !== '');
    const text = byField[which]?.[at] ?? '';
    if (telling[which] === 'id') return text;
    if (which !== -1) return `${telling[which]} ${telling[which] === 'code' ? text : digest(text)}`;
    const whole = digest(JSON.stringify(entry));
    const nth = (seen.get(whole) ?? 0) + 1;
    seen.set(whole, nth);
    return `${nth} ${whole}`;
  });
  known.set(list, names);
  return names;
}

/** The texts, with '' for those that stand there more than once. */
function alone(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map((text) => (counts.get(text) === 1 ? text : ''));
}

/** FNV-1a, 32 bits: short, and enough to tell the entries of a list apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
