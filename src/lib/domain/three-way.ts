/**
 * Two at one door (TWO-2): what a record proposes, compared with the register now and with what its worker saw. A value that changed on
 * one side only merges by itself, the same value on both sides is no question, anything else asks a person.
 */
import { Comparison } from './comparison';
import { findResident } from './door-like';
import { textOf } from './json';
import { vacancyQuestions } from './lived-in';
import { withNumbersOf } from './numbers-put-back';
import { isRetiring } from './outcomes';
import { relationQuestions } from './relations-asked';
import type { Compared, Sides } from './sides';
import { planVerification, type RegisterStep } from './verification';

export type ThreeWay = { steps: RegisterStep[]; compared: Compared[] };
type Body = Record<string, unknown>;

/** Pure; `dwellingId` is the id that the record gives to a door the register lacks. */
export function threeWay(sides: Sides, body: Body, dwellingId: string = sides.door?.id ?? ''): ThreeWay {
  // That it is not there is so already, and says nothing of the door that was found.
  const isOff = sides.former !== null && isRetiring(body['outcome']);
  const planned = isOff ? [] : planVerification(sides.door, withNumbersOf(sides.door, body), dwellingId);
  if (!sides.door) return { steps: planned, compared: [] };
  const steps = planned.map((step) => headedByOne(sides, planned, whereTheyLiveNow(sides, step)));
  const comparison = new Comparison(sides, sides.door, body);
  const values = steps.flatMap((step, at) => comparison.of(step, at));
  const isBack = sides.retired && steps.length > 0 && !steps.some(({ type }) => type === 'retire-dwelling');
  const compared = [...(isBack ? [comparison.retired()] : []), ...values];
  return { steps, compared: vacancyQuestions(sides, body, steps, relationQuestions(sides, steps, compared)) };
}

/**
 * Listed where the worker saw them, people whom another moved to a household of this door stay there: nobody said otherwise. Whose household is left at
 * a door that was struck off, while they went to the one that was found, are asked about.
 */
function whereTheyLiveNow({ door, since, aliases, former }: Sides, step: RegisterStep): RegisterStep {
  if (step.type !== 'set-resident' || former?.has(step.householdId)) return step;
  const id = aliases.get(step.id) ?? step.id;
  const moved = since?.find(({ entityId, field }) => entityId === id && field === 'householdId');
  const isHere = door?.households.some((household) => household.id === moved?.now) ?? false;
  return isHere && moved?.before === step.householdId ? { ...step, householdId: textOf(moved.now) } : step;
}

/** A head is named by the id that counts: of somebody who is found to be one with another, the other's. */
function headedByOne(sides: Sides, steps: readonly RegisterStep[], step: RegisterStep): RegisterStep {
  const one = (id: string | null): string | null => {
    if (id === null || findResident(sides.door, id)) return id;
    const join = steps.find((other) => other.type === 'join-resident' && other.id === id);
    const same = join?.type === 'join-resident' ? join.sameAs : id;
    return sides.aliases.get(same) ?? same;
  };
  if (step.type === 'create-household') {
    return { ...step, household: { ...step.household, headId: one(step.household.headId) } };
  }
  if (step.type !== 'set-household' || step.fields.headId === undefined) return step;
  return { ...step, fields: { ...step.fields, headId: one(step.fields.headId) } };
}
