/** One row's resident: words to codes, numbers checked, sex and birth date from the number where the file leaves them out. */
import type { Code } from '../../domain/codes/codes';
import { comparePartDates, partDateAgrees } from '../../domain/part-date';
import { checkName, mendName } from '../../domain/personal-name';
import type { ResidentFields } from '../../domain/register';
import { readDate } from './dates';
import { readIdentity, type ReadIdentity } from './identity';
import { readPhones } from './phones';
import { question, type QuestionCode, type RosterQuestion } from './questions';
import { statedPresence } from './remarks';
import type { ResidentRow, Value } from './resident-rows';
import {
  careGroupsOf,
  idTypeOf,
  isPlainDwelling,
  livesOnly,
  isNothing,
  presenceOf,
  relationOf,
  residenceOf,
  sexOf,
  sexOfRelationWord,
  useOf,
} from './words';

export type RosterPerson = {
  /** Where it stands in the file; its values only while the roster is built, but for the identity number. */
  row: ResidentRow;
  name: string;
  /** Only what the file states: an empty cell says nothing. */
  stated: Partial<ResidentFields>;
  /** Suggestions: they wait for the person's consent. */
  careGroups: Code<'care-group'>[];
  /** Second and further telephone numbers of the cell. */
  otherPhones: string[];
};

/** `null` without a name: a vacant dwelling, a placeholder, or a question already asked. */
export function readPerson(
  row: ResidentRow,
  { roundedColumn, today }: { roundedColumn: boolean; today: string },
  ask: (question: RosterQuestion) => void,
): RosterPerson | null {
  const { values } = row;
  const name = readName(row, ask);
  if (name === null) return null;
  const asked = (code: QuestionCode, value: Value | undefined, detail = '') => ask(question(row, code, value, detail));

  const idType = values.idType ? idTypeOf(values.idType.text) : null;
  const identity = readIdentity(values.idNumber?.cell ?? null, idType, roundedColumn);
  if (identity.state === 'question')
    asked(identity.code, values.idNumber, String(values.idNumber?.text.replace(/\s/g, '').length ?? 0));

  const relation = coded(values.relation, relationOf, () => asked('relation_unclear', values.relation));
  const { residence, presence } = readResidence(row, (code) => asked(code, values.residence));
  const phones = readPhones(values.phone?.text ?? '');
  if (phones.unclear) asked('phone_unclear', values.phone);
  const birthDate = readBirthDate(values, identity, { asked, today });
  const sex = readSex(values, identity, asked);
  const careGroups = careGroupsOfRow(values);
  const away = statedPresence(values.note?.text ?? '');
  const awayTo = values.awayTo && !isNothing(values.awayTo.text) ? values.awayTo.text.slice(0, 40) : away.awayTo;
  const said = values.since ? readDate(values.since.cell).date : null;
  const since = said !== null && comparePartDates(said, today) > 0 ? null : said;
  if (said !== since) asked('date_ahead', values.since);

  const stated: Partial<ResidentFields> = {
    name,
    ...given('sex', sex),
    ...given('birthDate', birthDate),
    ...given('idType', identity.state === 'good' ? (idType ?? 'resident-id') : idType),
    ...given('idNumber', identity.state === 'good' || identity.state === 'other' ? identity.number : null),
    ...given('phone', phones.first || null),
    ...given('relation', relation),
    ...given('residence', residence),
    ...given('presence', away.presence ?? presence ?? (awayTo ? 'away' : null)),
    ...given('awayTo', awayTo || null),
    ...given('since', since),
    ...given('registeredAddress', addressOf(values.registeredAddress)),
  };
  return { row, name, stated, careGroups, otherPhones: phones.others };
}

function given<Field extends keyof ResidentFields>(
  field: Field,
  value: ResidentFields[Field] | null,
): Partial<ResidentFields> {
  return value === null ? {} : { [field]: value };
}

/** Placeholders for "nobody lives here". */
export function isVacantName(text: string): boolean {
  return (
    isNothing(text) ||
    /^[（(【[]?(?:空置|空房|空户|空|无人(?:居住)?|闲置|未入住|未售|待售|商铺|门面|车库|库房)[房户]?[）)】\]]?$/.test(
      text.replace(/\s/g, ''),
    )
  );
}

function readName({ values, ...row }: ResidentRow, ask: (question: RosterQuestion) => void): string | null {
  const cell = values.name;
  const text = mendName(cell?.text ?? '');
  // `姓 名` in two-letter names is written with a space for looks
  const name = /^\p{Script=Han}\s\p{Script=Han}$/u.test(text) ? text.replace(' ', '') : text;
  if (name === '' || isVacantName(name)) {
    if (values.idNumber && !isNothing(values.idNumber.text))
      ask(question({ values, ...row }, 'name_missing', values.idNumber));
    return null;
  }
  const problem = /[\uFFFD?？□■●*]/.test(name) ? 'name_unclear' : checkName(name);
  if (problem === 'name_private_use') ask(question({ values, ...row }, 'name_private_use', cell));
  else if (problem) ask(question({ values, ...row }, 'name_unclear', cell));
  return [...name].slice(0, 50).join('');
}

function coded<T>(value: Value | undefined, read: (text: string) => T | null, unclear: () => void): T | null {
  if (!value || isNothing(value.text)) return null;
  const code = read(value.text);
  if (code === null) unclear();
  return code;
}

/** One column often mixes both: 人户一致 beside 外出 and 已搬走. */
function readResidence({ values }: ResidentRow, asked: (code: QuestionCode) => void) {
  const text = values.residence?.text ?? '';
  const own = values.presence && !isNothing(values.presence.text) ? presenceOf(values.presence.text) : null;
  if (isNothing(text) || text === '') return { residence: null, presence: own };
  const residence = residenceOf(text);
  const presence = own ?? (residence === null ? presenceOf(text) : null);
  // 居住状态 is also asked as 自住, 出租: that is the door's use
  if (residence === null && livesOnly(text)) asked('residence_lives_only');
  else if (residence === null && presence === null && useOf(text) === null && !isPlainDwelling(text))
    asked('residence_unclear');
  // who is registered here and lives elsewhere sleeps elsewhere
  return { residence, presence: presence ?? (residence === 'registration-here' ? ('away' as const) : null) };
}

/** The number's date is the document's: it completes a month or a year, and is taken where the cell says otherwise. */
function readBirthDate(
  { birthDate: value, idNumber }: ResidentRow['values'],
  identity: ReadIdentity,
  { asked, today }: { asked: (code: QuestionCode, value: Value | undefined, detail?: string) => void; today: string },
): string | null {
  const isAhead = (date: string | null) => date !== null && comparePartDates(date, today) > 0;
  const ofNumber = identity.state === 'good' ? identity.birthDate : null;
  if (isAhead(ofNumber)) {
    asked('date_ahead', idNumber);
    return null;
  }
  if (!value || isNothing(value.text)) return ofNumber;
  const { date, lunar } = readDate(value.cell);
  if (ofNumber !== null) {
    if (date !== null && !lunar && !partDateAgrees(date, ofNumber)) asked('birth_differs', value, ofNumber);
    return ofNumber;
  }
  if (isAhead(date)) {
    asked('date_ahead', value);
    return null;
  }
  if (date === null) asked(isBefore1900(value.text) ? 'birth_before_1900' : 'birth_unclear', value);
  return date;
}

/** 1880-01-01, 18800101, 1880年: a date that could be read, of somebody who is not alive. */
function isBefore1900(text: string): boolean {
  return /^\D*1[0-8]\d{2}(?:\D|\d{2}(?:\d{2})?$|$)/.test(text.normalize('NFKC').trim());
}

function readSex(
  values: ResidentRow['values'],
  identity: ReadIdentity,
  asked: (code: QuestionCode, value: Value | undefined) => void,
): Code<'sex'> | null {
  const ofNumber = identity.state === 'good' ? identity.sex : null;
  const stated = coded(values.sex, sexOf, () => asked('sex_unclear', values.sex));
  if (stated === null || stated === '0') return ofNumber ?? sexOfRelationWord(values.relation?.text ?? '') ?? stated;
  if (ofNumber !== null && (stated === '1' || stated === '2') && stated !== ofNumber) asked('sex_differs', values.sex);
  return stated;
}

/** Of the column, and of columns such as 是否残疾 that answer yes. */
function careGroupsOfRow(values: ResidentRow['values']): Code<'care-group'>[] {
  const value = values.careGroups;
  if (!value || isNothing(value.text)) return [];
  const yes = /^(?:是|有|√|✓|✔|1|y|yes)$/i.test(value.text);
  return careGroupsOf(yes ? value.column : value.text);
}

/** Empty where it says that the hukou is here: then the address is the door's. */
function addressOf(value: Value | undefined): string | null {
  if (value && /^(?:本地|本址|本户|此处|同(?:上|住址|现住址|居住地|左|址)|一致|与住址一致)$/.test(value.text))
    return null;
  return value && !isNothing(value.text) ? value.text.slice(0, 120) : null;
}
