/** What a roster says of a door in words: remarks, the end of an address, further telephones. */
import * as m from '$lib/paraglide/messages';
import type { RosterDoor } from './build';
import { isNothing, useOf } from './words';

const MAX_NOTE = 500;

/** One line a remark, said of whom; the register is kept in Chinese. Words that another field holds already are left out. */
export function doorNotes(door: RosterDoor): string {
  const lines = new Set<string>(door.remainders);
  for (const row of door.rows) {
    const remark = row.values.note?.text ?? '';
    const onlyUse = remark.length <= 4 && useOf(remark) !== null;
    if (remark === '' || isNothing(remark) || onlyUse) continue;
    const name = row.values.name?.text;
    lines.add(
      name && door.households.length > 0 ? m.roster_note_of_person({ name, remark }, { locale: 'zh-CN' }) : remark,
    );
  }
  for (const { name, otherPhones } of door.households.flatMap((household) => household.people)) {
    if (otherPhones.length > 0) {
      lines.add(m.roster_note_other_phones({ name, phones: otherPhones.join('、') }, { locale: 'zh-CN' }));
    }
  }
  return [...lines].join('\n').slice(0, MAX_NOTE);
}
