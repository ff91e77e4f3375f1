/** What the demo says when it is ready: where it is, and who may come in. */
import { demoAccounts, demoPassword } from './accounts';
import type { Demo } from './prepare';

/** `origins`: the addresses that it answers to, the first one first. */
export function demoWelcome({ folder, made }: Demo, origins: readonly string[]): string {
  const rights: Record<string, string> = {
    administrator: '管理员 administrator, /desk',
    coordinator: '社区协调员 coordinator, /desk',
    'grid-worker': '网格员 grid worker, /',
    volunteer: '志愿者 volunteer, /',
  };
  const accounts = demoAccounts.map(({ username, role, name }) => `  ${username.padEnd(13)} ${name}  ${rights[role]}`);
  return [
    '',
    '敲门 Qiaomen：演示社区（全部人物均为虚构） / demo community, nobody in it is real',
    `  手机端 phone: ${origins.map((origin) => `${origin}/`).join('  ')}`,
    `  办公端 desk:  ${origins.map((origin) => `${origin}/desk`).join('  ')}`,
    `  数据 data:    ${folder ?? 'PostgreSQL（DATABASE_URL）'}${made ? '' : '（沿用已有 kept as it was）'}`,
    `账号 accounts, 密码 password: ${demoPassword}`,
    ...accounts,
    '',
  ].join('\n');
}
