/** What a column of a roster can mean, and the header words by which offices call it. */
import * as z from 'zod';

export const rosterFields = [
  'grid',
  'compound',
  'building',
  'unit',
  'floor',
  'room',
  'address',
  'householdNumber',
  'head',
  'householdPhone',
  'name',
  'relation',
  'sex',
  'birthDate',
  'idType',
  'idNumber',
  'phone',
  'residence',
  'presence',
  'awayTo',
  'use',
  'tenure',
  'registeredAddress',
  'since',
  'careGroups',
  'ownerName',
  'ownerPhone',
  'contactName',
  'contactPhone',
  'note',
] as const;
export const RosterField = z.enum(rosterFields);
export type RosterField = z.infer<typeof RosterField>;

/** Fields that belong to the door or the household: below the first row of a household they may be left out or merged. */
export const sharedFields: ReadonlySet<RosterField> = new Set([
  'grid',
  'compound',
  'building',
  'unit',
  'floor',
  'room',
  'address',
  'householdNumber',
  'head',
  'householdPhone',
  'use',
  'tenure',
  'ownerName',
  'ownerPhone',
]);
/** Of those, the ones that say where the door is. */
export const addressFields: RosterField[] = ['address', 'compound', 'building', 'unit', 'floor', 'room'];

/** `left`: read by nobody, because the register does not hold it (老家, 民族, 监护人电话 …). */
export type Meaning = RosterField | 'left';

const PHONE = '(?:电话|手机|联系方式|联络方式|联系号码)';
/**
 * First match wins: what belongs to somebody else or is not held stands before the plain words. Tried against the header's
 * words without spaces, brackets and marks.
 */
const meanings: [Meaning, RegExp][] = [
  ['left', /^(?:序号|序|no\.?|编号|行号|#)$/i],
  [
    'left',
    /网格(?:员|长|专员|管理员)|楼(?:长|栋长)|包(?:联|户|抓)|责任人|填报|填表|登记(?:人|日期|时间)|采集|审核|录入|更新|调查|走访/,
  ],
  [
    'left',
    /民族|政治|党员|宗教|信仰|文化|学历|婚姻|职业|工作单位|就业|兵役|血型|身高|年龄|国籍|车牌|车辆|宠物|邮箱|微信|照片|收入/,
  ],
  [
    'left',
    /监护人|紧急|父亲(?:姓名|电话|身份)|母亲(?:姓名|电话|身份)|配偶(?:姓名|电话|身份)|子女(?:姓名|电话|数)|法人/,
  ],
  [
    'left',
    /(?:户|人口|成员|家庭)(?:人数|人口|数量|口数|数)$|^人(?:口)?数|^人口$|总(?:层|户|人|楼层)|面积|房产证|产权证|不动产|房屋(?:编号|编码|id)|经度|纬度|出生地|籍贯|户口(?:性质|类别)|户籍(?:性质)|农业/i,
  ],
  ['ownerPhone', new RegExp(`(?:房东|房主|业主|产权人|出租人|房屋所有人).*${PHONE}`)],
  ['left', /(?:房东|房主|业主|产权人|出租人|户主).*(?:身份|证件|号码|住址|地址)/],
  ['ownerName', /房东|房主|业主|产权人|出租人|房屋所有人/],
  ['contactPhone', new RegExp(`(?:联系户|联系人).*${PHONE}`)],
  ['contactName', /联系户|^联系人(?:姓名)?$/],
  ['householdPhone', new RegExp(`(?:户主|家庭|住宅|固定|宅).*${PHONE}|^(?:宅电|座机)`)],
  ['left', /电话(?:归属|类型|是否)|是否(?:有电话|联系)/],
  ['idType', /(?:证件|身份证件)(?:类型|种类|类别|名称)|^idtype$/i],
  ['idNumber', /身份证|公民身份|身份号|证件号|证件编号|^证(?:件)?号(?:码)?$|idnumber|idcard|idno|identity/i],
  ['relation', /关系|称谓|relation/i],
  ['head', /^(?:所属)?户主(?:姓名|名称|名)?$|^户名$|^head/i],
  [
    'residence',
    /人户|户籍(?:类别|类型|状态|情况|人口)|居住(?:状态|情况|状况|类型|类别|性质|形式)|(?:人员|人口|居民)(?:类别|类型|性质|属性|状态|分类)|流动(?:人口|人员)?(?:类型|情况|标识)?$|residence/i,
  ],
  ['registeredAddress', /户籍|户口(?:所在)?(?:地|住)|户口登记|原籍|registeredaddress|hukou/i],
  ['birthDate', /出生|生日|birth/i],
  ['sex', /性别|^sex$|gender/i],
  ['since', /(?:入住|来住|居住|迁入|搬入|来本地|租住|到达)(?:起始|开始)?(?:日期|时间|年月)|since/i],
  ['awayTo', /外出(?:地|去向|地点|地址|流向)|去向|流向|务工地|现在何处/],
  ['careGroups', /关爱|特殊|重点(?:人群|对象|服务)|人群|困难|帮扶|服务对象|标签|care/i],
  ['careGroups', /独居|空巢|留守|高龄|失能|失智|残疾|残障|低保|特困|五保|重病|大病|失独|孤儿|困境/],
  ['presence', /在住|在家|常住|是否居住|现状|去世|人员动态|presence/i],
  [
    'use',
    /(?:房屋|住房|住宅|房间|房产)?(?:用途|使用(?:情况|性质|状态))|(?:房屋|住房|房产)(?:性质|类型|类别|状态|状况|情况|属性)|是否(?:空置|出租)|空置/,
  ],
  ['tenure', /产权|(?:住房|房屋)来源|居住方式|租(?:住|赁)|自有|tenure/i],
  ['phone', new RegExp(`${PHONE}|^电联|^联系(?:号码)?$|phone|mobile|^tel`, 'i')],
  ['grid', /网格|^grid/i],
  [
    'householdNumber',
    /^户(?:编)?(?:号|码|序|id|序号|编码|标识)$|家庭(?:编号|户号|序号|编码)|户口(?:簿|本|册)?(?:编)?号|^户$|住户(?:编号|序号)|^household(?:no|number|id)?$/i,
  ],
  ['floor', /楼层|所在层|^层(?:数|号|次)?$|^floor/i],
  ['unit', /单元|^unit/i],
  ['building', /楼(?:栋|号|幢|宇|座)|(?:栋|幢|座)(?:号|数)?$|^楼(?:名)?$|几号楼|^building/i],
  ['room', /(?:房|室|户|房间|房屋|屋|门)(?:间)?号(?:码)?$|^(?:房|室|房间|房屋|门牌)$|户室|房室|门牌|^room|^door/i],
  ['compound', /小区|院落|楼院|家属院|街巷|巷道|路巷|自然村|村(?:组|名|民小组)|社(?:区)?名|^组$|^院$|compound|estate/i],
  ['address', /住址|地址|居住地|住所|位置|address/i],
  [
    'name',
    /^(?:(?:居民|成员|家庭成员|人员|住户|人口|本人|实有人口|常住人口|人|老人|对象|公民|被登记人)?(?:的)?(?:姓名|名字|名称|姓名全称)|家庭成员|成员|(?:full)?name|姓)$/i,
  ],
  ['note', /备注|附注|说明|其他(?:情况|信息)?$|^note|remark/i],
];

/** Words that only name whose the columns below are: with them a header is read together with its group. */
const GROUPS_THAT_MATTER = /户主|房东|房主|业主|产权|监护|紧急|网格员|楼长|户籍|联系户|联系人/;

/** What a header means, by its words; `null` when they are not known. `group`: the header above it, in a two-row header. */
export function meaningOf(header: string, group = ''): Meaning | null {
  const member = memberOf(header);
  const own = plainHeader(member ? member.words || '姓名' : header);
  if (own === '') return null;
  const above = plainHeader(group);
  const together = GROUPS_THAT_MATTER.test(above) && !own.includes(above) && !/成员/.test(above) ? above + own : own;
  // 证件 above 类型 and 号码: the words below say little without those above
  return known(together) ?? (above === '' ? null : known(above + own));
}

function known(words: string): Meaning | null {
  return meanings.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}

const MEMBER =
  /(?:家庭|同住|其他|共同居住)?(?:成员|家属|居住人)[（(]?(\d{1,2}|[一二三四五六七八九十])[)）]?(?:的|[-_:：·.])?/;

/** One household a row: whose column it is (`成员2`, `成员二`), and the words without that; null for any other column. */
export function memberOf(header: string): { member: string; words: string } | null {
  const tidy = header.normalize('NFKC').replace(/\s/g, '');
  const found = MEMBER.exec(tidy);
  if (!found) return null;
  return { member: found[1] ?? '', words: tidy.replace(found[0], '') };
}

/** A header without spaces, marks, numbering and what stands in brackets: `姓 名`, `*姓名`, `4.姓名（必填）` → `姓名`. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, '')
    .replace(/[\s*:_\-—·、,，。.]/g, '')
    .replace(/^\d{1,2}(?=\D)/, '')
    .toLowerCase();
}
