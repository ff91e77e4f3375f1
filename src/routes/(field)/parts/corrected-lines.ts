/** What the coordinator changed in a record, each answer with what counts now. */
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';
import { isPersonField } from './person-fields';
import { isWords } from './person-values';
import { pathWords } from './path-words';
import type { Line } from './record-lines';

export function correctedLines(register: PhoneRegister, record: RecordView): Line[] {
  return record.corrections.map(({ path, value }) => {
    const field = path.at(-1);
    const label = pathWords(register, record, path);
    if (field === 'sameAs') return { label, text: m.merge_field_same_person() };
    if (field === 'householdId' || field === 'id') return { label, text: m.merge_field_household() };
    const words =
      typeof field === 'string' && isPersonField(field) ? isWords({ ...nobody, [field]: value }, field) : null;
    return { label, text: words ?? (typeof value === 'string' ? value : '') };
  });
}

const nobody = { id: '', change: 'corrected' } as const;
