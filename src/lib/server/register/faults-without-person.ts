/** What a check finds in a body that somebody was erased from (REC-11). */
import { asRecord } from '../../domain/json';
import type { Problem } from '../../sync/protocol';

/** `found`: in the body as `withoutGaps` closes it. That the erased one told it is no fault, and paths are those of the body with its gaps. */
export function faultsWithoutPerson(found: readonly Problem[], body: Readonly<Record<string, unknown>>): Problem[] {
  const informant = asRecord(body['informant']);
  const isErased = informant?.['residentId'] === null && informant['name'] === '';
  return found
    .filter(({ path, code }) => !(isErased && code === 'required' && path.join('.') === 'informant.name'))
    .map((problem) => ({ ...problem, path: pathWithGaps(problem.path, body) }));
}

function pathWithGaps(path: Problem['path'], body: Readonly<Record<string, unknown>>): Problem['path'] {
  const [list, at, people, place, ...rest] = path;
  if (list !== 'households' || people !== 'residents' || typeof at !== 'number' || typeof place !== 'number')
    return path;
  const households: unknown = body[list];
  const entries: unknown = Array.isArray(households) ? asRecord(households[at])?.[people] : null;
  if (!Array.isArray(entries)) return path;
  const there = [...entries.keys()].filter((index) => entries[index] !== null);
  return [list, at, people, there[place] ?? place, ...rest];
}
