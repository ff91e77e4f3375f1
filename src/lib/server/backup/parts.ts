/** The file that a backup grows in, before it has its name: whose it is stands in its own, so that what a killed process left is known. */
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/**
 * A part whose maker does not run here, and to which nobody has written for so long, is nobody's: a container of the same name may have made it, whose
 * processes are not to be seen, and whoever makes a backup writes all the time.
 */
const quietMs = 10 * 60 * 1000;
/** So it is whatever machine made it. */
const forsakenMs = 24 * 3600 * 1000;
const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');

/** `id`: of its own, so that two backups to one file do not write into one another. */
export function partOf(file: string, id: string): string {
  return `${file}.${host}_${process.pid}_${id}.part`;
}

/** Removes what backups that are no more left in this folder, whatever file they were to make; answers their paths. `now`: milliseconds since 1970. */
export async function removeLeftParts(folder: string, now: number): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const left: string[] = [];
  for (const name of names) {
    const made = /\.([A-Za-z0-9-]+)_(\d+)_[0-9a-f-]{36}\.part$/.exec(name);
    const part = path.join(folder, name);
    if (made && (await isLeft(part, made[1] === host ? Number(made[2]) : null, now))) left.push(part);
  }
  await Promise.all(left.map((part) => rm(part, { force: true })));
  return left;
}

/** `maker`: the process that made it, null where that is none of this machine. */
async function isLeft(part: string, maker: number | null, now: number): Promise<boolean> {
  const there = await stat(part).catch(() => null);
  return there !== null && now - there.mtimeMs > (maker !== null && !isRunning(maker) ? quietMs : forsakenMs);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be asked, and runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
