/** Makes the build where there is none or the sources changed since. One at a time: a second caller waits for the first. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasSources, isBuilt, isFresh, root } from './sources.mjs';

const lockFile = path.join(root, '.svelte-kit', 'building');

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

async function takeLock() {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = 0;
    try {
      holder = Number(readFileSync(lockFile, 'utf8'));
    } catch {
      continue;
    }
    if (!holder || !isAlive(holder)) rmSync(lockFile, { force: true });
    else await wait(200);
  }
}

/**
 * Runs the build as a child of its own (its memory goes with it); the child ends with us.
 * @param {'production' | 'faults'} mode
 */
function build(mode) {
  return new Promise((resolve, reject) => {
    const flags = mode === 'faults' ? ['--faults'] : [];
    const child = spawn(process.execPath, [path.join(root, 'scripts/build.mjs'), ...flags], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    const stop = (signal) => {
      child.kill(signal);
      rmSync(lockFile, { force: true });
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      if (code === 0) resolve();
      else reject(new Error('The build did not succeed; what it said stands above.'));
    });
  });
}

/**
 * Leaves a fresh build in `build/` (or, for tests of power cuts, in `build-faults/`); says what it does on standard error, for standard
 * output may be somebody's JSON.
 * @param {'production' | 'faults'} mode
 */
export async function ensureBuilt(mode = 'production') {
  // Where the sources are not, as in the image of the Dockerfile, the build that was brought along is the one.
  if (!hasSources() && mode === 'production' && isBuilt()) return;
  if (isFresh(mode)) return;
  await takeLock();
  try {
    if (isFresh(mode)) return;
    console.error('正在构建… / Building, this takes a moment …');
    await build(mode);
  } finally {
    rmSync(lockFile, { force: true });
  }
}
