/** What a remark says of where somebody is: 已搬走, 2024年去世, 在兰州务工. Whatever it says of others (丈夫去世) is left alone. */
import type { Code } from '../../domain/codes/codes';

const OTHERS =
  /(?:丈夫|妻子|配偶|老伴|父亲?|母亲?|父母|儿子|女儿|子女|孩子|其[子女夫妻父母]|长[子女]|次[子女]|房东|前夫|前妻|爷爷|奶奶)(?:[^，,。;；]{0,8})$/;
const SIGNS: [Code<'presence'>, RegExp][] = [
  ['died', /死亡|去世|已故|亡故|病故|过世|离世|身故/],
  ['moved-away', /(?:已|全家|举家|户籍|于?\d{2,4}年?\S{0,6})?(?:搬走|搬离|搬迁|搬出|迁出|迁走|搬家)/],
  ['away', /外出|在外|(?:务工|打工|上学|读书|上大学|住校|当兵|服役|入伍|住院|服刑)/],
];
const PLACE =
  /(?:在|赴|去|到|往)((?!外地?|校|家|外面)\p{Script=Han}{2,8}?)(?:市|县|省)?(?:务工|打工|上学|读书|上大学|工作|居住|就业|当兵|服役|住院)/u;

export function statedPresence(remark: string): { presence: Code<'presence'> | null; awayTo: string } {
  for (const [presence, sign] of SIGNS) {
    const match = sign.exec(remark);
    if (!match || OTHERS.test(remark.slice(0, match.index))) continue;
    if (/(?:未|没有?|不|拟|将|准备|计划)$/.test(remark.slice(0, match.index))) continue;
    return { presence, awayTo: presence === 'away' ? (PLACE.exec(remark)?.[1] ?? '') : '' };
  }
  return { presence: null, awayTo: '' };
}
