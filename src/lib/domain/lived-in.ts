/** An empty door is one where nobody is registered: what a record says of that, judged against the register of now. */
import { applyStep } from './apply-verification';
import { type DoorLike, registeredResidents } from './door-like';
import { textOf } from './json';
import { emptyDwelling } from './register';
import type { Compared, Path, Sides } from './sides';
import type { RegisterStep } from './verification';

type Body = Record<string, unknown>;

const nowhere: DoorLike = { ...emptyDwelling, id: '', gridId: '', households: [] };
const outcomePath: Path = ['outcome'];
const usePath: Path = ['dwelling', 'use'];

/** How many are registered now at a door that a record found vacant; 0 for any other outcome. */
export function livingAtVacant(door: DoorLike | null, body: Body): number {
  return textOf(body['outcome']) === 'vacant' ? registeredResidents(door).length : 0;
}

/** Whether the steps speak of people or of an empty door, and leave people at a door whose use is *vacant*; pure. */
export function leavesVacantLivedIn(door: DoorLike | null, steps: readonly RegisterStep[]): boolean {
  if (!steps.some(speaksOfLiving)) return false;
  const after = steps.reduce(applyStep, door ?? nowhere);
  return after.use === 'vacant' && registeredResidents(after).length > 0;
}

/**
 * The comparison with what an empty door asks. *Vacant* where somebody is registered by now takes no answer: the record goes back or is
 * voided. People at a door whose use stays *vacant* need another use. Pure.
 */
export function vacancyQuestions(
  { door }: Sides,
  body: Body,
  steps: readonly RegisterStep[],
  compared: readonly Compared[],
): Compared[] {
  if (!door) return [...compared];
  if (livingAtVacant(door, body) > 0) {
    const settled = compared.filter(({ verdict }) => verdict !== 'ask');
    return asking(door, settled, { path: outcomePath, proposed: 'vacant', takes: [] });
  }
  if (!leavesVacantLivedIn(door, withAllWhoMayStay(steps, compared))) return [...compared];
  const mustChange = door.use === 'vacant' && leavesVacantLivedIn(door, steps);
  return asking(door, compared, {
    path: usePath,
    proposed: 'vacant',
    takes: mustChange ? ['own'] : ['register', 'own'],
  });
}

/** The steps as they are if of everybody of whom it is asked whether they are here, that is chosen. */
function withAllWhoMayStay(steps: readonly RegisterStep[], compared: readonly Compared[]): RegisterStep[] {
  const asked = new Set(
    compared.flatMap(({ field, verdict, step }) => (field === 'presence' && verdict === 'ask' ? [step] : [])),
  );
  return steps.map((step, at) =>
    asked.has(at) && step.type === 'set-resident' && step.fields.presence === undefined
      ? { ...step, fields: { ...step.fields, presence: 'here' } }
      : step,
  );
}

/** The question in the place of what the comparison had there. */
function asking(
  door: DoorLike,
  compared: readonly Compared[],
  { path, ...asked }: Pick<Compared, 'proposed' | 'takes'> & { path: Path },
): Compared[] {
  const key = JSON.stringify(path);
  const field = textOf(path.at(-1));
  const now = field === 'use' ? door.use : null;
  const about = { key, path, entity: 'dwelling', entityId: door.id, name: '', field } as const;
  const found = compared.find((value) => value.key === key);
  const { basis, step } = found ?? { basis: { known: true, value: now } as const, step: null };
  return [
    ...compared.filter((value) => value.key !== key),
    { ...about, basis, now, verdict: 'ask', step: asked.takes.length > 0 ? step : null, ...asked },
  ];
}

function speaksOfLiving(step: RegisterStep): boolean {
  switch (step.type) {
    case 'create-dwelling':
      return step.dwelling.use === 'vacant';
    case 'set-dwelling':
      return step.fields.use === 'vacant';
    case 'create-resident':
    case 'join-resident':
    case 'set-resident':
      return true;
    default:
      return false;
  }
}
