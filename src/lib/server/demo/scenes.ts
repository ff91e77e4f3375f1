/** What happened at the demo's doors, told for each in the order of the walk; days count back from today. */
import type { World } from '../../domain/world';
import type { CarePlan } from '../care/plans';
import { careVisits, concerns, recipientsOf } from './care';
import type { DemoDoor } from './doors';
import { isVacant, knocks, type Knock } from './knocks';
import type { Record } from './work';

export type Scene = Record;
export type Stage = { world: World; today: string; volunteerId: string };

/** Doors walked so far: `grid1` nearly done, `grid2` half way; the third grid has nobody yet. */
const walks = [
  { grid: '第一网格', by: 'grid1', doors: 54, perDay: 5 },
  { grid: '第二网格', by: 'grid2', doors: 38, perDay: 4 },
] as const;

/** Records of these days wait for the coordinator still. */
const waitingDays = 3;

export function scenesOf(doors: readonly DemoDoor[], stage: Stage): Scene[] {
  const recipients = recipientsOf(doors);
  const scenes: Scene[] = [];
  for (const { grid, by, doors: count, perDay } of walks) {
    const walked = doors.filter((door) => door.grid === grid).slice(0, count);
    // The recipients' doors come first: a plan asks for consent, and consent is asked for at the door.
    const ordered = [
      ...walked.filter((door) => recipients.includes(door)),
      ...walked.filter((door) => !recipients.includes(door)),
    ];
    const choose = knocks(ordered, recipients);
    for (const [index, door] of ordered.entries()) {
      const daysAgo = Math.max(1, 12 - Math.floor(index / perDay));
      for (const knock of choose(door, index)) scenes.push(sceneOf(knock, door, index, { by, daysAgo, stage }));
    }
  }
  return [...scenes, ...careVisits(recipients, stage), ...concerns(doors, recipients)];
}

/** The plans of those who are cared for, in the words of `care/plans.ts`; `day(n)`: the day n days ago. */
export function carePlans(
  doors: readonly DemoDoor[],
  day: (ago: number) => string,
): { residentId: string; plan: CarePlan }[] {
  const what = [
    { services: ['company', 'health'] as const, everyDays: 7, mustKnow: '听力不好，请用力敲门' },
    { services: ['meal', 'housework'] as const, everyDays: 4, mustKnow: '家里有一只小狗，不咬人' },
    { services: ['phone-call', 'escort'] as const, everyDays: 14, mustKnow: '' },
  ];
  return recipientsOf(doors).flatMap((door, index) => {
    const resident = door.item.households[0]?.residents[0];
    const plan = what[index];
    if (!resident || !plan) return [];
    return [
      {
        residentId: resident.id,
        plan: {
          ...plan,
          services: [...plan.services],
          from: day(11),
          until: null,
          pausedUntil: null,
          risk: null,
          consent: { by: resident.name, on: day(12) },
        },
      },
    ];
  });
}

function sceneOf(
  { body, at, daysBefore = 0, word }: Knock,
  door: DemoDoor,
  index: number,
  { by, daysAgo, stage }: { by: 'grid1' | 'grid2'; daysAgo: number; stage: Stage },
): Scene {
  const ago = Math.min(12, daysAgo + daysBefore);
  const decided = ago > waitingDays && !isVacantLately(door, ago);
  return {
    by,
    daysAgo: ago,
    at: at ?? timeOfWalk(index),
    kind: 'household-verification',
    target: { type: 'dwelling', id: door.item.id },
    basis: { [door.item.id]: door.version },
    body: body({ uuid: () => stage.world.uuid(), daysAgo: ago, today: stage.today }),
    decision: word === 'by-rule' ? null : (word ?? (decided ? { kind: 'approve' } : null)),
  };
}

/** One flat that was found empty is left waiting, so that the queue has every kind. */
const isVacantLately = (door: DemoDoor, ago: number): boolean => isVacant(door) && ago <= waitingDays + 1;

const timeOfWalk = (index: number): string =>
  ['09:20', '10:05', '10:40', '14:30', '15:15', '16:50', '19:05', '19:40'][index % 8] ?? '10:00';
