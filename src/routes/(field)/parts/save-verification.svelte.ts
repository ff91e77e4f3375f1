/** From a filled form to a saved revision: only what changed goes in, the form's own rules decide, the phone writes. */
import { checkBody } from '$lib/forms/check';
import type { FillingBody } from '$lib/forms/verification-body';
import { bodyToSend } from '$lib/forms/verification-draft';
import type { Problem } from '$lib/sync/protocol';
import { definitionOf } from './draft-form';
import type { FieldApp } from './field-app.svelte';
import { problemWords } from './problem-words';
import { saveProblem } from './save-problem';
import type { Verification } from './verification.svelte';

export type Check = { body: Record<string, unknown>; problems: Problem[]; warnings: Problem[] };

/** The body as it would be saved, with what the form's rules say of it. */
export function checkVerification(app: FieldApp, verification: Verification): Check {
  const body = bodyToSend(verification.door, $state.snapshot(verification.body) as FillingBody, isNew(verification));
  const { problems, warnings } = checkBody(definitionOf(app, verification.keeper.draft), body, {
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
