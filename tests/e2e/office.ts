/** An office of its own for a browser test: the demo community in a temporary folder, served by the real program on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const password = 'demo-2026-dongjie';

export type RunningOffice = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  address: string;
  dataDir: string;
  /** Ends the process as a power cut would; the data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Ends it politely and removes its data. */
  stop(): Promise<void>;
};

/** Answers when the office really answers. Throws what it wrote when it ends before that. */
export async function startOffice(environment: Record<string, string> = {}): Promise<RunningOffice> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qiaomen-e2e-'));
  const port = await freePort();
  let child = await launch(dataDir, port, environment);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    address: `http://127.0.0.1:${port}`,
    dataDir,
    kill: () => end('SIGKILL'),
    start: async () => {
      child = await launch(dataDir, port, environment);
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function launch(dataDir: string, port: number, environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/demo.mjs'), '--port', String(port)], {
    cwd: root,
    env: { ...process.env, ...environment, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      written.push(`${line}\n`);
      if (line.startsWith('ready ')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the office ended with ${code}:\n${written.join('')}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
