/** Codes in a body that no screen of this version offers: they came with the register or a returned record, from a newer office (FEED-7). */
import { isCode } from '../domain/codes/codes';
import { asRecord } from '../domain/json';
import type { Problem } from '../sync/protocol';
import type { FormDefinition } from './definition';
import { fieldAt, type Path } from './paths';

/** By these the form itself goes another way: what is not known here cannot be saved here. */
const steering: readonly unknown[] = ['outcome', 'change', 'how', 'informant'];

/**
 * The problems of a body without those that say only that an answer about the register holds a code that this version lacks: it goes back
 * as it came, and the office, which wrote it, judges it. Pure.
 */
export function withoutNewerCodes(
  definition: FormDefinition,
  body: Record<string, unknown>,
  problems: readonly Problem[],
): Problem[] {
  return problems.filter(({ code, path }) => code !== 'code' || !isNewer(definition, body, path));
}

function isNewer(definition: FormDefinition, body: Record<string, unknown>, path: Path): boolean {
  if (path.some((step) => steering.includes(step))) return false;
  const field = fieldAt(definition, path);
  if (!field) return false;
  const list = field.type === 'missing' ? 'missing-reason' : field.codeList;
  if (!list) return false;
  const stands = (code: string) => !isCode(list, code) || (field.codes ?? [code]).includes(code);
  return codesIn(valueAt(body, path)).every((code) => typeof code === 'string' && stands(code));
}

function codesIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : Object.values(asRecord(value) ?? { value });
}

function valueAt(body: Record<string, unknown>, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    body,
  );
}
