import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { figures, hideRows, makeWorkbook, people, readBytes, readTabs } from '../support/make-roster';

/** Two households; numbers of the unassigned division 620799. */
const long = '620799195403273977';
const wen = '620799196511204666';
const peng = '620799197310144112';
const jin = '620799195901280459';

describe('header rows', () => {
  it('reads other words in another order, below titles', async () => {
    const understanding = await readTabs({
      名册: [
        ['东街社区实有人口登记表'],
        ['填报单位：东街社区', null, null, '填报日期：2026年10月'],
        ['电话', '证件号码', '成员姓名', '同户主关系', '所属网格', '现住址', '人员类别', '民族', '年龄'],
        ['13900007273', long, '龙杰', '户主', '第一网格', '金山花园1号楼1单元101室', '常住户籍', '汉族', 72],
        ['', wen, '文佳佳', '妻子', '第一网格', '金山花园1号楼1单元101室', '常住户籍', '汉族', 61],
      ],
    });
    expect(figures(understanding)).toMatchObject({
      rows: 2,
      dwellings: 1,
      households: 1,
      residents: 2,
      bySex: { 男: 1, 女: 1 },
      byResidence: { 人户一致: 2 },
      questions: [],
    });
    expect(people(understanding)[1]).toMatchObject({
      name: '文佳佳',
      relation: '10',
      birthDate: '1965-11-20',
      sex: '2',
      idNumber: wen,
    });
    expect(
      understanding.sheets[0]?.columns.filter(({ meaning }) => meaning === 'left').map(({ header }) => header),
    ).toEqual(['民族', '年龄']);
  });

  it('reads a header in two rows with groups across, with and without merged cells', async () => {
    const span = (value: string, columnSpan: number) => ({ value, columnSpan });
    const below = ['姓名', '身份证', '关系', '小区', '楼栋', '单元', '房号'];
    const data = ['龙杰', long, '户主', '金山花园', '1栋', '一单元', '101'];
    const merged = await readTabs({
      表: [
        [{ value: '网格', rowSpan: 2 }, span('基本信息', 3), null, null, span('住址信息', 4), null, null, null],
        [null, ...below],
        ['一网格', ...data],
      ],
    });
    const plain = await readTabs({
      表: [
        ['网格', '基本信息', null, null, '住址信息'],
        [null, ...below],
        ['一网格', ...data],
      ],
    });
    for (const understanding of [merged, plain]) {
      expect(figures(understanding)).toMatchObject({ residents: 1, grids: 1, buildings: 1, questions: [] });
      expect(people(understanding)[0]).toMatchObject({ door: '金山花园|1|1|101', grid: '一网格', relation: '02' });
    }
  });

  it('reads a header in three rows whose cells are merged down', async () => {
    const down = (value: string, rowSpan: number) => ({ value, rowSpan });
    const understanding = await readTabs({
      台账: [
        ['东街社区人口信息台账'],
        [down('序号', 3), down('网格', 3), { value: '基本情况', columnSpan: 4 }, null, null, null, down('住址', 3)],
        [null, null, down('姓名', 2), { value: '证件', columnSpan: 2 }, null, down('联系电话', 2), null],
        [null, null, null, '类型', '号码', null, null],
        [1, '一网格', '龙杰', '身份证', long, '13900007273', '金山花园1-1-101'],
      ],
    });
    expect(figures(understanding)).toMatchObject({ rows: 1, residents: 1, questions: [] });
    expect(people(understanding)[0]).toMatchObject({ idType: 'resident-id', idNumber: long, phone: '13900007273' });
  });

  it('reads numbers kept as numbers, and rows that leave out what the row above says', async () => {
    const understanding = await readTabs({
      表: [
        ['网格', '楼号', '单元', '房号', '姓名', '联系电话', '出生年月'],
        [1, 1, 2, 301, '龙杰', 13900007273, 195403],
        [null, null, null, null, '文佳佳', 15800007741, 1965.11],
        [null, null, null, 302, '彭林文', null, null],
      ],
    });
    expect(people(understanding).map(({ grid, door, birthDate }) => `${grid} ${door} ${birthDate}`)).toEqual([
      '1 |1|2|301 1954-03',
      '1 |1|2|301 1965-11',
      '1 |1|2|302 undefined',
    ]);
  });

  it('tells the columns of the head from those of the members by the group above them', async () => {
    const understanding = await readTabs({
      表: [
        [
          { value: '户主信息', columnSpan: 2 },
          null,
          { value: '家庭成员', columnSpan: 3 },
          null,
          null,
          { value: '家庭住址', rowSpan: 2 },
        ],
        ['姓名', '联系电话', '姓名', '与户主关系', '身份证号', null],
        ['龙杰', '13900007273', '龙杰', '本人', long, '金山花园1-1-101'],
        [null, null, '文佳佳', '配偶', wen, null],
      ],
    });
    expect(people(understanding).map(({ name, relation }) => `${name} ${relation}`)).toEqual(['龙杰 02', '文佳佳 10']);
    expect(understanding.roster.doors[0]?.households[0]?.phone).toBe('13900007273');
  });

  it('knows columns by what stands in them where the words are unknown', async () => {
    const understanding = await readTabs({
      表: [
        ['谁', '号', '哪里', '拨打'],
        ['龙杰', long, '金山花园1号楼1单元101室', '13900007273'],
        ['文佳佳', wen, '金山花园1号楼1单元101室', '15800007741'],
        ['彭林文', peng, '金山花园1号楼1单元102室', '18100007981'],
      ],
    });
    expect(figures(understanding)).toMatchObject({ dwellings: 2, residents: 3 });
    expect(people(understanding)[2]).toMatchObject({ name: '彭林文', idNumber: peng, phone: '18100007981' });
  });

  it('skips the header where each page repeats it, totals, column numbers and signatures', async () => {
    const header = ['序号', '网格', '姓名', '身份证号', '住址'];
    const understanding = await readTabs({
      表: [
        header,
        ['1', '2', '3', '4', '5'],
        [1, '第一网格', '龙杰', long, '金山花园1-1-101'],
        ['小计', null, '1人', null, null],
        header,
        [2, '第一网格', '彭林文', peng, '金山花园1-1-102'],
        ['合  计', null, '2人', null, '2户'],
        ['制表人：王某', null, '审核人：李某', null, null],
      ],
    });
    expect(figures(understanding)).toMatchObject({ rows: 2, residents: 2, dwellings: 2, questions: [] });
    expect(understanding.sheets[0]?.totals).toBe(2);
  });

  it('takes the meanings that a person chose', async () => {
    const rows = [
      ['谁人', '编码', '门'],
      ['龙杰', long, '金山花园1-1-101'],
    ];
    const understanding = await readTabs(
      { 表: rows, 别的: rows },
      { 表: { header: [1, 1], columns: { 0: 'name', 1: 'idNumber', 2: 'address' } }, 别的: { use: false } },
    );
    expect(figures(understanding)).toMatchObject({ residents: 1, dwellings: 1 });
    expect(understanding.sheets.map(({ left }) => left)).toEqual([null, 'by-person']);
  });
});

describe('sheets', () => {
  it('takes the grid from the tab where there is one sheet a grid, and leaves sheets without residents', async () => {
    const header = ['姓名', '身份证号', '住址'];
    const understanding = await readTabs({
      说明: [['填表说明'], ['请如实填写']],
      第一网格: [header, ['龙杰', long, '金山花园1-1-101']],
      第二网格: [['第二网格居民台账'], header, ['彭林文', peng, '东街小区1-1-101']],
      统计: [
        ['网格', '户数', '人数'],
        ['第一网格', 1, 1],
        ['第二网格', 1, 1],
      ],
    });
    expect(figures(understanding)).toMatchObject({ grids: 2, residents: 2, buildings: 2, questions: [] });
    expect(people(understanding).map(({ grid }) => grid)).toEqual(['第一网格', '第二网格']);
    expect(understanding.sheets.map(({ name, left }) => [name, left])).toEqual([
      ['说明', 'no-header'],
      ['第一网格', null],
      ['第二网格', null],
      ['统计', 'no-header'],
    ]);
  });

  it('takes grids and buildings from rows in between', async () => {
    const understanding = await readTabs({
      Sheet1: [
        ['姓名', '身份证号', '房号'],
        ['第一网格'],
        ['金山花园1号楼'],
        ['龙杰', long, '1-101'],
        ['第二网格'],
        ['东街小区2号楼'],
        ['彭林文', peng, '2单元201'],
      ],
    });
    expect(people(understanding).map(({ grid, door }) => `${grid} ${door}`)).toEqual([
      '第一网格 金山花园|1|1|101',
      '第二网格 东街小区|2|2|201',
    ]);
  });

  it('reads hidden rows like the others and counts them', async () => {
    const workbook = await makeWorkbook({
      表: [
        ['姓名', '网格', '住址'],
        ['龙杰', '一网格', '金山花园1-1-101'],
        ['彭林文', '一网格', '金山花园1-1-102'],
      ],
    });
    const understanding = await readBytes(hideRows(workbook, [3]), 'a.xlsx');
    expect(figures(understanding)).toMatchObject({ residents: 2 });
    expect(understanding.sheets[0]?.hiddenRows).toBe(1);
  });
});

describe('households and doors', () => {
  const header = ['网格', '住址', '户主', '姓名', '与户主关系', '身份证号', '联系方式', '人户情况', '备注'];

  it('reads cells merged by household, in the middle of the table too', async () => {
    const span = (value: string, rowSpan: number) => ({ value, rowSpan });
    const understanding = await readTabs({
      表: [
        header,
        [
          span('第一网格', 3),
          span('金山花园1-1-101', 2),
          span('龙杰', 2),
          '龙杰',
          '户主',
          long,
          span('13900007273', 2),
          span('人户一致', 2),
          null,
        ],
        [null, null, null, '文佳佳', '之妻', wen, null, null, null],
        [null, '金山花园1-1-102', '彭林文', '彭林文', '户主', peng, null, '流动人口', null],
      ],
    });
    expect(figures(understanding)).toMatchObject({
      dwellings: 2,
      households: 2,
      residents: 3,
      grids: 1,
      byResidence: { 人户一致: 2, 流动人口: 1 },
    });
    expect(people(understanding).map(({ phone }) => phone)).toEqual(['13900007273', undefined, undefined]);
  });

  it('repeats the value above for 同上 and 〃', async () => {
    const understanding = await readTabs({
      表: [
        header,
        ['第一网格', '金山花园1-1-101', '龙杰', '龙杰', '户主', long, '13900007273', '人户一致', null],
        ['同上', '同上', '〃', '文佳佳', '妻', wen, '同上', '〃', null],
      ],
    });
    expect(figures(understanding)).toMatchObject({
      dwellings: 1,
      households: 1,
      residents: 2,
      byResidence: { 人户一致: 2 },
    });
    expect(people(understanding)[1]?.phone).toBe('13900007273');
  });

  it('makes two households of two heads at one address', async () => {
    const withHeadColumn = await readTabs({
      表: [
        header,
        ['第一网格', '金山花园1-1-101', '龙杰', '龙杰', '户主', long, null, null, null],
        ['第一网格', '金山花园1-1-101', '彭林文', '彭林文', '户主', peng, null, null, null],
      ],
    });
    expect(figures(withHeadColumn)).toMatchObject({ dwellings: 1, households: 2, residents: 2, questions: [] });
    const without = await readTabs({
      表: [
        ['网格', '住址', '姓名', '关系'],
        ['第一网格', '金山花园1-1-101', '龙杰', '户主'],
        ['第一网格', '金山花园1-1-101', '彭林文', '户主'],
        ['第一网格', '金山花园1-1-101', '彭林', '子'],
      ],
    });
    expect(figures(without)).toMatchObject({
      dwellings: 1,
      households: 2,
      residents: 3,
      questions: ['3 关系 two_heads'],
    });
    expect(people(without).map(({ household }) => household)).toEqual([0, 1, 1]);
  });

  it('takes a row without a person for a vacant dwelling, whatever word says so', async () => {
    const understanding = await readTabs({
      表: [
        ['网格', '小区', '楼栋', '单元', '房号', '姓名', '房屋用途'],
        ['第一网格', '金山花园', '1号楼', '1单元', '101', null, '空置'],
        ['第一网格', '金山花园', '1号楼', '1单元', '102', '（空）', null],
        ['第一网格', '金山花园', '1号楼', '1单元', '103', '无', null],
        ['第一网格', '金山花园', '1号楼', '1单元', '001', null, '商铺'],
        ['第一网格', '金山花园', '1号楼', '1单元', '201', '龙杰', '自住'],
      ],
    });
    expect(figures(understanding)).toMatchObject({
      dwellings: 5,
      vacantDwellings: 4,
      households: 1,
      residents: 1,
      questions: [],
    });
    expect(understanding.roster.doors.map(({ stated }) => stated.use)).toEqual([
      'vacant',
      'vacant',
      'vacant',
      'shop',
      'owner-occupied',
    ]);
  });

  it('reads houses in lanes and villages, from columns and from strings', async () => {
    const understanding = await readTabs({
      表: [
        ['网格', '村组', '门牌号', '户主', '姓名', '房屋用途'],
        ['一网格', '东街村1组', '12号', '龙杰', '龙杰', '自住'],
        ['', '', '', '', '文佳佳', ''],
        ['一网格', '东街村1组', '13', '彭林文', '彭林文', '养殖'],
      ],
    });
    expect(people(understanding).map(({ door }) => door)).toEqual([
      '东街村1组|12||',
      '东街村1组|12||',
      '东街村1组|13||',
    ]);
    expect(figures(understanding)).toMatchObject({ households: 2, questions: ['4 房屋用途 use_unclear'] });
  });

  it('leaves out repeated rows, and keeps two people of one name apart', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '身份证号', '住址', '网格'],
        ['龙杰', long, '金山花园1-1-101', '一网格'],
        ['龙杰', long, '金山花园1号楼1单元101室', '一网格'],
        ['龙杰', peng, '金山花园1-1-101', '一网格'],
        ['王小明', null, '金山花园1-1-102', '一网格'],
        ['王小明', null, '金山花园1-1-102', '一网格'],
      ],
    });
    expect(figures(understanding)).toMatchObject({ rows: 5, dwellings: 2, residents: 3 });
    expect(understanding.roster.repeated).toBe(2);
  });

  it('asks about one number on two people, and takes it for the first', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '身份证号', '住址', '网格'],
        ['龙杰', long, '金山花园1-1-101', '一网格'],
        ['龙小杰', long, '金山花园1-1-102', '一网格'],
      ],
    });
    expect(figures(understanding).questions).toEqual(['3 身份证号 id_twice']);
    expect(people(understanding).map(({ idNumber }) => idNumber)).toEqual([long, undefined]);
  });

  it('reads a compound with and without 小区 at its end as one', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址'],
        ['龙杰', '一网格', '金山花园小区1号楼1单元101'],
        ['文佳佳', '第一网格'.slice(1), '金山花园1-1-101'],
        ['彭林文', '第一网格', '１栋一单元１０２'],
      ],
    });
    expect(figures(understanding)).toMatchObject({ dwellings: 2, grids: 1 });
  });
});

describe('values', () => {
  it('reads every form of a date', async () => {
    const forms: [string | number | Date, string][] = [
      ['19651120', '1965-11-20'],
      [19651120, '1965-11-20'],
      ['1965.11.20', '1965-11-20'],
      ['1965年3月', '1965-03'],
      [26951, '1973-10-14'],
      ['26951', '1973-10-14'],
      [new Date(Date.UTC(1965, 10, 20)), '1965-11-20'],
      ['1965/3/2', '1965-03-02'],
      ['1965-3-2 00:00:00', '1965-03-02'],
      ['1965', '1965'],
      ['196503', '1965-03'],
      ['１９６５年１１月２０日', '1965-11-20'],
      ['1965.3', '1965-03'],
      ['农历1965年3月2日', '1965'],
      ['1965年腊月', '1965'],
      ['二〇〇一年三月', '2001-03'],
    ];
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '出生日期'],
        ...forms.map(([form], index) => [
          `人${'一二三四五六七八九十甲乙丙丁戊己'[index]}`,
          '一网格',
          '金山花园1-1-101',
          form,
        ]),
      ],
    });
    expect(people(understanding).map(({ birthDate }) => birthDate)).toEqual(forms.map(([, date]) => date));
  });

  it('asks about a date that is none, and about one that the number contradicts', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '出生日期', '身份证号'],
        ['龙杰', '一网格', '金山花园1-1-101', '1954年4月', long],
        ['文佳佳', '一网格', '金山花园1-1-101', '不到六十', null],
        ['彭林文', '一网格', '金山花园1-1-101', '无', null],
      ],
    });
    expect(figures(understanding).questions).toEqual(['2 出生日期 birth_differs', '3 出生日期 birth_unclear']);
    expect(people(understanding).map(({ birthDate }) => birthDate)).toEqual(['1954-03-27', undefined, undefined]);
  });

  it('mends a number silently, asks once about each that is rounded or fails, and never takes one of those', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '居民身份证号码', '性别'],
        ['一', '一网格', '金山花园1-1-101', '６２０７９９１９５４０３２７３９７７', null],
        ['二', '一网格', '金山花园1-1-101', '620799 19651120 4666', null],
        ['三', '一网格', '金山花园1-1-101', '62079919461027234x', null],
        ['四', '一网格', '金山花园1-1-101', 620799196511204666, '女'],
        ['五', '一网格', '金山花园1-1-101', '6.20799E+17', null],
        ['六', '一网格', '金山花园1-1-101', '620799196511204000', null],
        ['七', '一网格', '金山花园1-1-101', '620799196511204667', null],
        ['八', '一网格', '金山花园1-1-101', '620799651120466', null],
        ['九', '一网格', '金山花园1-1-101', '无', null],
        ['十', '一网格', '金山花园1-1-101', '62079919651120466', null],
        ['百', '一网格', '金山花园1-1-101', "'" + jin, null],
      ],
    });
    expect(figures(understanding).questions).toEqual([
      '5 居民身份证号码 id_rounded',
      '6 居民身份证号码 id_rounded',
      '7 居民身份证号码 id_rounded',
      '8 居民身份证号码 id_checksum',
      '9 居民身份证号码 id_first_card',
      '11 居民身份证号码 id_length',
    ]);
    expect(people(understanding).map(({ idNumber }) => idNumber)).toEqual([
      long,
      wen,
      '62079919461027234X',
      ...Array<undefined>(7),
      jin,
    ]);
  });

  it('takes the first of two telephones and keeps the other in the note', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '手机'],
        ['龙杰', '一网格', '金山花园1-1-101', '13900007273/158-0000-7741'],
        ['文佳佳', '一网格', '金山花园1-1-101', '0936-4421234'],
        ['彭林文', '一网格', '金山花园1-1-101', '1390000727'],
        ['金子林', '一网格', '金山花园1-1-101', 15900003060],
        ['徐梅思', '一网格', '金山花园1-1-101', '18800003477（儿子）、15900003061'],
        ['邱军超', '一网格', '金山花园1-1-101', '18200000520 18200004750'],
      ],
    });
    expect(people(understanding).map(({ phone }) => phone)).toEqual([
      '13900007273',
      '09364421234',
      undefined,
      '15900003060',
      '18800003477',
      '18200000520',
    ]);
    expect(understanding.roster.doors[0]?.stated.note).toContain('龙杰另有电话：15800007741');
    expect(figures(understanding).questions).toEqual(['4 手机 phone_unclear']);
  });

  it('reads from a remark that somebody moved away or died, not what it says of others', async () => {
    const remarks = ['已搬走', '2024年死亡', '丈夫去世', '在兰州务工', '已搬迁至甘州区', '未搬走', null];
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '备注'],
        ...remarks.map((remark, index) => [
          `王${'一二三四五六七'[index]}`,
          '一网格',
          `金山花园1-1-${index + 1}01`,
          remark,
        ]),
      ],
    });
    expect(people(understanding).map(({ presence }) => presence)).toEqual([
      'moved-away',
      'died',
      undefined,
      'away',
      'moved-away',
      undefined,
      undefined,
    ]);
    expect(people(understanding)[3]?.awayTo).toBe('兰州');
  });

  it('asks about a character of a private area and keeps the name', async () => {
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址'],
        ['王\uE123', '一网格', '金山花园1-1-101'],
      ],
    });
    expect(figures(understanding)).toMatchObject({ residents: 1, questions: ['2 姓名 name_private_use'] });
  });

  it('turns words of relation, sex and care into codes', async () => {
    const words: [string, string][] = [
      ['户主', '02'],
      ['之妻', '10'],
      ['丈夫', '10'],
      ['长子', '20'],
      ['次女', '30'],
      ['儿媳', '38'],
      ['女婿', '28'],
      ['孙女', '40'],
      ['外孙', '40'],
      ['父亲', '50'],
      ['岳母', '56'],
      ['奶奶', '60'],
      ['弟弟', '70'],
      ['侄子', '97'],
      ['租客', '99'],
      ['20', '20'],
      ['11', '10'],
    ];
    const understanding = await readTabs({
      表: [
        ['姓名', '网格', '住址', '与户主关系', '特殊群体'],
        ...words.map(([word], index) => [
          `王某${String.fromCodePoint(0x4e00 + index)}`,
          '一网格',
          '金山花园1-1-101',
          word,
          '独居老人、残疾',
        ]),
      ],
    });
    expect(people(understanding).map(({ relation }) => relation)).toEqual(words.map(([, code]) => code));
    expect(people(understanding)[0]?.careGroups).toEqual(['living-alone-elderly', 'disabled']);
    expect(
      people(understanding)
        .map(({ sex }) => sex)
        .slice(1, 6),
    ).toEqual([undefined, undefined, '1', '2', '2']);
  });
});

describe('text tables', () => {
  const rows = [
    ['姓名', '身份证号码', '家庭住址', '网格'],
    ['龙杰', long, '金山花园1号楼1单元101室', '第一网格'],
    ['彭林文', peng, '金山花园1号楼1单元102室', '第一网格'],
  ];
  const text = (separator: string, end = '\n') => rows.map((row) => row.join(separator)).join(end);

  it.each([
    ['UTF-8', Buffer.from(text(','))],
    ['UTF-8 with a mark', Buffer.from('\uFEFF' + text(','))],
    ['GB 18030', iconv.encode(text(',', '\r\n'), 'gb18030')],
    ['UTF-16, as Excel saves Unicode text', iconv.encode('\uFEFF' + text('\t'), 'utf16-le')],
    ['semicolons', Buffer.from(text(';'))],
    ['tabs', Buffer.from(text('\t'))],
    ['numbers kept as formulas', Buffer.from(text(',').replace(long, `="${long}"`).replace(peng, `"\t${peng}"`))],
    ['a quote that is never closed', Buffer.from(text(',').replace('龙杰', '"龙杰'))],
  ])('reads %s', async (_, bytes) => {
    const understanding = await readBytes(bytes, 'export.csv');
    expect(people(understanding).map(({ idNumber }) => idNumber)).toEqual([long, peng]);
    expect(understanding.sheets[0]?.name).toBe('export');
  });

  it('counts rows as a spreadsheet does, blank lines too', async () => {
    const lines = [
      '姓名,身份证号,住址,网格',
      '',
      `龙杰,${long},"金山花园1号楼\n1单元101",一网格`,
      '',
      '彭林文,620799197310144113,金山花园1-1-102,一网格',
    ];
    const understanding = await readBytes(Buffer.from(lines.join('\r\n')), 'a.csv');
    expect(figures(understanding).questions).toEqual(['5 身份证号 id_checksum']);
  });

  it('does not believe numbers ending in 000 where the column was rounded', async () => {
    const lines = [
      '姓名,身份证号,住址,网格',
      '甲,620799199211063000,金山花园1-1-101,一网格',
      '乙,620799196409211000,金山花园1-1-101,一网格',
      '丙,620799201304152000,金山花园1-1-101,一网格',
    ];
    expect(figures(await readBytes(Buffer.from(lines.join('\n')), 'a.csv')).questions).toEqual([
      '2 身份证号 id_rounded',
      '3 身份证号 id_rounded',
      '4 身份证号 id_rounded',
    ]);
  });
});
