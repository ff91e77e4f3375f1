/** Care groups stand in the register by consent alone: with them who gave it and on which day, and the day on which it was withdrawn. */
import { dayOf } from '../../domain/calendar';
import { findResident } from '../../domain/door-like';
import { asRecord, recordsOf, textOf } from '../../domain/json';
import type { Consent, WholeDwelling } from '../../domain/register';
import type { RegisterStep } from '../../domain/verification';

/** The steps of a verification, where they speak of care groups with the consent that was asked for at the door. `seenAt`: RFC 3339. */
export function withConsent(
  steps: readonly RegisterStep[],
  door: WholeDwelling | null,
  body: Record<string, unknown>,
  seenAt: string,
): RegisterStep[] {
  const given: Consent = { by: informantIn(door, body), on: dayOf(Date.parse(seenAt)) };
  return steps.map((step) => {
    if (step.type !== 'set-resident' && step.type !== 'create-resident' && step.type !== 'join-resident') return step;
    const { careGroups } = step.fields;
    if (careGroups === undefined) return step;
    const held = residentOf(door, step.type === 'join-resident' ? step.sameAs : step.id)?.consent;
    const consent = careGroups.length > 0 ? given : held && { ...held, withdrawnOn: given.on };
    return consent ? { ...step, fields: { ...step.fields, consent } } : step;
  });
}

/** The informant's name: as it was given, else as the register or this record has it. */
function informantIn(door: WholeDwelling | null, body: Record<string, unknown>): string {
  const informant = asRecord(body['informant']);
  const id = textOf(informant?.['residentId']);
  const told = recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .find(({ record }) => id !== '' && textOf(record['id']) === id);
  return (
    textOf(informant?.['name']) || textOf(told?.record['name']) || (door && findResident(door, id)?.resident.name) || ''
  );
}

function residentOf(door: WholeDwelling | null, id: string) {
  return door?.households.flatMap(({ residents }) => residents).find((resident) => resident.id === id);
}
