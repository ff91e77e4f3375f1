/** Relations are told to a head: when two records name different heads, no relation of either stands by itself. */
import { isRegistered } from './door-like';
import type { Compared, Sides } from './sides';
import type { RegisterStep } from './verification';

type PersonStep = Extract<RegisterStep, { type: 'set-resident' | 'create-resident' | 'join-resident' }>;

/** The comparison with the questions that a change of head makes, on either side; pure. */
export function relationQuestions(
  sides: Sides,
  steps: readonly RegisterStep[],
  compared: readonly Compared[],
): Compared[] {
  const { door, since } = sides;
  if (!door || !since) return [...compared];
  let asked = [...compared];
  for (const household of door.households) {
    const head = headProposed(steps, household.id);
    const moved = since.some(({ entityId, field }) => entityId === household.id && field === 'headId');
    const differs = head !== undefined && head !== household.headId;
    if (moved && household.headId !== null && head !== household.headId) {
      asked = [
        ...asked.map((value) =>
          isRelationIn(value, steps, household.id) ? { ...value, verdict: 'ask' as const } : value,
        ),
        ...newcomersOf(sides, steps, household.id),
      ];
    }
    if (differs) asked.push(...unseenRelations(sides, steps, household));
  }
  return asked;
}

function headProposed(steps: readonly RegisterStep[], householdId: string): string | null | undefined {
  for (const step of steps) if (step.type === 'set-household' && step.id === householdId) return step.fields.headId;
  return undefined;
}

function isRelationIn(value: Compared, steps: readonly RegisterStep[], householdId: string): boolean {
  if (value.field !== 'relation' || value.verdict !== 'merge' || value.step === null) return false;
  const step = steps[value.step];
  return step !== undefined && isPersonStep(step) && step.householdId === householdId;
}

/** Somebody new, told by their relation to the head whom the worker knew. */
function newcomersOf(sides: Sides, steps: readonly RegisterStep[], householdId: string): Compared[] {
  const known = new Set(sides.door?.households.flatMap(({ residents }) => residents.map(({ id }) => id)));
  return steps.flatMap((step, at): Compared[] => {
    if (step.type !== 'create-resident' || step.householdId !== householdId) return [];
    const { relation, name = '' } = step.fields;
    const id = sides.aliases.get(step.id) ?? step.id;
    if (known.has(id) || !relation) return [];
    const about = { entity: 'resident', entityId: id, name, field: 'relation', path: null, step: at } as const;
    return [
      {
        ...about,
        key: `@${id}/relation`,
        basis: { known: true, value: undefined },
        now: null,
        proposed: relation,
        verdict: 'ask',
        takes: ['proposal', 'own'],
      },
    ];
  });
}

/** Somebody whom the worker did not see, or saw otherwise, told by their relation to the head of before. */
function unseenRelations(
  { since }: Sides,
  steps: readonly RegisterStep[],
  household: { id: string; residents: { id: string; name: string; presence: string; relation: string | null }[] },
): Compared[] {
  const told = new Set(steps.flatMap((step) => (isPersonStep(step) && step.fields.relation ? [step.id] : [])));
  const isUnseen = (id: string) =>
    since?.some((change) => change.entityId === id && (change.field === 'relation' || change.field === '*')) ?? false;
  return household.residents
    .filter((resident) => isRegistered(resident) && !told.has(resident.id) && isUnseen(resident.id))
    .map(({ id, name, relation }) => ({
      key: `@${id}/relation`,
      path: null,
      entity: 'resident',
      entityId: id,
      name,
      field: 'relation',
      basis: {
        known: true,
        value: since?.find((change) => change.entityId === id && change.field === 'relation')?.before,
      },
      now: relation,
      proposed: undefined,
      verdict: 'ask',
      takes: ['register', 'own'],
      step: null,
    }));
}

function isPersonStep(step: RegisterStep): step is PersonStep {
  return step.type === 'set-resident' || step.type === 'create-resident' || step.type === 'join-resident';
}
