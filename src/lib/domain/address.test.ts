import { describe, expect, it } from 'vitest';
import {
  buildingLabel,
  compareRooms,
  compareUnits,
  doorLabel,
  parseAddress,
  plainBuilding,
  plainRoom,
  plainUnit,
  readFloor,
} from './address';
import { placeLabel } from './door-label';

/** compound | building | unit | floor | room | remainder */
function read(text: string): string {
  const address = parseAddress(text);
  return address
    ? [address.compound, address.building, address.unit, address.floor, address.room, address.remainder].join('|')
    : 'null';
}

describe('an address in one string', () => {
  it.each([
    ['民乐县洪水镇东街社区金山花园1号楼1单元101室', '金山花园|1|1|1|101|'],
    ['甘肃省张掖市民乐县洪水镇东街社区金山花园1号楼1单元1101室', '金山花园|1|1|11|1101|'],
    ['金山花园1-1-201', '金山花园|1|1|2|201|'],
    ['金山花园-1-1-201室', '金山花园|1|1|2|201|'],
    ['金山花园１号楼１单元２０２室', '金山花园|1|1|2|202|'],
    ['金山花园1#楼1单元302', '金山花园|1|1|3|302|'],
    ['金山花园 1# 2单元 302', '金山花园|1|2|3|302|'],
    ['金山花园1号楼1单元101室,"北侧"', '金山花园|1|1|1|101|北侧'],
    ['金山花园1栋101（北侧）', '金山花园|1||1|101|北侧'],
    ['金山花园三号楼二单元301', '金山花园|3|2|3|301|'],
    ['金山花园十二幢甲单元301', '金山花园|12|甲|3|301|'],
    ['锦绣家园A座1203', '锦绣家园|A||12|1203|'],
    ['锦绣家园2期3号楼1-502', '锦绣家园2期|3|1|5|502|'],
    ['民乐一中家属院1号楼4单元502室', '民乐一中家属院|1|4|5|502|'],
    ['民乐一中家属院2-4-102', '民乐一中家属院|2|4|1|102|'],
    ['民乐县医院家属院3号楼1单元101', '民乐县医院家属院|3|1|1|101|'],
    ['东街小区2-1-3-302', '东街小区|2|1|3|302|'],
    ['东街小区1-201', '东街小区|1||2|201|'],
    ['东街小区 1 1 101', '东街小区|1|1|1|101|'],
    ['东街小区1号楼1门101', '东街小区|1|1|1|101|'],
    ['东街小区1号楼1单元-1层103', '东街小区|1|1|-1|103|'],
    ['东街小区1号楼1单元负一层103', '东街小区|1|1|-1|103|'],
    ['东街小区1号楼1单元-101', '东街小区|1|1|-1|-101|'],
    ['东街小区3号楼2单元3楼东户', '东街小区|3|2|3|东|'.replace('东|', '东户|')],
    ['东街小区3楼2单元302', '东街小区|3|2|3|302|'],
    ['东街小区3号楼3楼301', '东街小区|3||3|301|'],
    ['人民路12号金山花园1号楼1单元101', '金山花园|1|1|1|101|'],
    ['张掖市甘州区东街街道南关社区锦绣家园3号楼1单元101', '锦绣家园|3|1|1|101|'],
    ['1号楼1单元101', '|1|1|1|101|'],
    ['幸福巷12号', '幸福巷|12||1||'],
    ['民乐县洪水镇东街社区幸福巷12号', '幸福巷|12||1||'],
    ['幸福巷12-1号', '幸福巷|12-1||1||'],
    ['幸福巷12号附3号', '幸福巷|12附3||1||'],
    ['幸福巷12号院3室', '幸福巷|12||1|3|'],
    ['人民路100弄3号201室', '人民路100弄|3||2|201|'],
    ['东街村3组12号', '东街村3组|12||1||'],
    ['洪水镇八一村六社12号', '八一村六社|12||1||'],
    ['东街社区58号', '东街社区|58||1||'],
    ['粮站家属院2单元201', '粮站家属院||2|2|201|'],
    ['2单元201', '||2|2|201|'],
    ['粮站家属院302室', '粮站家属院|||3|302|'],
    ['金山花园1号楼1单元101-2', '金山花园|1|1|1|101-2|'],
    ['金山花园1号楼1单元301A室', '金山花园|1|1|3|301A|'],
    ['金山花园1号楼', '金山花园|1||1||'],
    ['金山花园', 'null'],
    ['', 'null'],
    ['不详', 'null'],
  ])('reads %s', (text, parts) => {
    expect(read(text)).toBe(parts);
  });
});

describe('single cells of an address', () => {
  it('takes words off buildings, units, rooms and floors', () => {
    expect(['1号楼', '1#楼', '１栋', '一幢', 'A座', '3楼', '03', '综合楼', '甲楼'].map(plainBuilding)).toEqual([
      '1',
      '1',
      '1',
      '1',
      'A',
      '3',
      '3',
      '综合楼',
      '甲',
    ]);
    expect(['1单元', '一单元', '甲单元', '2门', '无', ''].map(plainUnit)).toEqual(['1', '1', '甲', '2', '', '']);
    expect(['101室', '１０１', '101号', '负101', '东户', '302a'].map(plainRoom)).toEqual([
      '101',
      '101',
      '101',
      '-101',
      '东户',
      '302A',
    ]);
    expect(['3', '3层', '三楼', '负一层', 'B1', '地下室', '-1', '', '99'].map(readFloor)).toEqual([
      3,
      3,
      3,
      -1,
      -1,
      -1,
      -1,
      null,
      null,
    ]);
  });
});

describe('a door in words', () => {
  it('is said in Chinese and English', () => {
    const door = { compound: '金山花园', building: '3', unit: '2', floor: 3, room: '302' };
    expect([buildingLabel(door), doorLabel(door)]).toEqual(['金山花园 3号楼', '2单元 302']);
    expect([buildingLabel(door, 'en'), doorLabel(door, 'en')]).toEqual(['金山花园 Building 3', 'Unit 2, 302']);
  });

  it('names a house in a lane by its number, and the floor where the room does not tell it', () => {
    const house = { compound: '幸福巷', building: '12', unit: '', floor: 1, room: '' };
    expect([buildingLabel(house), doorLabel(house), doorLabel(house, 'en')]).toEqual(['幸福巷 12号', '12号', 'No. 12']);
    expect([placeLabel(house), placeLabel(house, 'en')]).toEqual(['幸福巷 12号', '幸福巷 No. 12']);
    expect(doorLabel({ building: '3', unit: '1', floor: 3, room: '东户' })).toBe('1单元 3层 东户');
  });
});

describe('order on the stair', () => {
  it('counts as people count', () => {
    expect(['1001', '302', '-101', '302A', '东户', '201'].sort(compareRooms)).toEqual([
      '-101',
      '201',
      '302',
      '302A',
      '1001',
      '东户',
    ]);
    expect(['10', '乙', '2', '甲', '', 'A'].sort(compareUnits)).toEqual(['', '2', '10', '甲', '乙', 'A']);
  });
});
