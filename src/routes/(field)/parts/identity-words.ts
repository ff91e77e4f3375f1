/** What is wrong with an identity number while it is typed, and how many characters are still to come. */
import type { IdentityNumberCheck } from '$lib/domain/identity-number';
import * as m from '$lib/paraglide/messages';

/** `hint` while it may still become right, `wrong` when it no longer can. */
export function identityWords(check: IdentityNumberCheck | null, number: string): { hint?: string; wrong?: string } {
  if (!check || check.ok) return {};
  const left = 18 - number.length;
  switch (check.code) {
    case 'id_first_card':
      return { hint: m.field_id_left({ count: left }) };
    case 'id_length':
      return left > 0 ? { hint: m.field_id_left({ count: left }) } : { wrong: m.field_id_too_long({ count: -left }) };
    case 'id_characters':
      return { wrong: m.field_id_characters() };
    case 'id_date':
      return { wrong: m.field_id_date() };
    default:
      return { wrong: m.field_id_checksum() };
  }
}
