/** What a single filled value of each field type must be. Answers the code of what is wrong, or null. */
import { isCode } from '../domain/codes/codes';
import { checkIdentityNumber, mendIdentityNumber } from '../domain/identity-number';
import { isDay, isPartDate } from '../domain/part-date';
import { checkName, mendName } from '../domain/personal-name';
import { isPhone, mendPhone } from '../domain/phone-number';
import { Uuid } from '../domain/register';
import { Timestamp } from '../sync/revision';
import { asRecord } from '../domain/json';
import type { Field } from './definition';

export type ValueProblem = { code: string; params?: Record<string, string | number> };

/** Checks a filled value (see `isFilled`) of a field that is neither `group` nor `list`. */
export function checkValue(field: Field, value: unknown): ValueProblem | null {
  switch (field.type) {
    case 'code':
      return checkCode(field, value);
    case 'codes':
      return checkCodes(field, value);
    case 'whole-number':
    case 'scale':
      return checkNumber(field, value);
    case 'yes-no':
      return typeof value === 'boolean' ? null : { code: 'yes_no' };
    case 'references':
      return checkReferences(field, value);
    case 'missing':
      return checkMissing(value);
    default:
      return typeof value === 'string' ? checkText(field, value) : { code: 'text_expected' };
  }
}

function checkText(field: Field, value: string): ValueProblem | null {
  const length = [...(field.type === 'identity-number' ? mendIdentityNumber(value) : value)].length;
  if (field.maxLength !== undefined && length > field.maxLength)
    return { code: 'too_long', params: { max: field.maxLength, length } };
  switch (field.type) {
    case 'person-name': {
      const code = checkName(mendName(value));
      return code ? { code } : null;
    }
    case 'day':
      return isDay(value) ? null : { code: 'day' };
    case 'part-date':
      return isPartDate(value) ? null : { code: 'part_date' };
    case 'time':
      return Timestamp.safeParse(value).success ? null : { code: 'time' };
    case 'phone':
      return isPhone(mendPhone(value)) ? null : { code: 'phone' };
    case 'reference':
      return Uuid.safeParse(value).success ? null : { code: 'reference' };
    default:
      return null;
  }
}

function checkCode(field: Field, value: unknown): ValueProblem | null {
  if (!field.codeList || !isCode(field.codeList, value)) return { code: 'code' };
  return !field.codes || field.codes.includes(String(value)) ? null : { code: 'code' };
}

function checkCodes(field: Field, value: unknown): ValueProblem | null {
  if (!Array.isArray(value)) return { code: 'list_expected' };
  if (new Set(value).size !== value.length) return { code: 'twice' };
  return value.every((entry) => checkCode(field, entry) === null) ? null : { code: 'code' };
}

function checkNumber(field: Field, value: unknown): ValueProblem | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return { code: 'whole_number' };
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = field;
  return value >= min && value <= max ? null : { code: 'range', params: { min, max } };
}

function checkReferences(field: Field, value: unknown): ValueProblem | null {
  if (!Array.isArray(value)) return { code: 'list_expected' };
  if (field.maxItems !== undefined && value.length > field.maxItems)
    return { code: 'too_many', params: { max: field.maxItems } };
  return value.every((entry) => typeof entry === 'string' && entry !== '' && entry.length <= 64)
    ? null
    : { code: 'reference' };
}

function checkMissing(value: unknown): ValueProblem | null {
  const record = asRecord(value);
  if (!record) return { code: 'group_expected' };
  return Object.values(record).every((reason) => reason === null || isCode('missing-reason', reason))
    ? null
    : { code: 'code' };
}

/** Checks a mended number of the given document type; null where it can stand. `none` has no number at all. */
export function checkDocumentNumber(idType: string | null, number: string): ValueProblem | null {
  if (idType === 'none') return { code: 'id_none_with_number' };
  const hasChecksum =
    idType === 'resident-id' ||
    (idType === 'hmt-permit' && /^8[123]\d{4}/.test(number) && number.length === 18) ||
    (idType === 'foreign-residence' && /^9/.test(number) && number.length === 18);
  if (hasChecksum) {
    const check = checkIdentityNumber(number);
    return check.ok ? null : { code: check.code, params: check.params };
  }
  return /^[A-Za-z0-9]{4,20}$/.test(number) ? null : { code: 'document_number' };
}
