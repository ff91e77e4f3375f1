/** Correct-and-approve: the coordinator's values in the place of the worker's, and which values of the register they become. */
import * as z from 'zod';
import type { Correction } from '../../sync/items';
import type { Path } from './decision';

const Container = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** A body with each path's value replaced, `body` itself left as it is; a value of null or undefined takes the answer out. */
export function corrected(
  body: Record<string, unknown>,
  corrections: readonly Correction[],
): { body: Record<string, unknown> } | { wrongPath: Path } {
  if (corrections.length === 0) return { body };
  let whole: unknown = body;
  for (const { path, value } of corrections) {
    const next = replaced(whole, path, value);
    if (next === undefined) return { wrongPath: path };
    whole = next;
  }
  return { body: z.record(z.string(), z.unknown()).parse(whole) };
}

/** Whether they say when it was (`visitedAt`), which the office says by its own clock; null where they say nothing of it. */
export function isTimed(corrections: readonly Correction[]): boolean | null {
  const when = corrections.findLast(({ path }) => path.length === 1 && path[0] === 'visitedAt');
  return when ? when.value !== null && when.value !== undefined : null;
}

function replaced(held: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (step === '__proto__') return undefined;
  const container = Container.safeParse(held);
  if (!container.success) return undefined;
  if (Array.isArray(container.data)) {
    const index = Number(step);
    if (!Number.isInteger(index) || index < 0 || index > container.data.length) return undefined;
    const items = [...container.data];
    if (rest.length === 0) {
      if (value === null || value === undefined) items.splice(index, 1);
      else items[index] = value;
      return items;
    }
    const next = replaced(items[index], rest, value);
    if (next === undefined) return undefined;
    items[index] = next;
    return items;
  }
  const { [step]: inner, ...others } = container.data;
  if (rest.length === 0) return value === null || value === undefined ? others : { ...container.data, [step]: value };
  const next = replaced(inner ?? {}, rest, value);
  return next === undefined ? undefined : { ...container.data, [step]: next };
}

/** Which values of the register the corrections touch, as `<entity id>/<field>`; `dwellingId` is the door they are about. */
export function correctedValues(
  body: Record<string, unknown>,
  corrections: readonly Correction[],
  dwellingId: string,
  idOf: (id: string) => string,
): Set<string> {
  const values = new Set<string>();
  for (const { path } of corrections) {
    if (path[0] === 'dwelling') values.add(`${dwellingId}/${String(path[1] ?? '*')}`);
    if (path[0] !== 'households') continue;
    const resident = path[2] === 'residents' && path.length > 4 ? idAt(body, path.slice(0, 4)) : null;
    const household = path.length > 2 && path[2] !== 'residents' ? idAt(body, path.slice(0, 2)) : null;
    const field = String(path[resident ? 4 : 2]);
    const id = resident ?? household;
    if (!id) continue;
    // How a person's coming and going is recorded shows in the register as where they are.
    for (const name of field === 'change' ? ['presence'] : [field]) {
      values.add(`${id}/${name}`);
      values.add(`${idOf(id)}/${name}`);
    }
  }
  return values;
}

function idAt(body: unknown, path: readonly (string | number)[]): string | null {
  let held = body;
  for (const step of path) {
    const container = Container.safeParse(held);
    if (!container.success) return null;
    held = Array.isArray(container.data) ? container.data[Number(step)] : container.data[String(step)];
  }
  const found = z.object({ id: z.string() }).safeParse(held);
  return found.success ? found.data.id : null;
}
