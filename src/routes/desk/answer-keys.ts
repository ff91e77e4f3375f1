/** Names of answers in the desk's forms: by whom an answer is about, and not by the place in a list, which the next revision moves. */
import { asRecord } from '$lib/domain/json';

type Path = (string | number)[];

/** The path as JSON, with the id of each entry of a list in the place of its number where the entry has one of its own. */
export function keyOf(body: unknown, path: readonly (string | number)[]): string {
  let value = body;
  const steps = path.map((step) => {
    const list = Array.isArray(value) ? value : null;
    value = list ? list[Number(step)] : asRecord(value)?.[step];
    return list ? (idAlone(list, value) ?? step) : step;
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
    const at = list && typeof step === 'string' ? list.findIndex((entry) => idAlone(list, entry) === step) : step;
    if (at === -1) return null;
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

/** The entry's id, where no other entry of the list has it too. */
function idAlone(list: readonly unknown[], entry: unknown): string | null {
  const id = asRecord(entry)?.['id'];
  if (typeof id !== 'string' || id === '') return null;
  return list.filter((other) => asRecord(other)?.['id'] === id).length === 1 ? id : null;
}
