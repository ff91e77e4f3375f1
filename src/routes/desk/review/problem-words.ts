/** Problems and warnings in words: by code from the catalogue, with the place in the form they are about. */
import type { FormDefinition } from '$lib/forms/definition';
import { fieldAt } from '$lib/forms/paths';
import type { Problem } from '$lib/sync/protocol';
import * as m from '$lib/paraglide/messages';
import { labelWord, wordOf } from '../words';
import type { Path } from './answers';

export function problemWord(problem: Problem, what: 'problem' | 'warning' = 'problem'): string {
  const said = wordOf(`${what}_${problem.code.replaceAll('-', '_')}`, problem.params);
  return said ?? (problem.message || m.desk_problem_unknown({ code: problem.code }));
}

/** The fields of a path as people call them, by the names that the form gives them: 户 1 · 居民 2 · 联系电话. */
export function problemWhere(path: Path, definition: FormDefinition | null = null): string {
  const parts: string[] = [];
  for (const [at, step] of path.entries()) {
    if (typeof step === 'number') parts[parts.length - 1] = `${parts.at(-1) ?? ''} ${step + 1}`;
    else parts.push(labelWord(fieldAt(definition, path.slice(0, at + 1)), step));
  }
  return parts.join(' · ');
}
