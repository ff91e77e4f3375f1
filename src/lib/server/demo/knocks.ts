/** What a knock at each of the demo's doors led to: every outcome that there is, most of them *all as registered*. */
import { addDays } from '../../domain/calendar';
import { allAsRegistered } from '../../forms/verification-draft';
import type { HouseholdItem, ResidentItem } from '../../sync/items';
import type { DemoDoor } from './doors';
import type { Record } from './work';

type Body = { [field: string]: unknown };
type Making = { uuid: () => string; daysAgo: number; today: string };
export type Knock = {
  body: (making: Making) => Body;
  at?: string;
  /** Tried so many days before the door's own day. */
  daysBefore?: number;
  /** The coordinator's word where it is not "approved"; `by-rule`: an attempt needs none. */
  word?: Record['decision'] | 'by-rule';
};
type Situation = { fits: (door: DemoDoor) => boolean; knock: (door: DemoDoor) => Knock[] };

export const isVacant = ({ item }: DemoDoor): boolean =>
  item.households.every(({ residents }) => residents.length === 0);

const household = ({ item }: DemoDoor): HouseholdItem | undefined => item.households[0];
const people = (door: DemoDoor): ResidentItem[] => household(door)?.residents ?? [];
const headOf = (door: DemoDoor): ResidentItem | undefined =>
  people(door).find(({ id }) => id === household(door)?.headId) ?? people(door)[0];
const informantOf = (door: DemoDoor) => ({
  residentId: headOf(door)?.id ?? null,
  name: headOf(door)?.name ?? '',
  kind: null,
});
const bornAfter = (year: number) => (resident: ResidentItem | undefined) =>
  Number(resident?.birthDate.slice(0, 4)) > year;
const always = (door: DemoDoor) => !isVacant(door);

/** As registered, but for what `change` says of one resident. */
const verified = (
  door: DemoDoor,
  changes: { [residentId: string]: Body } = {},
  more: Body[] = [],
  how: string | null = null,
): Body => {
  const body = allAsRegistered(door.item, informantOf(door), how);
  const [first] = door.item.households;
  return {
    ...body,
    households: first
      ? [
          {
            id: first.id,
            residents: [...first.residents.map(({ id }) => changes[id] ?? { id, change: 'unchanged' }), ...more],
          },
        ]
      : [],
  };
};

const unanswered = (outcome: string, note: string, nextVisit: string | null): Body => ({
  outcome,
  nextVisit,
  informant: null,
  dwelling: {},
  households: [],
  note,
  noticeGiven: outcome === 'refused',
});

/** Each is used once, at the first door of the walk where it fits. */
const rare: Situation[] = [
  {
    // A child was born to a young couple: no name yet, no household registration.
    fits: (door) => people(door).length >= 2 && bornAfter(1980)(headOf(door)) && headOf(door)?.sex === '1',
    knock: (door) => [
      {
        body: ({ uuid, today, daysAgo }) =>
          verified(door, {}, [
            {
              id: uuid(),
              change: 'born',
              on: addDays(today, -daysAgo - 20),
              name: '未取名',
              sex: '2',
              birthDate: addDays(today, -daysAgo - 20),
              idType: 'none',
              idNumber: '',
              phone: '',
              relation: '30',
              residence: 'not-registered',
              registeredAddress: '',
              since: '',
              careGroups: [],
              presence: 'here',
              missing: { idNumber: 'none-yet' },
            },
          ]),
      },
    ],
  },
  {
    fits: (door) => people(door).length >= 3,
    knock: (door) => {
      const child = people(door)[2];
      return [
        {
          body: ({ today }) =>
            verified(
              door,
              child
                ? {
                    [child.id]: {
                      id: child.id,
                      change: 'moved-away',
                      on: addDays(today, -60).slice(0, 7),
                      movedTo: '甘肃省兰州市',
                    },
                  }
                : {},
            ),
        },
      ];
    },
  },
  {
    fits: (door) => people(door).length === 1 && headOf(door)?.sex === '1' && bornAfter(1975)(headOf(door)),
    knock: (door) => [
      {
        body: ({ uuid, today }) =>
          verified(door, {}, [
            {
              id: uuid(),
              change: 'moved-in',
              on: addDays(today, -40),
              name: '马晓燕',
              sex: '2',
              birthDate: '1993-05-06',
              idType: 'resident-id',
              idNumber: '620799199305060124',
              phone: '15000003366',
              relation: '10',
              residence: 'migrant',
              registeredAddress: '青海省海东市民和县',
              since: addDays(today, -40).slice(0, 7),
              careGroups: [],
              presence: 'here',
            },
          ]),
      },
    ],
  },
  {
    fits: (door) => people(door).length >= 4,
    knock: (door) => {
      const elder = people(door).at(-1);
      return [
        {
          body: ({ today }) =>
            verified(
              door,
              elder ? { [elder.id]: { id: elder.id, change: 'died', on: addDays(today, -90).slice(0, 7) } } : {},
            ),
        },
      ];
    },
  },
  { fits: always, knock: () => [{ body: () => unanswered('refused', '说忙，不愿意开门，已留告知单', null) }] },
  {
    fits: (door) => people(door).length >= 2,
    knock: (door) => [
      {
        body: ({ today, daysAgo }) => {
          const [first] = people(door);
          return {
            ...allAsRegistered(door.item, { ...informantOf(door), kind: null }),
            outcome: 'partly-verified',
            nextVisit: addDays(today, -daysAgo + 5),
            households: first ? [{ id: household(door)?.id, residents: [{ id: first.id, change: 'unchanged' }] }] : [],
            note: '只有本人在家，其他人晚上回来',
          };
        },
      },
    ],
  },
  { fits: always, knock: () => [{ body: () => unanswered('no-access', '单元门锁着，钥匙在一楼 101', null) }] },
  {
    fits: always,
    knock: () => [
      {
        body: ({ today, daysAgo }) => unanswered('postponed', '晚上七点以后在家', addDays(today, -daysAgo + 3)),
        at: '11:10',
        word: 'by-rule',
      },
    ],
  },
  {
    fits: always,
    knock: () => [{ body: () => ({ ...unanswered('moved-away', '邻居说全家搬到张掖了', null), noticeGiven: true }) }],
  },
  { fits: always, knock: () => [{ body: () => unanswered('unable', '只有孩子在家', null), at: '17:20' }] },
  {
    // Tried three times in three bands, one of them in the evening.
    fits: always,
    knock: () => [
      { body: () => unanswered('no-one-home', '', null), at: '10:15', daysBefore: 5, word: 'by-rule' },
      { body: () => unanswered('no-one-home', '', null), at: '15:40', daysBefore: 3, word: 'by-rule' },
      { body: () => unanswered('no-one-home', '门上留了告知单', null), at: '19:30', word: 'by-rule' },
    ],
  },
  {
    fits: isVacant,
    knock: () => [
      { body: () => ({ ...unanswered('not-a-dwelling', '楼道配电间', null), dwelling: { use: 'public' } }) },
    ],
  },
  {
    fits: always,
    knock: (door) => [{ body: () => verified(door), word: { kind: 'void', reason: '登记到了别家的门上，已另行登记' } }],
  },
];

/** Sent back with words: the telephone's last digit, and a name. */
function returned(door: DemoDoor, text: string, change: Body): Knock[] {
  const head = headOf(door);
  if (!head) return [];
  const at = people(door).findIndex(({ id }) => id === head.id);
  const field = Object.keys(change)[0] ?? 'change';
  return [
    {
      body: () => verified(door, { [head.id]: { id: head.id, change: 'corrected', ...change } }),
      word: { kind: 'return', comments: [{ path: ['households', 0, 'residents', at, field], text }] },
    },
  ];
}

/** Chooses, door by door; situations that are rare come where they fit first, every fifth door of the walk. */
export function knocks(
  walked: readonly DemoDoor[],
  recipients: readonly DemoDoor[],
): (door: DemoDoor, index: number) => Knock[] {
  const left = [...rare];
  const ordinary = walked.filter((door) => always(door) && !recipients.includes(door));
  const returns = ordinary.slice(-6, -5);
  const refusedByTheForm = ordinary.slice(-3, -2);
  return (door, index) => {
    if (recipients.includes(door)) return consenting(door);
    if (returns.includes(door)) {
      return door.grid === '第一网格'
        ? returned(door, '电话打不通，请再核对最后一位', { phone: '13900001234' })
        : returned(door, '户籍地址请写到县（市、区）', { registeredAddress: '甘肃省' });
    }
    if (refusedByTheForm.includes(door) && door.grid === '第二网格') return unfit(door);
    if (index % 3 === 1) {
      const at = left.findIndex(({ fits }) => fits(door));
      const [situation] = at < 0 ? [] : left.splice(at, 1);
      if (situation) return situation.knock(door);
    }
    if (isVacant(door)) return [{ body: () => ({ ...unanswered('vacant', '', null), dwelling: {} }) }];
    if (index % 7 === 3) return corrected(door, index);
    if (index % 11 === 5) return [{ body: () => unanswered('no-one-home', '', null), at: '10:30', word: 'by-rule' }];
    if (index % 13 === 6) return [{ body: () => verified(door, {}, [], 'telephone'), at: '20:05' }];
    return [{ body: () => verified(door) }];
  };
}

/** What an older app let through and the office's rules do not: it waits in quarantine for a person. */
function unfit(door: DemoDoor): Knock[] {
  const head = headOf(door);
  if (!head) return [];
  return [
    {
      body: () => verified(door, { [head.id]: { id: head.id, change: 'corrected', phone: '1390000' } }),
      word: 'by-rule',
    },
  ];
}

/** A new telephone number: the change that workers meet most. */
function corrected(door: DemoDoor, index: number): Knock[] {
  const head = headOf(door);
  if (!head) return [];
  const phone = `1390000${String(2000 + index * 37).padStart(4, '0')}`;
  return [{ body: () => verified(door, { [head.id]: { id: head.id, change: 'corrected', phone } }) }];
}

/** Somebody who lives alone agrees to be visited. */
function consenting(door: DemoDoor): Knock[] {
  const head = headOf(door);
  if (!head) return [];
  const careGroups = head.suggestedCareGroups?.length ? head.suggestedCareGroups : ['living-alone-elderly'];
  return [{ body: () => verified(door, { [head.id]: { id: head.id, change: 'corrected', careGroups } }) }];
}
