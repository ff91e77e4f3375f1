/** A record's body as lines of label and words, for reading. */
import { maskIdentityNumber } from '$lib/domain/identity-number';
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';
import { scaleWord, conditions, conditionWord } from './condition-words';
import { fieldWord, personFields } from './person-fields';
import { isWords } from './person-values';
import type { FillingBody } from '$lib/forms/verification-body';
import type { VisitBody } from './visit-body';
import type { ConcernBody } from './concern-body';
import { codeWord, dayWords } from './words';

export type Line = { label: string; text: string };

export function recordLines(register: PhoneRegister, record: RecordView, today: string): Line[] {
  const { body } = record;
  if (!body) return [];
  const lines =
    record.kind === 'household-verification'
      ? verificationLines(register, record, body as Partial<FillingBody>)
      : record.kind === 'care-visit'
        ? visitLines(body as Partial<VisitBody>)
        : record.kind === 'concern'
          ? concernLines(body as Partial<ConcernBody>)
          : [line(m.field_hand_back_reason(), codeWord('hand-back-reason', text(body['reason'])))];
  const next = body['nextVisit'] ?? body['proposed'];
  return [
    ...lines,
    ...(typeof next === 'string' ? [line(m.field_next_visit(), dayWords(next, today))] : []),
    line(m.field_note(), text(body['note'])),
  ].filter((one) => one.text !== '');
}

function verificationLines(register: PhoneRegister, record: RecordView, body: Partial<FillingBody>): Line[] {
  const names = new Map(
    (register.door(record.target.id)?.registered?.households ?? []).flatMap(({ residents }) =>
      residents.map((resident) => [resident.id, resident.name] as const),
    ),
  );
  const people = (body.households ?? []).flatMap((household) =>
    (household.residents ?? []).map((entry) => {
      const changes = personFields.flatMap((field) => {
        const is = field === 'idNumber' && entry.idNumber ? maskIdentityNumber(entry.idNumber) : isWords(entry, field);
        return is ? [`${fieldWord(field)} ${is}`] : [];
      });
      return line(
        entry.name || names.get(entry.id) || m.field_person(),
        [codeWord('resident-change', entry.change), ...(entry.change === 'unchanged' ? [] : changes)].join('；'),
      );
    }),
  );
  return [
    line(m.field_knock(), codeWord('visit-outcome', body.outcome)),
    ...people,
    line(
      m.field_informant(),
      [body.informant?.name, codeWord('informant-kind', body.informant?.kind)].filter(Boolean).join(' · '),
    ),
    line(m.field_use(), codeWord('dwelling-use', body.dwelling?.use)),
  ];
}

function visitLines(body: Partial<VisitBody>): Line[] {
  return [
    line(m.field_visit_outcome(), codeWord('care-outcome', body.outcome)),
    line(
      m.field_visit_services(),
      (body.services ?? [])
        .map((one) =>
          m.field_care_service_minutes({ service: codeWord('care-service', one.code), minutes: one.minutes }),
        )
        .join('、'),
    ),
    ...conditions.map((name) => line(conditionWord(name), scaleWord(body.condition?.[name] ?? 0))),
    line(m.field_visit_hazards(), (body.hazards ?? []).map((hazard) => codeWord('hazard', hazard)).join('、')),
    ...(body.needs ?? []).map((need) => line(m.field_need(), need.text)),
  ];
}

function concernLines(body: Partial<ConcernBody>): Line[] {
  const raised = body.raisedBy;
  return [
    line(m.field_concern_category(), codeWord('concern-category', body.category)),
    line(m.field_concern_title(), body.title ?? ''),
    line(m.field_urgency(), codeWord('urgency', body.urgency)),
    line(
      m.field_raised_by(),
      raised === 'worker'
        ? m.field_raised_worker()
        : raised === 'anonymous'
          ? m.field_raised_anonymous()
          : (raised?.name ?? ''),
    ),
    line(m.field_concern_where(), body.where ?? ''),
    line(m.field_concern_description(), body.description ?? ''),
    line(m.field_concern_solved_how(), body.solvedOnSpot?.how ?? ''),
  ];
}

function line(label: string, words: string): Line {
  return { label, text: words };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
