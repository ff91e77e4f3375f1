/** Is this revision valid, or what are its problems (QUA-2)? Nothing here writes, and nothing here decides. */
import type { ResidentLike } from '../../domain/door-like';
import { asRecord, isFilled, recordsOf, textOf } from '../../domain/json';
import { checkBody } from '../../forms/check';
import { unsafeTexts } from '../../forms/text-safety';
import { limits, type Problem, SubmissionKind, SubmissionRevision } from '../../sync/protocol';
import { formOf } from '../forms/known-forms';
import { cameFrom } from '../review/came-from';
import { numbersIn, officeTime, storedRevisions, withNumbers } from '../review/revision';
import type { Scope } from '../scope';
import { doorOfBasis } from './basis';
import type { Examined } from './examine';
import { withOwnProposals } from './own-proposals';
import type { GatheredReads } from './reads';
import { type MarkedPlace, targetInScope } from './target';

export type Judged = {
  problems: Problem[];
  /** Null where not even the shape holds. */
  revision: SubmissionRevision | null;
  /** Null where the target is not in scope. */
  place: MarkedPlace | null;
  /** With numbers that were sent back masked made whole again (DEV-17). */
  body: Record<string, unknown>;
  /** Of people found at other doors, by `sameAs`, what the register has. */
  brought?: ReadonlyMap<string, ResidentLike>;
};

/** When it came in (RFC 3339, UTC), and how far the device's clock was ahead then (milliseconds). */
export type CameIn = { receivedAt: string; clockOffset: number };

export async function judge(reads: GatheredReads, scope: Scope, examined: Examined, cameIn: CameIn): Promise<Judged> {
  const { raw, text } = examined;
  const body = asRecord(raw['body']) ?? {};
  const unread = (problems: Problem[]): Judged => ({ problems, revision: null, place: null, body });
  if (Buffer.byteLength(text) > limits.revisionBytes) return unread([problem('size', [])]);
  const unsafe = unsafeTexts(raw);
  if (unsafe.length > 0) return unread(unsafe.map((path) => problem('text', inBody(path))));
  const parsed = SubmissionRevision.safeParse(raw);
  if (!parsed.success) return unread(shapeProblems(parsed.error.issues, raw));

  const revision = parsed.data;
  return judgeAnswers(reads, scope, revision, await wholeBody(reads, revision, body), cameIn);
}

/** As `judge`, of a revision whose shape was read already and whose numbers stand whole in `body`. */
export async function judgeAnswers(
  reads: GatheredReads,
  scope: Scope,
  revision: SubmissionRevision,
  body: Record<string, unknown>,
  cameIn: CameIn,
): Promise<Judged> {
  const { db } = reads;
  const { kind, target } = revision;
  const unread = (problems: Problem[]): Judged => ({ problems, revision, place: null, body });
  const definition = await formOf(db, scope.communityId, revision.form);
  if (!definition || definition.kind !== kind) return unread([problem('form_unknown', ['form'])]);
  if (!definition.targets.includes(target.type)) return unread([problem('target_type', ['target', 'type'])]);

  const recordedAt = new Date(officeTime({ body: {}, recordedAt: revision.recordedAt, ...cameIn })).toISOString();
  const place = await targetInScope(reads, scope, { submissionId: revision.id, kind, target, body, recordedAt });
  // Nothing is said of a door that the account may not see: not even which of its people were left out.
  if (!place) return unread([problem('target', ['target'])]);
  const told = await doorOfBasis(reads, place, revision.basis, target.id);
  const door = told && (await withOwnProposals(db, scope, told, revision.id, body));
  const context = { recordedAt: revision.recordedAt, door, addressKnown: place.proposed };
  const problems = [
    ...checkBody(definition, body, context).problems,
    ...(kind === 'household-verification' ? await takenIds(reads, place, body) : []),
  ];
  const origins = await cameFrom(db, scope.communityId, body, place.dwellingId, null);
  const brought = new Map(origins.map(({ sameAs, resident }) => [sameAs, resident]));
  return { problems: place.mark === '' ? problems : problems.map(withoutNames), revision, place, body, brought };
}

/** Who lives at a door by now is not told to somebody who has lost it. */
function withoutNames({ params, ...told }: Problem): Problem {
  return params ? { ...told, params: { ...params, ...('name' in params && { name: '＊' }) } } : told;
}

export function problem(code: string, path: Problem['path']): Problem {
  return { path, code, message: '' };
}

/** Paths of answers begin in the body, as those of comments do. */
function inBody(path: Problem['path']): Problem['path'] {
  return path[0] === 'body' ? path.slice(1) : path;
}

function shapeProblems(issues: readonly { path: PropertyKey[] }[], raw: Readonly<Record<string, unknown>>): Problem[] {
  const kind = raw['kind'];
  const unknownKind = typeof kind === 'string' && !SubmissionKind.safeParse(kind).success;
  return issues.map(({ path }) =>
    problem(
      unknownKind && path[0] === 'kind' ? 'kind_unknown' : 'shape',
      path.map((step) => (typeof step === 'number' ? step : String(step))),
    ),
  );
}

/** `idNumberMasked` sent back unchanged means the number of the revision that this one corrects (DEV-17). */
async function wholeBody(
  { db, communityId }: GatheredReads,
  { id, revision }: SubmissionRevision,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  if (revision === 1 || !JSON.stringify(body).includes('"idNumberMasked"')) return body;
  const earlier = (await storedRevisions(db, communityId, id)).filter((stored) => stored.revision < revision);
  return withNumbers(body, new Map(earlier.flatMap((stored) => numbersIn(stored.body))));
}

/**
 * An id that is new here but belongs to a household or a person of another door: approval would take them away from there. A door that was struck off and
 * the one that was found in its place are no two (TWO-5).
 */
async function takenIds(
  reads: GatheredReads,
  { dwellingId }: MarkedPlace,
  body: Record<string, unknown>,
): Promise<Problem[]> {
  const households = recordsOf(body['households']).map(({ record, index }) => ({
    id: textOf(record['id']),
    path: ['households', index, 'id'],
    residents: recordsOf(record['residents']),
  }));
  const newcomers = households.flatMap(({ path, residents }) =>
    residents.flatMap(({ record, index }) =>
      ['moved-in', 'born'].includes(textOf(record['change'])) && !isFilled(record['sameAs'])
        ? [{ id: textOf(record['id']), path: [...path.slice(0, 2), 'residents', index, 'id'] }]
        : [],
    ),
  );
  const elsewhere = async (held: { dwellingId: string } | null): Promise<boolean> => {
    if (!held || held.dwellingId === dwellingId) return false;
    if (dwellingId === null) return true;
    const [there, here] = await Promise.all([held.dwellingId, dwellingId].map((id) => reads.alias('dwelling', id)));
    return there !== here;
  };
  const named = [
    ...households.map(({ id, path }) => ({ id, path, read: () => reads.household(id) })),
    ...newcomers.map(({ id, path }) => ({ id, path, read: () => reads.resident(id) })),
  ].filter(({ id }) => id !== '');
  const taken = await Promise.all(named.map(async ({ path, read }) => ((await elsewhere(await read())) ? [path] : [])));
  return taken.flat().map((path) => problem('id_taken', path));
}
