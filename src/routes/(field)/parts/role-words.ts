/** What somebody does, in words. */
import type { Role } from '$lib/sync/items';
import * as m from '$lib/paraglide/messages';

export function roleWord(role: Role): string {
  const words: Record<Role, () => string> = {
    administrator: m.field_role_administrator,
    coordinator: m.field_role_coordinator,
    'grid-worker': m.field_role_grid_worker,
    volunteer: m.field_role_volunteer,
  };
  return words[role]();
}
