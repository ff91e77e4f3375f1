// The real server (the built app, processes of their own), fed and read through the office's own code from a process beside it: the register is made
// before the server starts, changes come as an import by command line would bring them.
import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOffice } from './bundle.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Seeds an office and serves it. `environment` names its data (DATA_DIR, DATABASE_URL), `ports` has one entry a process, `origin` is where browsers are.
 * Answers the addresses, the account made, and `call`: what main.ts can be asked, beside `cpu` (seconds of all server processes) and `memory` (bytes).
 */
export async function startQiaomen({ environment, items, seed, ports, origin, node }) {
  const office = connect(
    fork(await bundleOffice(), [], { execPath: node, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  const opened = await office.ask('open', { environment, items, seed });
  const children = await Promise.all(ports.map((port) => serve({ environment, port, origin, node })));
  const own = {
    cpu: () => children.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    memory: () => children.reduce((sum, { pid }) => sum + residentBytes(pid), 0),
  };
  return {
    ...opened,
    addresses: ports.map((port) => `http://127.0.0.1:${port}`),
    call: async (name, ...args) => (own[name] ? own[name]() : office.ask(name, ...args)),
    async stop() {
      await Promise.all(
        children.map(
          (child) =>
            new Promise((done) => {
              child.once('exit', done);
              child.kill('SIGTERM');
            }),
        ),
      );
      await office.end();
    },
  };
}

function serve({ environment, port, origin, node }) {
  const child = spawn(node, [path.join(root, 'scripts/start.mjs')], {
    cwd: root,
    env: { ...process.env, ...environment, PORT: String(port), ORIGIN: origin },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && resolve(child));
    child.once('exit', (code) => reject(new Error(`the office ended with ${code}`)));
  });
}

/** A port that is free at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Resident memory of a process now, bytes. */
function residentBytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** User and system time of a process so far, seconds (proc(5): clock ticks are hundredths on Linux). */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function connect(child) {
  const waiting = new Map();
  let n = 0;
  child.on('message', ({ n: of, result, error }) => {
    const { resolve, reject } = waiting.get(of);
    waiting.delete(of);
    if (error) reject(new Error(error));
    else resolve(result);
  });
  child.on('exit', (code) => waiting.forEach(({ reject }) => reject(new Error(`the office ended with ${code}`))));
  return {
    ask: (name, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++n, { resolve, reject });
        child.send({ n, name, args });
      }),
    end: () =>
      new Promise((done) => {
        child.once('exit', done);
        child.disconnect();
      }),
  };
}
