/** What one person's answers must agree on: document, birth date, sex; and what the informant can know. */
import { dayOf } from '../../domain/calendar';
import { checkIdentityNumber, mendIdentityNumber } from '../../domain/identity-number';
import { ageOn, comparePartDates, isPartDate, partDateAgrees } from '../../domain/part-date';
import type { Finding, FormContext } from '../finding';
import { asRecord, isFilled, textOf } from '../../domain/json';
import { checkDocumentNumber } from '../values';
import { type Listed } from './listing';

/** How it was told, and whether by somebody who cannot know this household's numbers and dates. */
export type Telling = { how: string; byOutsider: boolean };

export function checkPerson(
  listed: Listed,
  telling: Telling,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  const document = checkDocument(listed, telling);
  const birth = checkBirthDate(listed, context);
  const told = checkTold(listed, telling);
  return {
    problems: [...document.problems, ...birth.problems, ...told.problems, ...checkDates(listed, context)],
    warnings: [
      ...document.warnings,
      ...birth.warnings,
      ...told.warnings,
      ...checkAnother(listed),
      ...checkReasons(listed),
    ],
  };
}

function checkDocument(
  { path, body, registered }: Listed,
  telling: Telling,
): { problems: Finding[]; warnings: Finding[] } {
  const number = mendIdentityNumber(textOf(body['idNumber']));
  const at = (field: string, code: string, params?: Finding['params']): Finding => ({
    path: [...path, field],
    code,
    ...(params ? { params } : {}),
  });
  if (number === '') return { problems: [], warnings: [] };
  if (telling.how === 'telephone') return { problems: [at('idNumber', 'id_by_telephone')], warnings: [] };
  if (telling.byOutsider) return { problems: [at('idNumber', 'id_not_theirs')], warnings: [] };

  const idType = isFilled(body['idType']) ? textOf(body['idType']) : (registered?.idType ?? 'resident-id');
  const problem = checkDocumentNumber(idType, number);
  if (problem) return { problems: [at('idNumber', problem.code, problem.params)], warnings: [] };
  const check = checkIdentityNumber(number);
  if (!check.ok) return { problems: [], warnings: [] };

  const birthDate = isFilled(body['birthDate']) ? textOf(body['birthDate']) : (registered?.birthDate ?? '');
  const sex = isFilled(body['sex']) ? textOf(body['sex']) : (registered?.sex ?? '0');
  const problems =
    birthDate !== '' && !partDateAgrees(birthDate, check.birthDate)
      ? [at('idNumber', 'id_birth_date', { inNumber: check.birthDate, registered: birthDate })]
      : [];
  const warnings = [
    ...((sex === '1' || sex === '2') && sex !== check.sex ? [at('idNumber', 'id_sex')] : []),
    ...(check.knownProvince || idType !== 'resident-id' ? [] : [at('idNumber', 'id_province')]),
  ];
  return { problems, warnings };
}

/**
 * A telephone or a birth date from somebody who cannot know it: a registered one is not corrected by hearsay; of somebody new a
 * manager's list may be all there is, so it is asked once.
 */
function checkTold({ path, body, change }: Listed, telling: Telling): { problems: Finding[]; warnings: Finding[] } {
  if (!telling.byOutsider) return { problems: [], warnings: [] };
  const told = ['phone', 'birthDate'].filter((name) => isFilled(body[name]));
  const findings = told.map((name) => ({ path: [...path, name], code: 'not_theirs_to_tell' }));
  return change === 'corrected' ? { problems: findings, warnings: [] } : { problems: [], warnings: findings };
}

/** Moved in, moved away, died: not in the future. */
export function checkDates({ path, body }: Listed, context: FormContext): Finding[] {
  const today = Number.isNaN(Date.parse(context.recordedAt)) ? '' : dayOf(context.recordedAt);
  return ['on', 'since']
    .filter((name) => today !== '' && isPartDate(textOf(body[name])) && comparePartDates(textOf(body[name]), today) > 0)
    .map((name) => ({ path: [...path, name], code: 'date_in_future' }));
}

/** A reason for an answer that is there: one of the two is left over. Of a person, a household or the dwelling. */
export function checkReasons({ path, body }: Pick<Listed, 'path' | 'body'>): Finding[] {
  return Object.entries(asRecord(body['missing']) ?? {})
    .filter(([name, reason]) => isFilled(reason) && Object.hasOwn(body, name) && isFilled(body[name]))
    .map(([name]) => ({ path: [...path, 'missing', name], code: 'missing_with_value' }));
}

/** No two people have one number. */
export function checkNumbersOnce(listed: Listed[]): Finding[] {
  const seen = new Set<string>();
  return listed.flatMap(({ path, body }) => {
    const number = mendIdentityNumber(textOf(body['idNumber']));
    if (number === '' || !seen.has(number)) {
      seen.add(number);
      return [];
    }
    return [{ path: [...path, 'idNumber'], code: 'id_twice' }];
  });
}

function checkBirthDate(
  { path, body, registered }: Listed,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  const birthDate = textOf(body['birthDate']);
  const today = Number.isNaN(Date.parse(context.recordedAt)) ? '' : dayOf(context.recordedAt);
  const at = (code: string): Finding => ({ path: [...path, 'birthDate'], code });
  if (birthDate === '' || today === '') return { problems: [], warnings: [] };
  if (comparePartDates(birthDate, today) > 0) return { problems: [at('birth_in_future')], warnings: [] };
  if (birthDate < '1900') return { problems: [at('birth_before_1900')], warnings: [] };
  // Only the office holds whole numbers: there a corrected birth date must agree with the number that stays.
  const held = isFilled(body['idNumber']) ? null : checkIdentityNumber(registered?.idNumber ?? '');
  if (held?.ok && !partDateAgrees(birthDate, held.birthDate))
    return {
      problems: [{ ...at('id_birth_date'), params: { inNumber: held.birthDate, registered: birthDate } }],
      warnings: [],
    };
  return { problems: [], warnings: (ageOn(birthDate, today) ?? 0) > 105 ? [at('very_old')] : [] };
}

/** Name and number both changed: is this another person? A newborn who gets both for the first time is not. */
function checkAnother({ path, body, change, registered }: Listed): Finding[] {
  const hadBoth =
    !registered || (registered.name !== '未取名' && (registered.idNumber ?? registered.idNumberMasked ?? '') !== '');
  const both = change === 'corrected' && hadBoth && isFilled(body['name']) && isFilled(body['idNumber']);
  return both ? [{ path: [...path, 'name'], code: 'another_person' }] : [];
}
