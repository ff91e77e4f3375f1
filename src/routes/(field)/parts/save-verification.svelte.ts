/** From a filled form to a saved revision: only what changed goes in, the form's own rules decide, the phone writes. */
import { checkBody } from '$lib/forms/check';
import { newestForm } from '$lib/forms/definitions';
import { changedOnly } from '$lib/forms/verification-draft';
import type { Problem } from '$lib/sync/protocol';
import type { FieldApp } from './field-app.svelte';
import { problemWords } from './problem-words';
import { saveProblem } from './save-problem';
import type { Verification } from './verification.svelte';
import type { HouseholdEntry, VerificationBody } from './verification-body';

export type Check = { body: Record<string, unknown>; problems: Problem[]; warnings: Problem[] };

/** The body as it would be saved, with what the form's rules say of it. */
export function checkVerification(app: FieldApp, verification: Verification): Check {
  const body = wholeBody(verification);
  const { problems, warnings } = checkBody(newestForm('household-verification'), body, {
    recordedAt: app.now(),
    door: isNew(verification) ? null : verification.door,
  });
  return { body, problems, warnings };
}

/** Saves; answers the words of what stands in the way, none when it is durable on this phone. */
export async function saveOutcome(app: FieldApp, verification: Verification): Promise<string[]> {
  const { body, problems } = checkVerification(app, verification);
  if (problems.length > 0) return [...new Set(problems.map(problemWords))];
  return saveBody(app, verification, body);
}

export async function saveBody(
  app: FieldApp,
  verification: Verification,
  body: Record<string, unknown>,
): Promise<string[]> {
  const { door } = verification;
  try {
    await app.drafts.save(verification.keeper, body);
  } catch (error) {
    return [saveProblem(error)];
  }
  app.lastDoor.set(door.buildingId, door.id);
  app.preferences.buzz();
  return [];
}

function isNew(verification: Verification): boolean {
  return verification.keeper.draft.basis[verification.door.id] === undefined;
}

/** The draft's body with what belongs to its outcome alone; answers of other outcomes stay behind in the draft. */
function wholeBody(verification: Verification): Record<string, unknown> {
  const edited = $state.snapshot(verification.body) as VerificationBody;
  const answered = edited.outcome === 'verified' || edited.outcome === 'partly-verified';
  const kept: VerificationBody = answered
    ? edited
    : { ...edited, households: [], informant: null, how: undefined, visitedAt: edited.visitedAt };
  if (edited.outcome === 'verified' && verification.waiting.length > 0) kept.outcome = 'partly-verified';
  if (edited.outcome === 'partly-verified' && verification.waiting.length === 0) kept.outcome = 'verified';
  if (kept.outcome === 'verified') kept.nextVisit = null;
  const whole = withRelations(changedOnly(verification.door, kept), kept);
  // The register lacks this door: its whole address goes along.
  return isNew(verification) ? { ...whole, dwelling: kept.dwelling } : whole;
}

/** Where the head changed, each relation was asked again: the answer is told even where it is the same word as before. */
function withRelations(body: Record<string, unknown>, edited: VerificationBody): Record<string, unknown> {
  const asked = edited.households.filter((household) => household.headId !== undefined);
  if (asked.length === 0 || !Array.isArray(body['households'])) return body;
  const households = body['households'].map((household: HouseholdEntry) => {
    const told = asked.find(({ id }) => id === household.id);
    if (!told) return household;
    const residents = household.residents.map((entry) => {
      const relation = told.residents.find(({ id }) => id === entry.id)?.relation;
      if (!relation || !['unchanged', 'corrected'].includes(entry.change)) return entry;
      return { ...entry, change: 'corrected', relation };
    });
    return { ...household, residents };
  });
  return { ...body, households };
}
