/** What a newer file says of somebody who is in the register already. */
import * as m from '$lib/paraglide/messages';
import type { RosterSummary } from '$lib/server/roster/summary';

export function changeWord(kind: RosterSummary['changes'][number]['kind']): string {
  return {
    changed: m.desk_roster_kind_changed,
    moved: m.desk_roster_kind_moved,
    left: m.desk_roster_kind_left,
    grid: m.desk_roster_kind_grid,
    returned: m.desk_roster_kind_returned,
  }[kind]();
}

export function leftWord(left: NonNullable<RosterSummary['sheets'][number]['left']>): string {
  return {
    empty: m.desk_roster_left_empty,
    'no-header': m.desk_roster_left_no_header,
    'no-name': m.desk_roster_left_no_name,
    'no-address': m.desk_roster_left_no_address,
    'by-person': m.desk_roster_left_by_person,
  }[left]();
}
