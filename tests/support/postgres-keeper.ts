/** A program of its own: runs a server until standard input ends, so that whoever holds the other end of the pipe need not say goodbye. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Kept } from './postgres-keep.ts';

const { program, args, folder, owner } = JSON.parse(process.argv[2] ?? '') as Kept;
const server = spawn(program, args, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });

const end = () => server.kill('SIGINT');
const finish = () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
};
process.stdin.resume().on('end', end).on('error', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
server.once('error', finish);
server.once('exit', finish);
