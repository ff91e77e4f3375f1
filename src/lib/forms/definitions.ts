/** The forms that this version knows. A form of another version may come through the community feed and is kept, not shown. */
import type { FormDefinition } from './definition';
import { careVisit } from './definitions/care-visit';
import { concern } from './definitions/concern';
import { handBack } from './definitions/hand-back';
import { householdVerification } from './definitions/household-verification';

export const definitions: readonly FormDefinition[] = [householdVerification, careVisit, concern, handBack];

/** The definition of a form id and version, or null where this version does not know it (QUA-5). */
export function findForm(id: string, version: number): FormDefinition | null {
  return definitions.find((form) => form.id === id && form.version === version) ?? null;
}

/** The newest definition of a form id. Throws a RangeError for an id that no form has. */
export function newestForm(id: string): FormDefinition {
  const newest = definitions.filter((form) => form.id === id).sort((a, b) => b.version - a.version)[0];
  if (!newest) throw new RangeError(`no form ${id}`);
  return newest;
}
