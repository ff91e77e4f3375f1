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

/** `body`: as it was checked; the paths lead into it. What is wrong in the same way with several answers of one person is one line. */
export function problemLines(
  verification: Verification,
  body: Record<string, unknown>,
  problems: readonly Problem[],
): ProblemLine[] {
  const found = problems.map((problem) => {
    const { path, code } = problem;
    const residentId = residentAt(body, path);
    const person = residentId === null ? null : verification.person(residentId);
    const field = fieldAt(newestForm('household-verification'), path);
    return {
      key: [...path, code].join('/'),
      code,
      who: person && (verification.nameOf(person) || m.field_person_no_name()),
      answer: field && typeof path.at(-1) === 'string' ? labelWord(field) : '',
      said: problemWords(problem),
      residentId: person && residentId,
      href: hrefOf(verification, problem, person && residentId),
    };
  });
  const first = found.filter((one, at) => found.findIndex((other) => isAlike(one, other)) === at);
  return first.map((one): ProblemLine => {
    const { key, code, who, residentId, href } = one;
    const answers = found.filter((other) => isAlike(one, other)).flatMap(({ answer }) => answer || []);
    const where = [who, answers.join(m.field_name_comma())].filter(Boolean).join(' · ');
    const said = code === 'required' && answers.length > 1 ? m.field_problem_required() : one.said;
    return { key, words: where ? m.field_problem_at({ where, problem: said }) : said, residentId, href };
  });
}

type Found = { key: string; residentId: string | null; said: string };

function isAlike(one: Found, other: Found): boolean {
  if (one.residentId === null) return one.key === other.key;
  return one.residentId === other.residentId && one.said === other.said;
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
