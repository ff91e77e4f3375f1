/** The caretaker's program, as `npm run admin` starts it. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `environment`: where the data is (`DATA_DIR`, `DATABASE_URL`), and what else differs from here; `input`: what is typed. */
export function runAdmin(
  environment: Record<string, string>,
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [path.join(root, 'scripts/admin.mjs'), ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
}
