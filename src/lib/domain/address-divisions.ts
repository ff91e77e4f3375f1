/** Leaves out the divisions that stand before a compound: `甘肃省张掖市民乐县洪水镇东街社区金山花园` → `金山花园`. */

/** In the order in which they are written, each at most once. What looks like one but belongs to a name is kept (小区, 小镇, 水乡). */
const DIVISIONS: RegExp[] = [
  /^[^\d省]{2,8}?(?:省|自治区|特别行政区)/,
  /^[^\d市]{2,8}?(?:自治州|地区|盟|市(?=.{1,8}?(?:市|县|(?<![小社])区|旗|镇|乡|街道|社区)))/,
  // 民乐县医院家属院 is a name, 民乐县金山花园 is a county and a name
  /^[^\d县]{2,8}?县(?!医院|政府|委|[一二三四五六七八九]中|中学|小学|人民|公安|.{1,6}[局厂]|.{1,6}公司)/,
  /^[^\d区]{1,6}?(?<![小社院园厂校矿住活东西南北中一二三四五六七八九A-Za-z])区(?=.{1,10}?(?:镇|乡|街道|社区|路|街))/,
  /^[^\d镇]{2,6}?(?<![小古])镇/,
  /^[^\d乡]{1,6}?(?<![水故老])乡(?=.{2,})/,
  /^[^\d]{1,8}?街道(?:办事处|办)?/,
  /^.{1,10}?社区(?:居委会|居民委员会|村)?/,
  /^(?:第?.{1,6}?)网格/,
];
/** A street with its number before the compound's name: `人民路12号金山花园`. */
const STREET = /^.{1,10}?(?:路|街|大道|巷)\d{1,4}号(?!院)(?=\D{2,})/;

/** A division is left out only while a name remains: `东街社区` before `12号` is the compound itself. */
export function withoutDivisions(text: string): string {
  let rest = text;
  for (const division of [...DIVISIONS, STREET]) {
    const shorter = rest.replace(division, '');
    // a remainder that only counts (3组, 二期) needs the name before it
    if (shorter !== '' && !/^(?:第?[\d一二三四五六七八九十]+(?:组|社|队|期|区|院|号院?)?|[-()]+)$/.test(shorter))
      rest = shorter;
  }
  return rest;
}
