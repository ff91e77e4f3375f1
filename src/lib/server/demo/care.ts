/** Care and concerns of the demo: who is cared for, what the visits found, what people raised. */
import { addDays } from '../../domain/calendar';
import type { DemoDoor } from './doors';
import type { Stage } from './scenes';
import type { Record } from './work';

/** Three who live alone and whom the roster names as such, two of the first grid, one of the second. */
export function recipientsOf(doors: readonly DemoDoor[]): DemoDoor[] {
  const alone = (grid: string) =>
    doors.filter(({ grid: own, item }) => {
      const people = item.households.flatMap(({ residents }) => residents);
      return own === grid && people.length === 1 && Number(people[0]?.birthDate.slice(0, 4)) < 1953;
    });
  return [...alone('第一网格').slice(0, 2), ...alone('第二网格').slice(0, 1)];
}

type Visit = { recipient: number; daysAgo: number; at: string; body: { [field: string]: unknown } };

const met = (note: string, more: { [field: string]: unknown } = {}) => ({
  outcome: 'met',
  present: 'in-person',
  services: [{ code: 'company', minutes: 40 }],
  condition: { mood: 4, mobility: 3, eating: 4, home: 4 },
  hazards: [],
  needs: [],
  nextVisit: null,
  note,
  withVolunteers: [],
  ...more,
});

const visits: Visit[] = [
  { recipient: 0, daysAgo: 9, at: '10:00', body: met('精神不错，一起包了饺子') },
  {
    recipient: 0,
    daysAgo: 2,
    at: '10:10',
    body: met('说夜里起床怕滑倒', {
      services: [
        { code: 'company', minutes: 30 },
        { code: 'health', minutes: 20 },
      ],
      condition: { mood: 3, mobility: 2, eating: 4, home: 3 },
      hazards: ['fall'],
      needs: [{ text: '卫生间装一个扶手', urgency: 'week' }],
    }),
  },
  {
    recipient: 1,
    daysAgo: 8,
    at: '11:30',
    body: met('送了午饭，胃口好', { services: [{ code: 'meal', minutes: 20 }] }),
  },
  {
    recipient: 1,
    daysAgo: 4,
    at: '11:40',
    body: {
      ...met('敲门没有人应，电话里说在女儿家', { services: [] }),
      outcome: 'not-met',
      condition: { mood: null, mobility: null, eating: null, home: null },
    },
  },
  {
    recipient: 2,
    daysAgo: 6,
    at: '16:00',
    body: met('电话问候，一切都好', {
      present: 'telephone',
      services: [{ code: 'phone-call', minutes: 12 }],
      condition: { mood: 5, mobility: null, eating: 4, home: null },
    }),
  },
];

export function careVisits(recipients: readonly DemoDoor[], { today }: Stage): Record[] {
  return visits.flatMap(({ recipient, daysAgo, at, body }): Record[] => {
    const resident = recipients[recipient]?.item.households[0]?.residents[0];
    if (!resident) return [];
    const nextVisit = daysAgo === 2 ? addDays(today, 1) : null;
    return [
      {
        by: 'volunteer1',
        daysAgo,
        at,
        kind: 'care-visit',
        target: { type: 'resident', id: resident.id },
        basis: {},
        body: { ...body, nextVisit },
        decision: daysAgo > 2 ? { kind: 'approve' } : null,
      },
    ];
  });
}

/** Raised on the round and by a volunteer; the newest wait. */
export function concerns(doors: readonly DemoDoor[], recipients: readonly DemoDoor[]): Record[] {
  const gridOf = (name: string) => doors.find(({ grid }) => grid === name)?.item.gridId ?? '';
  const one = (by: Record['by'], daysAgo: number, target: Record['target'], body: Record['body']): Record => ({
    by,
    daysAgo,
    at: '16:30',
    kind: 'concern',
    target,
    basis: {},
    body: { description: '', where: '', alreadyTold: [], solvedOnSpot: null, ...body },
    decision: daysAgo > 3 ? { kind: 'approve' } : null,
  });
  const first = { type: 'grid', id: gridOf('第一网格') } as const;
  const second = { type: 'grid', id: gridOf('第二网格') } as const;
  const resident = recipients[0]?.item.households[0]?.residents[0]?.id ?? '';
  return [
    one('grid1', 8, first, {
      category: 'facility',
      title: '2 单元楼道灯坏了三天',
      description: '三楼到五楼的声控灯都不亮，老人上下楼不方便。',
      where: '金山花园 1号楼 2单元',
      urgency: 'week',
      raisedBy: 'worker',
      households: 12,
    }),
    one('grid1', 2, first, {
      category: 'dispute-neighbour',
      title: '楼上漏水，两家说不拢',
      description: '401 卫生间渗水到 301，已经两个月，两家各说各的。',
      where: '金山花园 1号楼 3单元',
      urgency: 'week',
      raisedBy: { name: '贺素云', phone: '13900005521', own: true },
    }),
    one('grid2', 5, second, {
      category: 'environment',
      title: '垃圾箱旁堆着装修垃圾',
      where: '滨河小区东门',
      urgency: 'month',
      raisedBy: 'anonymous',
      solvedOnSpot: { how: '联系物业当天清走了' },
    }),
    one('grid2', 1, second, {
      category: 'safety',
      title: '电动车在楼道里充电',
      description: '一楼楼梯下面拉了插线板。',
      where: '滨河小区 3号楼 1单元',
      urgency: 'now',
      raisedBy: 'worker',
    }),
    one(
      'volunteer1',
      2,
      { type: 'resident', id: resident },
      {
        category: 'safety',
        title: '卫生间没有扶手',
        description: '老人夜里起床怕滑倒，想装扶手。',
        urgency: 'week',
        raisedBy: 'worker',
      },
    ),
  ];
}
