/** Conditions of a definition, evaluated against a body that is being filled: data in, yes or no out. */
import { asRecord, isFilled } from '../domain/json';
import { ageOn, isPartDate } from '../domain/part-date';
import type { Condition } from './definition';

/** The groups from the body down to the one that the condition stands in. */
export type Scope = readonly unknown[];

/** `today`: `YYYY-MM-DD` at the community, for conditions about an age; without it every age is unknown. */
export function holds(condition: Condition, scope: Scope, today = ''): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, scope, today));
  if ('any' in condition) return condition.any.some((part) => holds(part, scope, today));
  if ('not' in condition) return !holds(condition.not, scope, today);
  const value = lookUp(condition.field, scope);
  if ('filled' in condition) return isFilled(value) === condition.filled;
  if ('ageFrom' in condition) return (ageAt(value, today) ?? condition.ageFrom) >= condition.ageFrom;
  return condition.in.some((wanted) => wanted === (value ?? null));
}

function ageAt(birthDate: unknown, today: string): number | null {
  return typeof birthDate === 'string' && today !== '' && isPartDate(birthDate) ? ageOn(birthDate, today) : null;
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
