/**
 * Writes the demo's roster, `src/lib/server/demo/roster.csv`, from a seed: the same people each time. Nobody in it is real:
 * the division code 620799 is not assigned, the numbers' middle is 0000.
 */
import './node-version.mjs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

let state = 20261123;
/** Mulberry32: uniform in [0, 1). */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;

const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常',
];
const given = {
  1: [
    '建国',
    '志强',
    '国栋',
    '军',
    '永平',
    '文斌',
    '海龙',
    '伟',
    '明',
    '立新',
    '天佑',
    '宗泽',
    '生荣',
    '学文',
    '万福',
    '成林',
    '克勤',
    '占元',
    '浩然',
    '子轩',
    '宇航',
    '一鸣',
    '博',
    '俊杰',
    '嘉乐',
    '振华',
    '兴旺',
    '玉山',
    '长青',
    '致远',
  ],
  2: [
    '秀英',
    '桂兰',
    '玉梅',
    '芳',
    '丽娟',
    '淑珍',
    '晓燕',
    '雪莲',
    '敏',
    '静',
    '彩霞',
    '月娥',
    '凤琴',
    '春花',
    '惠',
    '雅婷',
    '欣怡',
    '梓涵',
    '诗语',
    '可心',
    '思远',
    '佳琪',
    '红梅',
    '金花',
    '爱萍',
    '素云',
    '转弟',
    '巧玲',
    '若曦',
    '小满',
  ],
};

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** 18 digits with the checksum of ISO 7064 MOD 11-2; the 17th digit is odd for men. */
function identityNumber(birth, sex) {
  const order = below(499) * 2 + (sex === 1 ? 1 : 2);
  const body = `620799${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return body + '10X98765432'[sum % 11];
}

const phone = () =>
  `${pick(['139', '138', '150', '152', '158', '159', '181', '182', '187', '188'])}0000${String(below(10000)).padStart(4, '0')}`;
const two = (n) => String(n).padStart(2, '0');
const bornIn = (from, to) => `${from + below(to - from + 1)}-${two(1 + below(12))}-${two(1 + below(28))}`;

const headers = [
  '网格',
  '小区',
  '楼栋',
  '单元',
  '楼层',
  '房号',
  '户号',
  '姓名',
  '与户主关系',
  '性别',
  '公民身份号码',
  '出生日期',
  '联系电话',
  '居住类别',
  '户籍地址',
  '住房来源',
  '房屋用途',
  '入住时间',
  '关爱类别',
  '备注',
];
const rows = [];
let households = 0;
const used = new Set();

function person(sex, birth, more = {}) {
  const surname = more.surname ?? pick(surnames);
  let name = surname + pick(given[sex]);
  while (used.has(name)) name = surname + pick(given[sex]);
  used.add(name);
  const age = 2026 - Number(birth.slice(0, 4));
  return {
    surname,
    name,
    sex,
    birth,
    number: identityNumber(birth, sex),
    phone: age >= 14 && !chance(0.06) ? phone() : '',
    age,
    groups: [],
    note: '',
    ...more,
    surname,
  };
}

const couple = (from, to) => {
  const husband = person(1, bornIn(from, to), { relation: '户主' });
  return [husband, person(2, bornIn(from + 1, to + 2), { relation: '配偶' })];
};
const child = (surname, from, to) => {
  const sex = chance(0.5) ? 1 : 2;
  return person(sex, bornIn(from, to), { surname, relation: sex === 1 ? '子' : '女' });
};

/** Kinds of household, as a street has them. */
const kinds = [
  () => couple(1950, 1962),
  () => {
    const [husband, wife] = couple(1978, 1990);
    return [husband, wife, child(husband.surname, 2008, 2021)];
  },
  () => {
    const [husband, wife] = couple(1980, 1992);
    return [husband, wife, child(husband.surname, 2008, 2014), child(husband.surname, 2015, 2024)];
  },
  () => {
    const [husband, wife] = couple(1975, 1986);
    return [husband, wife, child(husband.surname, 2004, 2016), person(2, bornIn(1946, 1956), { relation: '父母' })];
  },
  () => {
    const alone = person(chance(0.7) ? 2 : 1, bornIn(1938, 1952), { relation: '户主' });
    alone.groups = alone.age >= 80 ? ['独居老人', '高龄老人'] : ['独居老人'];
    return [alone];
  },
  () => couple(1990, 1999),
  () => [person(chance(0.5) ? 1 : 2, bornIn(1988, 2001), { relation: '户主' })],
];

function door(grid, compound, building, unit, floor, room) {
  const at = [grid, compound, building, unit, floor, room];
  if (chance(0.09)) {
    rows.push([...at, '', '', '', '', '', '', '', '', '', '', '空置', '', '', '']);
    return;
  }
  const rented = chance(0.16);
  const people = rented ? pick([kinds[1], kinds[5], kinds[6]])() : pick(kinds)();
  households += 1;
  const number = `H${String(households).padStart(4, '0')}`;
  const [residence, registered] = rented
    ? pick([
        ['流动人口', '甘肃省武威市凉州区'],
        ['流动人口', '青海省海东市互助县'],
        ['人在户不在', '民乐县南古镇'],
        ['人在户不在', '民乐县六坝镇'],
      ])
    : chance(0.08)
      ? ['人在户不在', '民乐县新天镇']
      : ['人户一致', ''];
  const since = `${(rented ? 2021 : 2005) + below(rented ? 5 : 18)}-${two(1 + below(12))}`;
  for (const { name, relation, sex, number: id, birth, phone: own, groups, note } of people) {
    rows.push([
      ...at,
      number,
      name,
      relation,
      sex === 1 ? '男' : '女',
      id,
      birth,
      own,
      residence,
      registered,
      rented ? '租住' : '自有',
      rented ? '出租' : '自住',
      since,
      groups.join('、'),
      note,
    ]);
  }
}

/** Every door of a building: so many units, floors, doors a landing. */
function block(grid, compound, building, units, floors, doors) {
  for (let unit = 1; unit <= units; unit += 1) {
    for (let floor = 1; floor <= floors; floor += 1) {
      for (let place = 1; place <= doors; place += 1)
        door(grid, compound, building, String(unit), floor, `${floor}${two(place)}`);
    }
  }
}

block('第一网格', '金山花园', '1号楼', 3, 6, 2);
block('第一网格', '金山花园', '2号楼', 2, 6, 2);
for (let house = 1; house <= 9; house += 1) door('第一网格', '西巷', `${house}号`, '', 1, '');
block('第二网格', '滨河小区', '3号楼', 2, 6, 3);
block('第二网格', '滨河小区', '4号楼', 3, 5, 2);
block('第三网格', '东苑', '甲号楼', 2, 6, 2);

const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
const text = [headers, ...rows].map((row) => row.map(cell).join(',')).join('\n');
writeFileSync(path.join(root, 'src/lib/server/demo/roster.csv'), `${text}\n`);
console.log(`${rows.length} rows, ${households} households`);
