/** From a filled form to a saved revision: only what changed goes in, the form's own rules decide, the phone writes. */
import { checkBody } from '$lib/forms/check';
import { withoutNewerCodes } from '$lib/forms/newer-codes';
import type { FillingBody } from '$lib/forms/verification-body';
import { bodyToSend } from '$lib/forms/verification-draft';
import type { Problem } from '$lib/sync/protocol';
import { definitionOf } from './draft-form';
import type { FieldApp } from './field-app.svelte';
import { problemWords, warningWords } from './problem-words';
import { saveProblem } from './save-problem';
import type { Verification } from './verification.svelte';

export type Check = { body: Record<string, unknown>; problems: Problem[]; warnings: Problem[] };

/** The body as it would be saved, with what the form's rules say of it. */
export function checkVerification(app: FieldApp, verification: Verification): Check {
  const body = bodyToSend(verification.door, $state.snapshot(verification.body) as FillingBody, isNew(verification));
  const definition = definitionOf(app, verification.keeper.draft);
  const { problems, warnings } = checkBody(definition, body, {
    recordedAt: app.now(),
    today: app.officeDay(),
    door: isNew(verification) ? null : verification.door,
  });
  return { body, problems: withoutNewerCodes(definition, body, problems), warnings };
}

/** What stands in the way of a save, and what is asked once before it; both empty when the record is durable on this phone. */
export type Answer = { refused: string[]; asked: string[] };

/** Saves, unless a rule stands in the way or there is something to ask that was not `acknowledged`. */
export async function saveOutcome(
  app: FieldApp,
  verification: Verification,
  acknowledged: readonly string[],
): Promise<Answer> {
  const { body, problems, warnings } = checkVerification(app, verification);
  if (problems.length > 0) return { refused: [...new Set(problems.map(problemWords))], asked: [] };
  const asked = warnings.map(warningWords);
  if (asked.some((words) => !acknowledged.includes(words))) return { refused: [], asked };
  return { refused: await saveBody(app, verification, body), asked: [] };
}

export async function saveBody(
  app: FieldApp,
  verification: Verification,
  body: Record<string, unknown>,
): Promise<string[]> {
  const { door } = verification;
  const { stay } = app; // whoever is here when it is saved
  try {
    await stay.drafts.save(verification.keeper, body);
  } catch (error) {
    return [saveProblem(error)];
  }
  stay.lastDoor.set(door.buildingId, door.id);
  app.preferences.buzz();
  return [];
}

function isNew(verification: Verification): boolean {
  return verification.keeper.draft.basis[verification.door.id] === undefined;
}
