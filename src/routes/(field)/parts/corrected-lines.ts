/** What the coordinator changed in a record, each answer with what counts now. */
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import { newestForm } from '$lib/forms/definitions';
import { fieldAt } from '$lib/forms/paths';
import * as m from '$lib/paraglide/messages';
import { valueWord } from './field-words';
import { pathWords } from './path-words';
import type { Line } from './record-lines';

export function correctedLines(register: PhoneRegister, record: RecordView): Line[] {
  return record.corrections.map(({ path, value }) => {
    const name = path.at(-1);
    const label = pathWords(register, record, path);
    if (name === 'sameAs') return { label, text: m.merge_field_same_person() };
    if (name === 'householdId' || name === 'id') return { label, text: m.merge_field_household() };
    const field = fieldAt(newestForm(record.kind), path);
    return { label, text: field ? valueWord(field, value) : typeof value === 'string' ? value : '' };
  });
}
