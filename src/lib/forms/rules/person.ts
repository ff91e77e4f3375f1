/** What one person's answers must agree on: document, birth date, sex; and what the informant can know. */
import { dayOf } from '../../domain/calendar';
import { checkIdentityNumber, mendIdentityNumber } from '../../domain/identity-number';
import { ageOn, comparePartDates, partDateAgrees } from '../../domain/part-date';
import type { Finding, FormContext } from '../check';
import { isFilled, textOf } from '../../domain/json';
import { checkDocumentNumber } from '../values';
import { type Listed } from './listing';

/** Informants who can say who lives there, but no number, telephone or birth date of theirs. */
export const outsiders = ['flatmate', 'landlord', 'manager', 'neighbour', 'contact'];

export type Telling = { how: string; informantKind: string };

export function checkPerson(
  listed: Listed,
  telling: Telling,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  const document = checkDocument(listed, telling);
  const birth = checkBirthDate(listed, context);
  return {
    problems: [...document.problems, ...birth.problems],
    warnings: [...document.warnings, ...birth.warnings, ...checkAnother(listed)],
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
  if (outsiders.includes(telling.informantKind)) return { problems: [at('idNumber', 'id_not_theirs')], warnings: [] };

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

function checkBirthDate({ path, body }: Listed, context: FormContext): { problems: Finding[]; warnings: Finding[] } {
  const birthDate = textOf(body['birthDate']);
  const today = Number.isNaN(Date.parse(context.recordedAt)) ? '' : dayOf(context.recordedAt);
  const at = (code: string): Finding => ({ path: [...path, 'birthDate'], code });
  if (birthDate === '' || today === '') return { problems: [], warnings: [] };
  if (comparePartDates(birthDate, today) > 0) return { problems: [at('birth_in_future')], warnings: [] };
  if (birthDate < '1900') return { problems: [at('birth_before_1900')], warnings: [] };
  return { problems: [], warnings: (ageOn(birthDate, today) ?? 0) > 105 ? [at('very_old')] : [] };
}

/** Name and number both corrected: is this another person? */
function checkAnother({ path, body, change }: Listed): Finding[] {
  const both = change === 'corrected' && isFilled(body['name']) && isFilled(body['idNumber']);
  return both ? [{ path: [...path, 'name'], code: 'another_person' }] : [];
}
