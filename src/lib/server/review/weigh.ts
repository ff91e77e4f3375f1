/** A verification weighed (TWO-2): its three sides, what merges by itself, what asks, and what a person's choices make of it. */
import { mergedSteps, unanswered, type Choice, type Choices } from '../../domain/merged-steps';
import { likenesses, saidToBe, type Likeness } from '../../domain/same-person';
import type { Compared, Path, Sides } from '../../domain/sides';
import type { SinceChange } from '../../domain/since';
import { threeWay, type ThreeWay } from '../../domain/three-way';
import type { RegisterStep } from '../../domain/verification';
import type { Correction, DwellingItem } from '../../sync/items';
import { corrected } from './corrections';
import type { ReviewedDoor } from './door';
import type { StoredRevision } from './revision';
import { sidesOf } from './sides-of';
import type { WeighingReads } from './weighing-reads';

/** What somebody at the desk says beside the record: values typed over, and for each question which side counts. */
export type Said = { corrections?: readonly Correction[]; choices?: readonly ChoiceSaid[] };
export type ChoiceSaid = { key: string } & Choice;

export type Weighed = {
  door: ReviewedDoor | null;
  sides: Sides;
  /** The door that the worker saw; null where the office does not hold it. */
  basis: DwellingItem | null;
  /** What the register got since. */
  since: SinceChange[];
  /** Additions that may be one with what the register has: they ask first, for what else there is to ask hangs on them. */
  likenesses: Likeness[];
  compared: Compared[];
  /** Keys of what is still to choose. */
  open: string[];
  /** The body with what was typed over, and with the answers about who is who. */
  body: Record<string, unknown>;
  /** What was changed in the body, the coordinator's word. */
  corrections: Correction[];
  /** The same, and where the register's value was left: what the worker is told. */
  noted: Correction[];
  steps: RegisterStep[];
};

/** As the queue has it: 0 nothing changed since the basis; 1 it did, and merges by itself; 2 something asks. */
export type Staleness = 0 | 1 | 2;

export function stalenessOf({ since, open }: Pick<Weighed, 'since' | 'open'>): Staleness {
  if (open.length > 0) return 2;
  return since.length > 0 ? 1 : 0;
}

/** `door`: as `reviewedDoor` has it. A correction of a path that the body lacks answers `wrongPath`. */
export async function weigh(
  reads: WeighingReads,
  revision: StoredRevision,
  door: ReviewedDoor | null,
  { corrections = [], choices = [] }: Said = {},
): Promise<Weighed | { wrongPath: Path }> {
  const mended = corrected(revision.body, corrections);
  if ('wrongPath' in mended) return mended;
  const { sides, basis, since } = await sidesOf(reads, revision, mended.body, door);
  const said: Choices = new Map(choices.map(({ key, ...choice }) => [key, choice]));
  const alike = whoIsWho(sides, mended.body, said);
  const known = corrected(mended.body, alike.corrections);
  if ('wrongPath' in known) return known;
  const { id } = revision.target;
  const own = ownValues(threeWay(sides, known.body, id), said);
  const whole = corrected(known.body, own);
  if ('wrongPath' in whole) return whole;
  const ways = threeWay(sides, whole.body, id);
  return {
    door,
    sides,
    basis: basis?.door ?? null,
    since,
    likenesses: alike.all,
    compared: ways.compared,
    open: [...alike.open, ...unanswered(ways.compared, said)],
    body: whole.body,
    corrections: [...corrections, ...alike.corrections, ...own],
    noted: [...corrections, ...alike.corrections, ...own, ...leftAsRegistered(ways.compared, said)],
    steps: mergedSteps(sides, ways, said),
  };
}

/** Who may be one with whom; an answer may bring the next question (whose household it is), so as long as there are answers. */
function whoIsWho(sides: Sides, body: Record<string, unknown>, choices: Choices) {
  const all = new Map<string, Likeness>();
  const corrections: Correction[] = [];
  let now = body;
  for (;;) {
    const found = likenesses(sides, now).filter(({ key }) => !all.has(key));
    if (found.length === 0) break;
    for (const likeness of found) {
      all.set(likeness.key, likeness);
      const choice = choices.get(likeness.key);
      const same = choice?.take === 'own' && likeness.candidates.find(({ id }) => id === choice.value);
      if (same) corrections.push(...saidToBe(likeness, body, same.id));
    }
    const next = corrected(body, corrections);
    if ('wrongPath' in next) break;
    now = next.body;
  }
  const open = [...all.values()].filter(({ key, candidates }) => {
    const choice = choices.get(key);
    if (choice?.take === 'own') return !candidates.some(({ id }) => id === choice.value);
    return choice?.take !== 'proposal';
  });
  return { all: [...all.values()], corrections, open: open.map(({ key }) => key) };
}

/** Values typed where a question asked, in the place of the worker's. */
function ownValues({ compared }: ThreeWay, choices: Choices): Correction[] {
  return compared.flatMap(({ key, path, verdict, takes }) => {
    const choice = choices.get(key);
    const isOwn = verdict === 'ask' && path !== null && choice?.take === 'own' && takes.includes('own');
    return isOwn ? [{ path, value: choice.value }] : [];
  });
}

function leftAsRegistered(compared: readonly Compared[], choices: Choices): Correction[] {
  return compared.flatMap(({ key, path, verdict, now }) => {
    const isLeft = verdict === 'ask' && path !== null && choices.get(key)?.take === 'register';
    return isLeft ? [{ path, value: now ?? null }] : [];
  });
}
