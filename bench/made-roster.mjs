/** A made-up roster. Names are numbers' words and identity numbers carry the unassigned division 620799. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** The n-th of many different valid numbers. */
function identityNumber(n) {
  const day = new Date(Date.UTC(1940, 0, 1 + (n % 29_000)));
  const seventeen = `620799${day.toISOString().slice(0, 10).replaceAll('-', '')}${String(1 + 2 * Math.floor(n / 29_000) + (n % 2)).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(seventeen[index]), 0);
  return seventeen + '10X98765432'[sum % 11];
}

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰'];
const name = (n) => surnames[n % 20] + given[Math.floor(n / 20) % 26] + given[Math.floor(n / 520) % 26];

export const header =
  '网格 小区 楼栋 单元 楼层 室号 户号 姓名 与户主关系 性别 出生日期 身份证号码 联系电话 居住状态 房屋用途 户籍地址 关爱类别 备注 序号'.split(
    ' ',
  );
/** The cells of a made-up roster: its header, then `rows` people, three at a door. @param {number} rows */
export function rosterTable(rows) {
  const table = [header.map((value) => ({ value }))];
  for (let n = 0; n < rows; n++) {
    const door = Math.floor(n / 3);
    const [floor, unit, building] = [
      1 + (Math.floor(door / 2) % 6),
      1 + (Math.floor(door / 12) % 4),
      1 + (Math.floor(door / 48) % 20),
    ];
    const number = identityNumber(n);
    table.push(
      [
        `第${1 + Math.floor(door / 960)}网格`,
        `花园${Math.floor(door / 960)}小区`,
        `${building}号楼`,
        `${unit}单元`,
        floor,
        `${floor}0${1 + (door % 2)}`,
        door + 1,
        name(n),
        ['户主', '配偶', '子'][n % 3],
        Number(number[16]) % 2 ? '男' : '女',
        `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
        number,
        `139${String(n).padStart(8, '0')}`,
        '人户一致',
        '自住',
        null,
        n % 40 ? null : '独居老人',
        null,
        n + 1,
      ].map((value) => (value === null ? null : { value })),
    );
  }
  return table;
}
