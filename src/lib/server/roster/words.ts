/** The words of rosters as codes of the dictionary. Unknown words answer `null`: the caller asks. */
import { codeLabel } from '../../domain/codes/code-label';
import { isCode, codesOf, type Code, type CodeListId } from '../../domain/codes/codes';

type Words<List extends CodeListId> = [Code<List>, RegExp][];

const sexes: Words<'sex'> = [
  ['1', /^(?:男性?|m|male|1)$/i],
  ['2', /^(?:女性?|f|female|2)$/i],
  ['0', /^(?:未知|不详|0)$/],
  ['9', /^(?:未说明|9)$/],
];

const residences: Words<'residence'> = [
  ['from-abroad', /境外|外籍|外国|港澳|台胞|台湾/],
  ['not-registered', /未落户|户口未落|无户口|无户籍|待落户|没上户|未上户|黑户/],
  [
    'both-here',
    /人户(?:一致|同在|合一|均在|都在)|户在人在|人在户在|户籍(?:在册)?常住|本(?:地)?户籍(?:人口|居民)?$|^户籍(?:人口|居民)?$|^本地(?:人口|居民)?$|户籍在本|^常住户籍/,
  ],
  [
    'registration-here',
    /户在人不在|人不在户在|有户无人|户在人(?:外|离)|空挂|挂户|户籍在.*人不在|户籍外出|外出(?:人口|人员)/,
  ],
  [
    'person-here',
    /人在户不在|户不在人在|有人无户|人在户(?:外|离)|市内人户分离|县内人户分离|区内人户分离|本县外|县内流入/,
  ],
  ['migrant', /流动|流入|外来|暂住|外地|外省|外县|寄居/],
];

const uses: Words<'dwelling-use'> = [
  ['vacant', /空置|空房|空户|闲置|无人(?:居住|住)?|未入住|没人住|毛坯/],
  ['shared-rented', /合租|群租/],
  ['mixed', /商住|住商|下店上宅/],
  ['dormitory', /宿舍/],
  ['short-let', /民宿|短租|日租|客栈/],
  ['rented', /出租|租赁|租住|租房|承租|租用/],
  ['owner-occupied', /自住|自用|自有|自居|自建|业主居住|产权人居住/],
  ['shop', /商(?:铺|用|业|店)|门面|店铺|门市|经营|办公|企业|公司/],
  ['public', /公(?:用|共)|社区用房|活动室|物业/],
  ['storage', /车库|储藏|仓库|地下室|杂物/],
  ['other', /^其[他它]/],
];

const tenures: Words<'tenure'> = [
  ['public-rental', /公租|廉租|公房|保障房/],
  ['employer', /单位|宿舍|福利房|集体/],
  ['tenant', /租/],
  ['lent', /借住|借用|寄住|暂借/],
  ['owner', /自有|自购|自建|自住|产权|商品房|购买|私房|祖屋/],
  ['other', /^其[他它]/],
];

const idTypes: Words<'id-type'> = [
  ['hmt-permit', /港澳|台湾|台胞|回乡证|通行证/],
  ['foreign-residence', /永久居留|外国人/],
  ['resident-id', /身份证|户口[簿本]|身份号/],
  ['passport', /护照/],
  ['birth-certificate', /出生(?:医学)?证/],
  ['none', /^(?:无|没有|无证)$/],
  ['other', /其[他它]|军官|士兵|驾/],
];

const presences: Words<'presence'> = [
  ['died', /死亡|去世|已故|亡故|病故|过世|离世|身故|销户/],
  ['moved-away', /搬[走离迁出]|迁[出走]|搬家|不在此[住处]|已搬|离开本/],
  ['away', /外出|在外|务工|打工|上学|住校|当兵|服役|入伍|住院|服刑|不在家|不在住|半年以上未|^否$/],
  ['here', /在住|在家|常住|居住|在册|正常|健在|^是$/],
];

const careGroups: Words<'care-group'> = [
  ['dementia', /失智|走失|痴呆/],
  ['living-alone-elderly', /独居|孤寡/],
  ['empty-nest-elderly', /空巢/],
  ['left-behind-child', /留守(?:儿童|少年|孩)/],
  ['left-behind-elderly', /留守(?:老|人)/],
  ['oldest-old', /高龄|80岁|八十岁|百岁|90岁/],
  ['frail-elderly', /失能|不能自理|卧床/],
  ['disabled', /残疾|残障|肢残|智残|盲人|聋哑/],
  ['woman-in-difficulty', /困[境难]妇女/],
  ['child-in-difficulty', /困[境难]儿童|孤儿|事实无人抚养/],
  ['low-income', /低保|特困|五保|低收入|贫困|脱贫|困难(?:户|家庭|群众)/],
  ['serious-illness', /重病|大病|重疾|慢病/],
  ['bereaved-parents', /失独|计生特殊/],
];

/** GB/T 4761-2008 by the words people use; the standard's finer codes (11 夫, 21 独生子 …) fold into the dictionary's. */
const relations: Words<'relation'> = [
  ['02', /^(?:户主|本人|户长|本户|自己|房主|户主本人|head|self)$/i],
  ['38', /^(?:[大二三四]?儿媳妇?|长媳|次媳|媳)$/],
  ['28', /^(?:[大二三四]?女婿|婿)$/],
  ['10', /^(?:配偶|妻子?|丈夫|夫|夫妻|爱人|老伴|老婆|老公|妻室|spouse)$/i],
  ['20', /^(?:子|儿|儿子|[长次大二三四五六七八小幼独养继嗣][子儿]|[大二三四五小独养继][儿]子|独生子|非婚生子|son)$/i],
  ['30', /^(?:女|女儿|[长次大二三四五六七八小幼独养继]女儿?|独生女儿?|非婚生女|闺女|姑娘|daughter)$/i],
  ['40', /^(?:[长次大二三外曾重玄]{0,2}孙[子女]?|外孙[子女]?|孙子女|外孙子女|孙媳妇?|外孙媳妇?|孙女婿|外孙女婿)$/],
  ['53', /^(?:公公|公爹)$/],
  ['54', /^(?:婆婆|婆母)$/],
  ['55', /^(?:岳父|丈人|老丈人)$/],
  ['56', /^(?:岳母|丈母娘?)$/],
  ['50', /^(?:父|母|父亲|母亲|爸爸?|妈妈?|父母|[继养生嗣][父母]亲?|parent)$/i],
  ['60', /^(?:(?:外)?(?:曾)?祖[父母]?[父母]|爷爷?|奶奶?|外公|外婆|姥[姥爷娘]|外爷|外奶|太爷|太奶)$/],
  [
    '70',
    /^(?:[兄弟姐妹哥]|[大二三四小堂表]?(?:哥哥?|弟弟?|姐姐?|妹妹?|兄)|兄弟|姐妹|姊妹|兄弟姐妹|胞[兄弟姐妹]|sibling)$/i,
  ],
  [
    '97',
    /^(?:其[他它]亲属?|亲戚|亲属|[堂表]?[侄甥][子女儿]?|外甥女?|内侄女?|[伯叔姑姨舅][父母爸妈]?|[伯叔姑姨舅婶]{1,2}|嫂子?|弟[媳妹]|弟媳妇|姐夫|妹夫|妯娌|连襟|亲家)$/,
  ],
  [
    '99',
    /^(?:非亲属|其[他它]|租[客户]|承租人|房客|保姆|护工|护理员|朋友|同事|同学|室友|合租人?|雇工|员工|寄居|集体户|无亲属关系|非亲)$/,
  ],
];

/** Finer codes of the standard, by their first digit, where a ledger holds numbers. */
const relationNumbers: Words<'relation'> = [
  ['02', /^0?[1-3]$/],
  ['28', /^28$/],
  ['38', /^38$/],
  ['53', /^53$/],
  ['54', /^54$/],
  ['55', /^55$/],
  ['56', /^56$/],
  ['10', /^1\d$/],
  ['20', /^2\d$/],
  ['30', /^3\d$/],
  ['40', /^4\d$/],
  ['50', /^5\d$/],
  ['60', /^6\d$/],
  ['70', /^7\d$/],
  ['97', /^(?:8\d|97)$/],
  ['99', /^9\d$/],
];

/** A word that says the sex of the one it names. Spouses are left out: ledgers turn 夫 and 妻 around (whose spouse is meant?). */
const sexOfRelation: Words<'sex'> = [
  [
    '1',
    /^(?:子|儿子|[长次三四五六七八独养继][子]|[大二三小]儿子|父亲?|继父|养父|公公|岳父|女婿|孙子|外孙子?|爷爷|祖父|外公|姥爷|外祖父|哥哥?|弟弟?|兄|侄子|外甥)$/,
  ],
  [
    '2',
    /^(?:女|女儿|[长次三四五六七八独养继]女|[大二三小]女儿|母亲?|继母|养母|婆婆|岳母|儿媳妇?|孙女|外孙女|奶奶|祖母|外婆|姥姥|外祖母|姐姐?|妹妹?|侄女|外甥女)$/,
  ],
];

export const sexOf = (text: string) => find('sex', sexes, plain(text));
export const residenceOf = (text: string) => find('residence', residences, plain(text));
export const useOf = (text: string) => find('dwelling-use', uses, plain(text));
export const tenureOf = (text: string) => find('tenure', tenures, plain(text));
export const idTypeOf = (text: string) => find('id-type', idTypes, plain(text));
export const presenceOf = (text: string) => find('presence', presences, plain(text));

/** `之妻`, `户主之子`, `长女`, `02`, `母亲` as codes of GB/T 4761; the words in brackets behind are left out. */
export function relationOf(text: string): Code<'relation'> | null {
  const word = relationWord(text);
  return find('relation', relations, word) ?? find('relation', relationNumbers, word);
}

export function sexOfRelationWord(text: string): Code<'sex'> | null {
  return find('sex', sexOfRelation, relationWord(text));
}

/** Every group that a cell names (`独居老人、残疾人`); words that are none are left out. */
export function careGroupsOf(text: string): Code<'care-group'>[] {
  const word = plain(text);
  return careGroups.filter(([, words]) => words.test(word)).map(([code]) => code);
}

/** 住宅 says that somebody lives there, and nothing of who owns it. */
export function isPlainDwelling(text: string): boolean {
  return /^(?:普通|商品)?(?:住宅|住房|居住|住人|居住用房|有人居住|有人)$/.test(plain(text));
}

/** 常住 says that somebody lives there, and nothing of where their hukou is. */
export function livesOnly(text: string): boolean {
  return /^(?:长期)?常住(?:人口|人员|居民|户|本地)?$/.test(plain(text));
}

/** An answer that means "nothing": `无`, `-`, `/`, `否`. */
export function isNothing(text: string): boolean {
  return /^(?:无|没有|暂无|未知|不详|不清楚|空|[-—–/\\*.、]+|否|n\/?a|null|none|0)$/i.test(text.replace(/\s/g, ''));
}

function relationWord(text: string): string {
  return plain(text)
    .replace(/\(.*?\)/g, '')
    .replace(/^(?:户主的|户主之|户主|本人之|本人的|之)(?=.)/, '')
    .replace(/^(?:长|主)$/, '户主');
}

function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}

function find<List extends CodeListId>(list: List, words: Words<List>, text: string): Code<List> | null {
  if (text === '') return null;
  const exact = codesOf(list).find((code) => codeLabel(list, code, 'zh-CN') === text);
  if (exact !== undefined) return exact;
  const found = words.find(([, pattern]) => pattern.test(text))?.[0];
  return found !== undefined && isCode(list, found) ? found : null;
}
