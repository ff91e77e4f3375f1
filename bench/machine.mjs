/** What a figure was measured on, and how several are told as one. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** `2 × CPU, 24 GiB, Linux …, Node …` */
export function machine() {
  const release = existsSync('/etc/os-release')
    ? /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    : null;
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  return [
    `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}`,
    memory,
    `${os.type()} ${os.release()}`,
    release,
    `Node ${process.versions.node}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Least, middle and greatest of a list. */
export function stats(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { min: sorted[0], median, max: sorted.at(-1) };
}
