/** Conditions of a definition, evaluated against a body that is being filled: data in, yes or no out. */
import { asRecord, isFilled } from '../domain/json';
import type { Condition } from './definition';

/** The groups from the body down to the one that the condition stands in. */
export type Scope = readonly unknown[];

export function holds(condition: Condition, scope: Scope): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, scope));
  if ('any' in condition) return condition.any.some((part) => holds(part, scope));
  if ('not' in condition) return !holds(condition.not, scope);
  const value = lookUp(condition.field, scope);
  if ('filled' in condition) return isFilled(value) === condition.filled;
  return condition.in.some((wanted) => wanted === (value ?? null));
}

function lookUp(path: string, scope: Scope): unknown {
  const climbed = /^\^*/.exec(path)?.[0].length ?? 0;
  const start = scope[scope.length - 1 - climbed];
  return path
    .slice(climbed)
    .split('.')
    .reduce<unknown>((value, name) => {
      const record = asRecord(value);
      return record && Object.prototype.hasOwnProperty.call(record, name) ? record[name] : undefined;
    }, start);
}
