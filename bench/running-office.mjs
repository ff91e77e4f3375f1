/** A real office for a bench: the built programs on data of its own, and a real Chromium beside it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../scripts/sources.mjs';

export const demoPassword = 'demo-2026-dongjie';

/**
 * Starts `npm run demo` or `npm start` on a folder; answers when it really answers.
 * @param {{ program: 'demo' | 'start', dataDir?: string, port: number, env?: Record<string, string> }} options
 */
export async function startOffice({ program, dataDir, port, env = {} }) {
  const folder = dataDir ?? mkdtempSync(path.join(tmpdir(), 'qiaomen-bench-'));
  const child = spawn(process.execPath, [path.join(root, `scripts/${program}.mjs`)], {
    cwd: root,
    env: { ...process.env, ...env, DATA_DIR: folder, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = [];
  child.stderr.on('data', (part) => written.push(String(part)));
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      written.push(`${line}\n`);
      if (line.startsWith('ready ')) resolve(undefined);
    });
    child.once('exit', (code) => reject(new Error(`the office ended with ${code}:\n${written.join('')}`)));
  });
  return {
    address: `http://127.0.0.1:${port}`,
    dataDir: folder,
    pid: child.pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      if (!dataDir) rmSync(folder, { recursive: true, force: true });
    },
  };
}
