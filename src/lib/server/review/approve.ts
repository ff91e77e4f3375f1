/** Approving a record: its form's rules hold, its maker saw what the register holds now, and a verification becomes the register's. */
import { pathsOf } from '../../domain/comparison';
import type { DoorLike } from '../../domain/door-like';
import { asRecord, recordsOf, textOf } from '../../domain/json';
import { isCode } from '../../domain/codes/codes';
import { leavesVacantLivedIn, livingAtVacant } from '../../domain/lived-in';
import { headless } from '../../domain/merged-steps';
import type { Provenance } from '../../domain/register';
import type { Compared, Path } from '../../domain/sides';
import type { SinceChange } from '../../domain/since';
import { isToldByOutsider, type RegisterStep } from '../../domain/verification';
import { checkBody } from '../../forms/check';
import type { Correction } from '../../sync/items';
import { formOf } from '../forms/known-forms';
import { applySteps } from '../register/apply';
import { RegisterRefusal, type Cause } from '../register/cause';
import { resolveAliases, wholeOf } from '../register/read';
import { faultsWithoutPerson } from '../register/faults-without-person';
import { withoutGaps } from '../register/without-person';
import { withConsent } from './consent';
import { corrected, correctedValues } from './corrections';
import { Refused, problem, type Decision } from './decision';
import type { DecisionContext, Touched } from './decide';
import { isOfAnother, namedDoor, registerVersion, reviewedDoor, standingDoor } from './door';
import { peopleOf, seenAt, storedHead, type StoredRevision } from './revision';
import { asCorrected } from './stands-for';
import { weigh, type Weighed } from './weigh';
import { WeighingReads } from './weighing-reads';

type Approved = { touched: Touched; corrections: Correction[] };

/**
 * Checks the record once more with what the coordinator changed and chose, and applies it; answers what it touched, and all that the
 * office corrected. Throws `Refused`.
 */
export async function approveRecord(context: DecisionContext): Promise<Approved> {
  const { tx, decider, decision, submission } = context;
  const revision = await storedHead(tx, decider.communityId, submission);
  if (!revision) throw new Refused({ refused: 'unknown' });
  if (revision.kind !== 'household-verification') return approveOther(context, revision);
  const dwellingId = namedDoor(revision.target, submission.dwelling_id);
  const about = { submissionId: submission.id, dwellingId, body: revision.body };
  const door = await reviewedDoor(tx, decider.communityId, about);
  const reads = new WeighingReads(tx, decider.communityId);
  const seenHere = await weigh(reads, revision, door, decision);
  if ('wrongPath' in seenHere) throw wrongPath(seenHere.wrongPath);
  seenAsItIs(decision, seenHere);
  const weighed = isOfAnother(door, seenHere.body) ? await weigh(reads, revision, null, decision) : seenHere;
  if ('wrongPath' in weighed) throw wrongPath(weighed.wrongPath);
  stillVacant(weighed);
  if (weighed.open.length > 0) throw new Refused({ refused: 'asks', keys: weighed.open });
  await check(context, revision, weighed.body, weighed.corrections.length > 0, knownTo(weighed));
  const planned = weighed.steps.filter((step) => !(decision.keepDoor && step.type === 'retire-dwelling'));
  const at = seenAt(asCorrected(revision, weighed.corrections));
  const steps = withConsent(planned, weighed.door && wholeOf(weighed.door), weighed.body, at);
  const heads = headless(weighed.sides, steps).map(({ householdId, heads }) =>
    problem(heads > 1 ? 'two_heads' : 'no_head', [...(pathsOf(weighed.body).get(householdId)?.path ?? []), 'headId']),
  );
  if (heads.length > 0) throw new Refused({ refused: 'invalid', problems: heads });
  if (leavesVacantLivedIn(weighed.sides.door, steps)) {
    throw new Refused({ refused: 'invalid', problems: [problem('use_of_lived_in', ['dwelling', 'use'])] });
  }
  const touched = weighed.door || steps.some(({ type }) => type === 'create-dwelling');
  return {
    touched: touched ? await applied(context, revision, weighed, steps) : unknownDoor(steps),
    corrections: [...revision.accepted, ...weighed.noted],
  };
}

/** *Vacant* is for a door where nobody is registered: now, not only when the worker knocked. */
function stillVacant({ sides, body }: Weighed): void {
  const count = livingAtVacant(sides.door, body);
  if (count === 0) return;
  const lived = { path: ['outcome'], code: 'vacant_lived_in', message: '', params: { count } };
  throw new Refused({ refused: 'invalid', problems: [lived] });
}

async function applied(
  context: DecisionContext,
  revision: StoredRevision,
  weighed: Weighed,
  steps: readonly RegisterStep[],
): Promise<Touched> {
  const { tx, decider, submission } = context;
  const doorId = weighed.door?.dwelling.id ?? submission.target_id;
  const cause = await causeOf(context, revision, weighed, doorId);
  try {
    return await applySteps(tx, decider.communityId, doorId, steps, cause);
  } catch (error) {
    if (error instanceof RegisterRefusal) throw new Refused({ refused: 'invalid', problems: [problem(error.code)] });
    throw error;
  }
}

/** Care visits, concerns, doors handed back: nothing of the register changes. */
async function approveOther(context: DecisionContext, revision: StoredRevision): Promise<Approved> {
  const { corrections = [] } = context.decision;
  const mended = corrected(revision.body, corrections);
  if ('wrongPath' in mended) throw wrongPath(mended.wrongPath);
  await check(context, revision, mended.body, corrections.length > 0, null);
  const residents = revision.target.type === 'resident' ? [revision.target.id] : [];
  return { touched: { doors: [], buildings: [], residents }, corrections: [...revision.accepted, ...corrections] };
}

/** An attempt at a door that nobody has approved yet changes nothing; anything else waits until the door is there. */
function unknownDoor(steps: readonly RegisterStep[]): Touched {
  if (steps.length > 0) throw new Refused({ refused: 'invalid', problems: [problem('unknown_dwelling')] });
  return { doors: [], buildings: [], residents: [] };
}

export function doorIdOf(submission: {
  dwelling_id: string | null;
  target_type: string;
  target_id: string;
}): string | null {
  return submission.dwelling_id ?? (submission.target_type === 'dwelling' ? submission.target_id : null);
}

/** `door`: the one that the worker saw, for that is what the answers are about; else the register's. */
async function check(
  { tx, decider }: DecisionContext,
  revision: StoredRevision,
  body: Record<string, unknown>,
  isCorrected: boolean,
  door: DoorLike | null,
): Promise<void> {
  const definition = await formOf(tx, decider.communityId, revision.form);
  if (!definition || definition.kind !== revision.kind) {
    throw new Refused({ refused: 'invalid', problems: [problem('form_unknown', ['form'])] });
  }
  // What came in whole under the basis it had is judged again only where the coordinator changed it.
  if (!isCorrected) return;
  const found = checkBody(definition, withoutGaps(body), { recordedAt: revision.recordedAt, door }).problems;
  const problems = revision.erasedAt === null ? found : faultsWithoutPerson(found, body);
  if (problems.length > 0) throw new Refused({ refused: 'invalid', problems });
}

/**
 * The door that a record is checked against: its basis, or the one that stands where that is not held. A household of it that was said to be one with
 * another, as at a door that was struck off and found again, goes by the other's id, as in the body.
 */
function knownTo({ basis, door, body, likenesses }: Weighed): DoorLike | null {
  const seen = basis ?? standingDoor(door);
  if (!seen) return null;
  const listed = new Map(recordsOf(body['households']).map(({ index, record }) => [index, textOf(record['id'])]));
  const saidToBe = new Map(
    likenesses.flatMap(({ entity, entityId, path: [, at] }) =>
      entity === 'household' && typeof at === 'number' ? [[entityId, listed.get(at)]] : [],
    ),
  );
  return {
    ...seen,
    households: seen.households.map((household) => ({ ...household, id: saidToBe.get(household.id) ?? household.id })),
  };
}

function wrongPath(path: Path): Refused {
  return new Refused({ refused: 'invalid', problems: [problem('path_unknown', path)] });
}

/** The coordinator saw the door as it is: nothing changed since the page was made, and an older basis was shown (TWO-1). */
function seenAsItIs({ registerVersion: seen }: Decision, { door, since }: Weighed): void {
  const now = registerVersion(door);
  if (seen ? seen !== now : since.length > 0)
    throw new Refused({ refused: 'stale-basis', registerVersion: now, since });
}

async function causeOf(
  { tx, world, decider, submission, id, at }: DecisionContext,
  revision: StoredRevision,
  { door, body, since, compared, corrections: mended }: Weighed,
  doorId: string,
): Promise<Cause> {
  const { communityId } = decider;
  const people = peopleOf(body).flatMap(({ id: person }) => (typeof person === 'string' ? [person] : []));
  const aliases = await resolveAliases(tx, communityId, 'resident', people);
  const corrections = [...revision.accepted, ...mended];
  const values = correctedValues(body, corrections, doorId, (person) => aliases.get(person) ?? person);
  const outcome = textOf(body['outcome']);
  const answered = outcome === 'verified' || outcome === 'partly-verified';
  return {
    source: 'submission',
    by: submission.account_id,
    at,
    saidAt: seenAt(asCorrected(revision, mended)),
    how: howOf(body),
    submissionId: submission.id,
    decisionId: id,
    confirms: answered && !isToldByOutsider(body),
    corrected: { by: decider.id, values },
    unseen: unseenOf(since, compared),
    ...(door?.twin && { proposedAs: submission.target_id }),
    ...(door?.former && { former: door.former.dwellings }),
    newId: () => world.uuid(),
  };
}

/** What changed since the worker saw it, but for values that the worker found just so. */
function unseenOf(since: readonly SinceChange[], compared: readonly Compared[]): Set<string> {
  const found = compared
    .filter(({ verdict }) => verdict === 'same')
    .map(({ entityId, field }) => `${entityId}/${field}`);
  const changed = since.map(({ entityId, field }) => `${entityId}/${field === 'idNumberMasked' ? 'idNumber' : field}`);
  return new Set(changed.filter((key) => !found.includes(key)));
}

function howOf(body: Record<string, unknown>): Provenance['how'] {
  const mode = textOf(body['how']) || 'in-person';
  const informant = textOf(asRecord(body['informant'])?.['kind']) || null;
  return { mode: isCode('contact-mode', mode) ? mode : 'in-person', informant };
}
