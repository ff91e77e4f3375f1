/** The built admin program, run as `npm run admin` runs it, and what it took. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const program = path.resolve('build/admin.js');
const flags = JSON.parse(readFileSync('package.json', 'utf8'))
  .scripts.admin.split(' ')
  .filter((word) => word.startsWith('--'));

/**
 * Answers what it said with `--json`, the seconds that it ran and its peak of resident memory, bytes. Throws where it ends with another code than 0.
 * @param {NodeJS.ProcessEnv} env @param {string[]} args
 */
export async function admin(env, ...args) {
  const started = performance.now();
  const child = spawn(process.execPath, [...flags, program, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peak = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // it has ended
    }
  }, 20);
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`admin ${args[0]} ended with ${code}: ${output.slice(0, 2000)}`);
  return { said: JSON.parse(output), seconds: (performance.now() - started) / 1000, peak: peak * 1024 };
}
