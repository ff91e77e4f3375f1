/** Who works in the demo. The password is for everybody to know; outside of the demo no account exists until somebody makes one. */
import type { Role } from '../../sync/items';

export const demoPassword = 'demo-2026-dongjie';
export const demoCommunityName = '东街社区';

export type DemoAccount = { username: string; name: string; role: Role; grid: string | null };

export const demoAccounts = [
  { username: 'admin1', name: '赵志远', role: 'administrator', grid: null },
  { username: 'coordinator1', name: '陈静', role: 'coordinator', grid: null },
  { username: 'grid1', name: '王敏', role: 'grid-worker', grid: '第一网格' },
  { username: 'grid2', name: '李建军', role: 'grid-worker', grid: '第二网格' },
  { username: 'volunteer1', name: '张桂兰', role: 'volunteer', grid: null },
] as const satisfies readonly DemoAccount[];

export type DemoUsername = (typeof demoAccounts)[number]['username'];
