/** Makes a failing story short: steps are left out as long as what remains goes wrong in the same way (delta debugging, Zeller 2002). */
import { simulate, type Outcome, type SimulateOptions } from './simulate';
import { tellStep, type Step } from './story';

/** Runs at most so often; the shortest story found so far is as good as any. */
const mostRuns = 400;

export async function shrink(failed: Outcome, options: SimulateOptions): Promise<Outcome> {
  const kind = kindOf(failed);
  let best = failed;
  let runs = 0;
  const stillFails = async (steps: Step[]): Promise<boolean> => {
    runs += 1;
    const outcome = await simulate({ ...options, story: { ...best.story, steps } });
    if (kindOf(outcome) !== kind) return false;
    best = outcome;
    return true;
  };
  let pieces = 2;
  while (runs < mostRuns && best.story.steps.length > 1) {
    const { steps } = best.story;
    const size = Math.ceil(steps.length / pieces);
    let shorter = false;
    for (let from = 0; from < steps.length && runs < mostRuns && !shorter; from += size) {
      shorter = await stillFails([...steps.slice(0, from), ...steps.slice(from + size)]);
    }
    if (shorter) pieces = Math.max(2, pieces - 1);
    else if (size === 1) break;
    else pieces = Math.min(steps.length, pieces * 2);
  }
  return best;
}

/** The first failure without its ids and numbers: two runs that fail alike say the same. */
function kindOf({ failures }: Outcome): string | null {
  return failures[0]?.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#').slice(0, 60) ?? null;
}

/** The story in lines, and how to hear it again. */
export function tellFailure({ seed, story, failures }: Outcome): string {
  const phones = story.setting.phones.map(({ owner, hasLocks, changesHands, pushAtMost, pullAtMost }, index) => {
    const more = [
      hasLocks ? 'with locks' : 'without locks',
      ...(changesHands ? ['changes hands'] : []),
      `${pushAtMost} a request`,
      `${pullAtMost} an answer`,
    ].join(', ');
    return `  phone ${index} of person ${owner}, ${more}`;
  });
  const steps = story.steps.map((step, index) => `  ${index + 1}. ${tellStep(step)}`);
  return [`seed ${seed} fails:`, ...failures.slice(0, 5).map((words) => `  ${words}`), ...phones, ...steps].join('\n');
}
