/** What stands in the way of a whole verification, each with whom and which answer it is about and where it is mended. */
import { asRecord, recordsOf, textOf } from '$lib/domain/json';
import { newestForm } from '$lib/forms/definitions';
import { fieldAt } from '$lib/forms/paths';
import * as m from '$lib/paraglide/messages';
import type { Problem } from '$lib/sync/protocol';
import { labelWord } from './field-words';
import { places } from './places';
import { problemWords } from './problem-words';
import type { Verification } from './verification.svelte';

/** `residentId`: whose answer it is; null for what is about a household, the door or the form. */
export type ProblemLine = { key: string; words: string; residentId: string | null; href: string | null };

/** `body`: as it was checked; the paths lead into it. */
export function problemLines(
  verification: Verification,
  body: Record<string, unknown>,
  problems: readonly Problem[],
): ProblemLine[] {
  return problems.map((problem) => {
    const { path } = problem;
    const residentId = residentAt(body, path);
    const person = residentId === null ? null : verification.person(residentId);
    const who = person && (verification.nameOf(person) || m.field_person_no_name());
    const field = fieldAt(newestForm('household-verification'), path);
    const answer = field && typeof path.at(-1) === 'string' ? labelWord(field) : '';
    const where = [who, answer].filter(Boolean).join(' · ');
    return {
      key: [...path, problem.code].join('/'),
      words: where ? m.field_problem_at({ where, problem: problemWords(problem) }) : problemWords(problem),
      residentId: person && residentId,
      href: hrefOf(verification, problem, person && residentId),
    };
  });
}

const ofHeads: readonly string[] = ['no_head', 'two_heads', 'head_mismatch', 'relation_asked_again'];

function hrefOf(verification: Verification, { path, code }: Problem, residentId: string | null): string | null {
  const door = verification.door.id;
  if (ofHeads.includes(code) && verification.openRelations.length > 0) return places.relations(door);
  if (residentId !== null) return places.mendPerson(door, residentId);
  if (path[0] === 'dwelling') return places.dwelling(door);
  return path[0] === 'households' ? places.people(door) : null;
}

function residentAt(body: Record<string, unknown>, path: readonly (string | number)[]): string | null {
  if (path[0] !== 'households' || path[2] !== 'residents') return null;
  const household = recordsOf(body['households']).find(({ index }) => index === path[1])?.record;
  const entry = recordsOf(asRecord(household)?.['residents']).find(({ index }) => index === path[3])?.record;
  return textOf(entry?.['id']) || null;
}
