// Synthetic register items (~600 bytes of JSON) and queued submissions (~1.5 KB), the same for the same seed, on Node and in a page.
// item(i) and submission(k) can each be made alone: nothing depends on what was made before.
//   register(n)          items 0..n-1, BUILDING_SIZE to a building
//   doors(items)         the same as one item a door
//   changed(item, k)     the item as it is after its k-th change at the office
//   submissions(n, of)   n household verifications, each of a door in a register of `of` items
// Nobody here exists: 620799 is no assigned division, 0000 is in every phone number.

export const BUILDING_SIZE = 50;
export const SEED = 20261123;

function random(...parts) {
  // mulberry32, seeded by a hash of the parts
  let s = 2166136261;
  for (const c of parts.join('/')) s = Math.imul(s ^ c.charCodeAt(0), 16777619);
  const next = () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  next();
  return {
    next,
    int: (a, b) => a + Math.floor(next() * (b - a + 1)),
    pick: (a) => a[Math.floor(next() * a.length)],
    chance: (p) => next() < p,
  };
}

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎',
];
const GIVEN = {
  1: [...'伟强磊军洋勇杰涛明超刚平辉健俊帆旭宁龙林建国志文斌鹏华飞波'],
  2: [...'芳娜敏静秀丽艳娟霞玲燕红梅玉兰英慧雪萍琴莉桂珍月欣怡'],
};
const COMPOUNDS = ['金山花园', '东街小区', '锦绣家园', '民乐一中家属院', '祥和苑', '团结小区', '河滨佳苑', '东方明珠'];
const NOTES = [
  '门铃坏了，请敲门或先打电话。',
  '白天一般没有人，晚上七点以后在家。',
  '老人听力不好，说话请大声一些。',
  '楼道灯已报修，等待物业处理。',
  '房主在外地，钥匙由对门邻居保管。',
  '家里养狗，进门之前请先招呼。',
  '暖气不热，已经登记报修两次。',
  '租户每半年更换一次，需要重点核实。',
  '户主希望周末上门，平时要上班。',
  '水表在厨房，阀门有些漏水。',
];
const SERVICES = ['居家养老服务中心', '社区卫生服务站', '东街网格党支部'];

const two = (n) => String(n).padStart(2, '0');
function uuid(r, ms) {
  // version 7
  const hex = (n) => {
    let s = '';
    for (let i = 0; i < n; i++) s += Math.floor(r.next() * 16).toString(16);
    return s;
  };
  const t = ms.toString(16).padStart(12, '0');
  return `${t.slice(0, 8)}-${t.slice(8)}-7${hex(3)}-${'89ab'[Math.floor(r.next() * 4)]}${hex(3)}-${hex(12)}`;
}
const name = (r, sex, surname = r.pick(SURNAMES)) =>
  surname + r.pick(GIVEN[sex]) + (r.chance(0.65) ? r.pick(GIVEN[sex]) : '');
const phone = (r) =>
  '1' + r.pick([38, 39, 50, 51, 58, 77, 82, 87, 89]) + '0000' + String(r.int(0, 9999)).padStart(4, '0');
const birth = (r, from, to) => `${2026 - r.int(from, to)}-${two(r.int(1, 12))}-${two(r.int(1, 28))}`;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
function idNumber(r, born, sex) {
  const x = '620799' + born.replaceAll('-', '') + two(r.int(0, 49)) + (sex === '1' ? r.pick('13579') : r.pick('02468'));
  return x + '10X98765432'[[...x].reduce((t, d, i) => t + d * WEIGHTS[i], 0) % 11];
}
const note = (r, n) => Array.from({ length: n }, () => r.pick(NOTES)).join('');

export const buildingKey = (b) => 'b' + String(b).padStart(5, '0');
const EPOCH = Date.UTC(2026, 8, 1);

/** All items of building number b. */
export function building(b, seed = SEED) {
  const r = random(seed, 'building', b),
    key = buildingKey(b),
    grid = 'grid-' + two(1 + (b % 12)),
    items = [];
  const compound = COMPOUNDS[b % COMPOUNDS.length],
    number = 1 + Math.floor(b / COMPOUNDS.length);
  const add = (type, body) => {
    const at = EPOCH + (b * BUILDING_SIZE + items.length) * 1000;
    const id = body.id ?? uuid(r, at);
    items.push({
      id,
      type,
      grid,
      building: key,
      version: b * BUILDING_SIZE + items.length + 1,
      updatedAt: at,
      body: { ...body, id },
    });
    return id;
  };
  for (let door = 0; items.length < BUILDING_SIZE; door++) {
    const left = BUILDING_SIZE - items.length,
      vacant = left < 3 || r.chance(0.07);
    const floor = 1 + (Math.floor(door / 2) % 6),
      unit = 1 + Math.floor(door / 12),
      room = `${floor}0${1 + (door % 2)}`;
    const dwelling = add('dwelling', {
      gridId: grid,
      compound,
      building: String(number),
      unit: String(unit),
      floor,
      room,
      use: vacant ? 'vacant' : r.pick(['owner-occupied', 'owner-occupied', 'rented']),
      note: note(r, r.int(4, 6)),
      contactName: name(r, r.pick('12')),
      contactPhone: phone(r),
    });
    if (vacant) continue;
    const people = Math.min(left - 2, r.pick([1, 2, 2, 3, 3, 3, 4, 5])),
      hid = uuid(r, EPOCH + door),
      head = uuid(r, EPOCH + door + 1),
      surname = r.pick(SURNAMES);
    add('household', {
      id: hid,
      dwellingId: dwelling,
      kind: 'family',
      tenure: r.pick(['owner', 'owner', 'tenant', 'lent']),
      headId: head,
      phone: phone(r),
      lastVerified: {
        at: `2026-0${r.int(1, 8)}-${two(r.int(1, 28))}T10:${two(r.int(0, 59))}:00+08:00`,
        by: name(r, '2'),
        outcome: 'verified',
      },
      note: note(r, 2),
    });
    for (let p = 0; p < people; p++) {
      const sex = r.pick('12'),
        born = p < 2 ? birth(r, 28, 88) : birth(r, 0, 25),
        old = +born.slice(0, 4) < 1962,
        residence = r.pick(['both-here', 'both-here', 'both-here', 'person-here', 'migrant']);
      add('resident', {
        ...(p === 0 ? { id: head } : {}),
        householdId: hid,
        name: name(r, sex, p === 1 ? undefined : surname),
        sex,
        birthDate: born,
        idType: 'resident-id',
        idNumber: idNumber(r, born, sex),
        phone: 2026 - +born.slice(0, 4) < 12 ? '' : phone(r),
        relation: p === 0 ? '02' : p === 1 ? '10' : sex === '1' ? '20' : '30',
        residence,
        registeredAddress: `甘肃省张掖市${residence === 'both-here' ? '民乐县' : r.pick(['山丹县', '高台县', '临泽县', '甘州区'])}${r.pick(['清泉镇', '城关镇', '沙河镇', '新乐镇'])}${r.int(1, 12)}村${r.int(1, 9)}社${r.int(1, 99)}号`,
        since: `20${two(r.int(1, 25))}-0${r.int(1, 9)}-01`,
        careGroups: old ? r.pick([['living-alone-elderly'], ['oldest-old'], []]) : [],
        consent: old ? { by: r.pick(SERVICES), on: `2026-0${r.int(1, 8)}-11` } : null,
        presence: 'here',
        note: r.chance(0.8) ? note(r, 1) : '',
      });
    }
  }
  return items;
}

export function register(n, seed = SEED) {
  const out = [];
  for (let b = 0; out.length < n; b++) out.push(...building(b, seed));
  return out.slice(0, n);
}

/** The same register with one item a door: a dwelling with its households, each with its residents (for a project that keeps it so). */
export function doors(items) {
  const byDwelling = new Map(),
    byHousehold = new Map();
  for (const { type, body, ...rest } of items) {
    if (type === 'dwelling') byDwelling.set(rest.id, { ...rest, type, body: { ...body, households: [] } });
    else if (type === 'household') {
      const h = { ...body, residents: [] },
        door = byDwelling.get(body.dwellingId);
      byHousehold.set(rest.id, [h, door]);
      door.body.households.push(h);
      Object.assign(door, {
        version: Math.max(door.version, rest.version),
        updatedAt: Math.max(door.updatedAt, rest.updatedAt),
      });
    } else {
      const [h, door] = byHousehold.get(body.householdId);
      h.residents.push(body);
      Object.assign(door, {
        version: Math.max(door.version, rest.version),
        updatedAt: Math.max(door.updatedAt, rest.updatedAt),
      });
    }
  }
  return [...byDwelling.values()];
}

/** The k-th change at the office (k = 1, 2, …) of an item. Versions and times stay above every seeded one. */
export function changed(item, k, seed = SEED) {
  const r = random(seed, 'change', item.id, k),
    body = { ...item.body };
  if (item.type === 'dwelling') body.note = note(r, r.int(4, 6));
  else if (item.type === 'household') body.phone = phone(r);
  else {
    body.phone = phone(r);
    body.presence = r.pick(['here', 'away']);
  }
  return { ...item, version: item.version + 10_000_000 * k, updatedAt: item.updatedAt + 30 * 86400_000 * k, body };
}

/** Which of n items are changed when `count` are: spread over the whole register. */
export const changedIndexes = (n, count) => Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));

/** One household verification as protocol.md had it on 2026-11-23. `digest` only has the right length: a server that checks it must be given its own. */
export function submission(k, of = 10_000, seed = SEED) {
  const buildings = Math.ceil(of / BUILDING_SIZE),
    all = building(k % buildings, seed),
    r = random(seed, 'submission', k);
  const doors = all.filter((i) => i.type === 'household'),
    household = doors[Math.floor(k / buildings) % doors.length];
  const dwelling = all.find((i) => i.id === household.body.dwellingId),
    residents = all.filter((i) => i.body.householdId === household.id);
  const at = EPOCH + 20 * 86400_000 + k * 60_000,
    head = residents[0];
  const digest = Array.from({ length: 43 }, () =>
    r.pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
  ).join('');
  const born = birth(r, 0, 30),
    sex = r.pick('12');
  return {
    id: uuid(r, at),
    revision: 1,
    kind: 'household-verification',
    form: { id: 'household-verification', version: 1 },
    target: { type: 'dwelling', id: dwelling.id },
    basis: Object.fromEntries([dwelling, household, ...residents].map((i) => [i.id, i.version])),
    recordedAt: new Date(at).toISOString().replace('Z', '+00:00'),
    secondsOpen: r.int(60, 600),
    location: { lat: 38 + r.int(1000, 9999) / 1e5, lon: 100 + r.int(1000, 9999) / 1e5, accuracyMetres: r.int(4, 40) },
    body: {
      outcome: 'verified',
      nextVisit: null,
      informant: { residentId: head.id, name: head.body.name },
      dwelling: { use: dwelling.body.use, note: note(r, 1) },
      households: [
        {
          id: household.id,
          kind: 'family',
          tenure: household.body.tenure,
          headId: head.id,
          phone: phone(r),
          residents: [
            ...residents.map((i) =>
              r.chance(0.3) ? { id: i.id, change: 'corrected', phone: phone(r) } : { id: i.id, change: 'unchanged' },
            ),
            ...(residents.length < 3
              ? [
                  {
                    id: uuid(r, at + 1),
                    change: 'moved-in',
                    name: name(r, sex),
                    sex,
                    birthDate: born,
                    idType: 'resident-id',
                    idNumber: idNumber(r, born, sex),
                    phone: phone(r),
                    relation: '97',
                    residence: 'person-here',
                    registeredAddress: '甘肃省张掖市临泽县沙河镇3村',
                    careGroups: [],
                    presence: 'here',
                  },
                ]
              : []),
          ],
        },
      ],
      note: note(r, r.int(1, 2)),
      noticeGiven: true,
    },
    digest,
  };
}
export const submissions = (n, of, seed) => Array.from({ length: n }, (_, k) => submission(k, of, seed));

/** The same text for the same value, however its keys are ordered: for comparing what was stored with what was sent. */
export function canonical(v) {
  if (Array.isArray(v)) return '[' + v.map(canonical).join(',') + ']';
  if (v && typeof v === 'object')
    return (
      '{' +
      Object.keys(v)
        .sort()
        .map((k) => JSON.stringify(k) + ':' + canonical(v[k]))
        .join(',') +
      '}'
    );
  return JSON.stringify(v);
}
