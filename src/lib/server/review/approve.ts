/** Approving a record: its form's rules hold, its maker saw what the register holds now, and a verification becomes the register's. */
import { planVerification, isToldByOutsider, type RegisterStep } from '../../domain/verification';
import { asRecord, textOf } from '../../domain/json';
import { isCode } from '../../domain/codes/codes';
import type { Correction } from '../../sync/items';
import type { Provenance } from '../../domain/register';
import { checkBody } from '../../forms/check';
import { formOf } from '../forms/known-forms';
import { applySteps } from '../register/apply';
import { RegisterRefusal, type Cause } from '../register/cause';
import { resolveAliases, wholeOf, type DoorRecords } from '../register/read';
import { doorOf, registerVersion, standingOf } from './basis';
import { corrected, correctedValues } from './corrections';
import { Refused, problem } from './decision';
import type { DecisionContext, Touched } from './decide';
import { peopleOf, storedHead, visitedAt, type StoredRevision } from './revision';

type Approved = { touched: Touched; corrections: Correction[] };

/** Checks the record once more with the coordinator's corrections and applies it; answers what it touched, and all that the office corrected. Throws `Refused`. */
export async function approveRecord(context: DecisionContext): Promise<Approved> {
  const { tx, decider, decision, submission } = context;
  const revision = await storedHead(tx, decider.communityId, submission);
  if (!revision) throw new Refused({ refused: 'unknown' });
  const touched = await applyRecord(context, revision);
  return { touched, corrections: [...revision.accepted, ...(decision.corrections ?? [])] };
}

async function applyRecord(context: DecisionContext, revision: StoredRevision): Promise<Touched> {
  const { tx, decider, decision, submission } = context;
  const door = await doorOf(tx, decider.communityId, doorIdOf(submission));
  const body = await checkedBody(context, revision, door);
  if (revision.kind !== 'household-verification') {
    return { doors: [], buildings: [], residents: revision.target.type === 'resident' ? [revision.target.id] : [] };
  }
  await seenAsItIs(context, revision, door);
  const steps = planVerification(door && wholeOf(door), body, submission.target_id).filter(
    (step) => !(decision.keepDoor && step.type === 'retire-dwelling'),
  );
  if (!door && !steps.some(({ type }) => type === 'create-dwelling')) return unknownDoor(steps);
  const cause = await causeOf(context, revision, body, door);
  try {
    return await applySteps(tx, decider.communityId, door?.dwelling.id ?? submission.target_id, steps, cause);
  } catch (error) {
    if (error instanceof RegisterRefusal) throw new Refused({ refused: 'invalid', problems: [problem(error.code)] });
    throw error;
  }
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

async function checkedBody(
  { tx, decider, decision: { corrections = [] } }: DecisionContext,
  revision: StoredRevision,
  door: DoorRecords | null,
): Promise<Record<string, unknown>> {
  const definition = await formOf(tx, decider.communityId, revision.form);
  if (!definition || definition.kind !== revision.kind) {
    throw new Refused({ refused: 'invalid', problems: [problem('form_unknown', ['form'])] });
  }
  const mended = corrected(revision.body, corrections);
  if ('wrongPath' in mended)
    throw new Refused({ refused: 'invalid', problems: [problem('path_unknown', mended.wrongPath)] });
  const { problems } = checkBody(definition, mended.body, {
    recordedAt: revision.recordedAt,
    door: door && wholeOf(door),
  });
  // What came in whole under the basis it had is judged again only where the coordinator changed it.
  if (corrections.length > 0 && problems.length > 0) throw new Refused({ refused: 'invalid', problems });
  return mended.body;
}

/** The coordinator saw the door as it is: nothing changed since the page was made, and an older basis was shown (TWO-1). */
async function seenAsItIs(
  { tx, decider, decision }: DecisionContext,
  revision: StoredRevision,
  door: DoorRecords | null,
): Promise<void> {
  const now = registerVersion(door);
  const { stale, since } = await standingOf(tx, decider.communityId, revision, door);
  const seen = decision.registerVersion || null;
  if (seen === null ? stale : seen !== now) {
    throw new Refused({ refused: 'stale-basis', registerVersion: now, since });
  }
}

async function causeOf(
  { tx, world, decider, decision, submission, id, at }: DecisionContext,
  revision: StoredRevision,
  body: Record<string, unknown>,
  door: DoorRecords | null,
): Promise<Cause> {
  const { communityId } = decider;
  const people = peopleOf(body).flatMap(({ id: person }) => (typeof person === 'string' ? [person] : []));
  const aliases = await resolveAliases(tx, communityId, 'resident', people);
  const corrections = [...revision.accepted, ...(decision.corrections ?? [])];
  const doorId = door?.dwelling.id ?? submission.target_id;
  const values = correctedValues(body, corrections, doorId, (person) => aliases.get(person) ?? person);
  const outcome = textOf(body['outcome']);
  const answered = outcome === 'verified' || outcome === 'partly-verified';
  return {
    source: 'submission',
    by: submission.account_id,
    at,
    saidAt: visitedAt({ body, recordedAt: revision.recordedAt }),
    how: howOf(body),
    submissionId: submission.id,
    decisionId: id,
    confirms: answered && !isToldByOutsider(body),
    corrected: { by: decider.id, values },
    newId: () => world.uuid(),
  };
}

function howOf(body: Record<string, unknown>): Provenance['how'] {
  const mode = textOf(body['how']) || 'in-person';
  const informant = textOf(asRecord(body['informant'])?.['kind']) || null;
  return { mode: isCode('contact-mode', mode) ? mode : 'in-person', informant };
}
