/** From a comparison and a person's choices to what is written: nothing that changed since the basis is written over without a choice. */
import { applyStep } from './apply-verification';
import { type HouseholdLike, isRegistered } from './door-like';
import { isCode } from './codes/codes';
import type { Compared, Sides, Take } from './sides';
import type { ThreeWay } from './three-way';
import type { RegisterStep } from './verification';

/** `own` of a value with a path stands in the body already: the comparison was made with it. */
export type Choice = { take: Exclude<Take, 'own'> } | { take: 'own'; value: unknown };
export type Choices = ReadonlyMap<string, Choice>;

type PersonStep = Extract<RegisterStep, { type: 'set-resident' | 'create-resident' | 'join-resident' }>;

/** Keys of what asks and has no choice that it takes. */
export function unanswered(compared: readonly Compared[], choices: Choices): string[] {
  return compared
    .filter(({ verdict }) => verdict === 'ask')
    .filter(({ key, takes }) => {
      const choice = choices.get(key);
      return !choice || !takes.includes(choice.take);
    })
    .map(({ key }) => key);
}

/** The steps of a decision; what asks and was not answered stays as the register has it. Pure. */
export function mergedSteps(sides: Sides, { steps, compared }: ThreeWay, choices: Choices): RegisterStep[] {
  const asked = compared.filter(({ verdict }) => verdict === 'ask');
  const merged = steps.flatMap((step, at) =>
    asked
      .filter((value) => value.step === at)
      .reduce<RegisterStep[]>((now, value) => now.flatMap((one) => chosen(one, value, choices)), [step]),
  );
  const own = asked.filter(({ step }) => step === null).flatMap((value) => ofItsOwn(sides, value, choices));
  return withoutEmptyHouseholds(sides, [
    ...own.filter(isRestoring),
    ...merged,
    ...own.filter((step) => !isRestoring(step)),
  ]);
}

function chosen(step: RegisterStep, { key, field, now }: Compared, choices: Choices): RegisterStep[] {
  const choice = choices.get(key) ?? { take: 'register' };
  if (step.type === 'retire-dwelling') return choice.take === 'proposal' ? [step] : [];
  if (field === 'householdId' && isPersonStep(step)) {
    if (choice.take !== 'proposal') return [{ ...step, householdId: String(now) }];
    // Taken back from another door: the one record moves here with its history.
    return step.type === 'set-resident' ? [{ ...step, type: 'join-resident', sameAs: step.id }] : [step];
  }
  if (choice.take === 'own' && isPersonStep(step) && field === 'relation' && isCode('relation', choice.value)) {
    return [{ ...step, fields: { ...step.fields, relation: choice.value } }];
  }
  if (choice.take !== 'register') return [field === 'presence' ? present(step) : step];
  // Who stays did not leave on any day.
  return [field === 'presence' ? without(step, 'presence', 'on', 'movedTo') : without(step, field)];
}

/** Listed at the door without a word about where they are: they are here, says the one who takes the record's word. */
function present(step: RegisterStep): RegisterStep {
  if (step.type !== 'set-resident' || step.fields.presence !== undefined) return step;
  return { ...step, fields: { ...step.fields, presence: 'here', on: '', movedTo: '' } };
}

function without(step: RegisterStep, ...names: string[]): RegisterStep {
  if (!('fields' in step)) return step;
  const fields = Object.fromEntries(Object.entries(step.fields).filter(([name]) => !names.includes(name)));
  return { ...step, fields } as RegisterStep;
}

/** Questions that no step of the record answers: a door that is back, a relation to the new head. */
function ofItsOwn(sides: Sides, { key, field, entityId }: Compared, choices: Choices): RegisterStep[] {
  const choice = choices.get(key);
  if (field === 'outcome') return choice?.take === 'proposal' ? [{ type: 'restore-dwelling' }] : [];
  if (choice?.take !== 'own' || !isCode('relation', choice.value)) return [];
  const household = sides.door?.households.find(({ residents }) => residents.some(({ id }) => id === entityId));
  if (!household) return [];
  const fields = { relation: choice.value };
  return [{ type: 'set-resident', id: entityId, householdId: household.id, fields, confirm: 'presence' }];
}

/** A household begins or comes back only with somebody in it, and ends only without. */
function withoutEmptyHouseholds({ door, ended }: Sides, steps: RegisterStep[]): RegisterStep[] {
  if (!door) return steps;
  const after = steps.filter(({ type }) => type !== 'end-household').reduce(applyStep, door);
  const lived = new Set(after.households.filter(({ residents }) => residents.some(isRegistered)).map(({ id }) => id));
  const wasLived = new Set(door.households.filter(({ residents }) => residents.some(isRegistered)).map(({ id }) => id));
  const named = new Set(steps.flatMap((step) => (step.type === 'set-household' ? [step.id] : [])));
  const back = [...ended].filter((id) => lived.has(id) && !named.has(id));
  const kept = steps.filter((step) => {
    switch (step.type) {
      case 'create-household':
        return lived.has(step.household.id);
      case 'set-household':
        return lived.has(step.id) || wasLived.has(step.id);
      case 'end-household':
        return !lived.has(step.id);
      default:
        return true;
    }
  });
  return [...back.map((id): RegisterStep => ({ type: 'set-household', id, fields: {} })), ...kept];
}

function isRestoring({ type }: RegisterStep): boolean {
  return type === 'restore-dwelling';
}

function isPersonStep(step: RegisterStep): step is PersonStep {
  return step.type === 'set-resident' || step.type === 'create-resident' || step.type === 'join-resident';
}

/** Families that would have no head, or two, and have one now: what a choice of head and relations one by one may come to. */
export function headless({ door }: Sides, steps: readonly RegisterStep[]): { householdId: string; heads: number }[] {
  if (!door) return [];
  const before = new Map(door.households.map((household) => [household.id, headsOf(household)]));
  return steps
    .reduce(applyStep, door)
    .households.map((household) => ({ household, householdId: household.id, heads: headsOf(household) }))
    .filter(({ household, heads }) => {
      const isLived = household.kind === 'family' && household.residents.some(isRegistered);
      return isLived && heads !== 1 && (before.get(household.id) ?? 1) === 1;
    })
    .map(({ householdId, heads }) => ({ householdId, heads }));
}

function headsOf({ residents }: HouseholdLike): number {
  return residents.filter((resident) => isRegistered(resident) && resident.relation === '02').length;
}
