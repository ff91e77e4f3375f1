/** What stands in the way of one person's answers, by field: asked of the same rules that the whole form is saved by. */
import { findResident } from '$lib/domain/door-like';
import type { FieldApp } from './field-app.svelte';
import { problemWords } from './problem-words';
import { checkVerification } from './save-verification.svelte';
import type { Person, Verification } from './verification.svelte';
import * as m from '$lib/paraglide/messages';

/** Field name → words; `''` holds what is about the person as a whole. Empty when nothing is wrong. */
export function personProblems(app: FieldApp, verification: Verification, person: Person): Record<string, string> {
  const { entry } = person;
  const found: Record<string, string> = {};
  if (!entry) return found;
  const { body, problems } = checkVerification(app, verification);
  const path = pathOf(body, person.id);
  for (const problem of problems) {
    if (!path || !path.every((part, index) => problem.path[index] === part)) continue;
    const field = String(problem.path[path.length] ?? '');
    found[field] ??= problemWords(problem);
  }
  if (entry.change === 'corrected') {
    for (const field of ['name', 'phone', 'idNumber', 'birthDate'] as const)
      if (entry[field] === '' && !entry.missing?.[field]) found[field] ??= m.field_opened_empty();
  }
  const isMoved = findResident(verification.door, person.id)?.household.id !== person.householdId;
  if (entry.change === 'corrected' && Object.keys(found).length === 0 && !isMoved && !hasCorrection(entry))
    found[''] = m.field_nothing_corrected();
  return found;
}

function hasCorrection(entry: NonNullable<Person['entry']>): boolean {
  return Object.entries(entry).some(
    ([name, value]) => !['id', 'change'].includes(name) && value !== undefined && value !== null,
  );
}

function pathOf(body: Record<string, unknown>, residentId: string): (string | number)[] | null {
  const households = Array.isArray(body['households']) ? body['households'] : [];
  for (const [index, household] of households.entries()) {
    const residents = isGroup(household) && Array.isArray(household['residents']) ? household['residents'] : [];
    const at = residents.findIndex((entry: unknown) => isGroup(entry) && entry['id'] === residentId);
    if (at !== -1) return ['households', index, 'residents', at];
  }
  return null;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
