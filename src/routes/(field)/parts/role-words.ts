/** What somebody does, in words. */
import * as m from '$lib/paraglide/messages';

export function roleWord(role: string): string {
  const words: Partial<Record<string, () => string>> = {
    administrator: m.field_role_administrator,
    coordinator: m.field_role_coordinator,
    'grid-worker': m.field_role_grid_worker,
    volunteer: m.field_role_volunteer,
  };
  return (words[role] ?? m.field_code_newer)();
}
