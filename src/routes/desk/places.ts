/** The desk's rooms, in the order of a morning: what the navigation shows. */
import CalendarRange from '@lucide/svelte/icons/calendar-range';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import DoorOpen from '@lucide/svelte/icons/door-open';
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import LifeBuoy from '@lucide/svelte/icons/life-buoy';
import NotebookTabs from '@lucide/svelte/icons/notebook-tabs';
import PackageOpen from '@lucide/svelte/icons/package-open';
import Users from '@lucide/svelte/icons/users';
import * as m from '$lib/paraglide/messages';

export const places = [
  { path: '/desk', title: m.desk_nav_today, icon: LayoutDashboard },
  { path: '/desk/review', title: m.desk_nav_review, icon: ClipboardCheck },
  { path: '/desk/quarantine', title: m.quarantine_nav, icon: PackageOpen },
  { path: '/desk/coverage', title: m.desk_nav_coverage, icon: DoorOpen },
  { path: '/desk/register', title: m.desk_nav_register, icon: NotebookTabs },
  { path: '/desk/rounds', title: m.desk_nav_rounds, icon: CalendarRange },
  { path: '/desk/roster', title: m.desk_nav_roster, icon: FileSpreadsheet },
  { path: '/desk/rescue', title: m.desk_nav_rescue, icon: LifeBuoy },
  { path: '/desk/accounts', title: m.desk_nav_accounts, icon: Users },
] as const;
