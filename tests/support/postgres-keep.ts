/** A server that ends with us: by `end`, or because we are gone. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Owner } from './postgres-cluster.ts';

/** What `postgres-keeper.ts` runs, and the folder that it removes afterwards. */
export type Kept = { program: string; args: string[]; folder: string; owner: Owner };

/** `ended` resolves when it is gone, with what it said last. */
export function keepServer(kept: Kept): { ended: Promise<string>; end(): Promise<void> } {
  const keeper = fileURLToPath(new URL('postgres-keeper.ts', import.meta.url));
  const child = spawn(process.execPath, [keeper, JSON.stringify(kept)], {
    // The first pipe is the leash: it breaks however this process goes.
    stdio: ['pipe', 'ignore', 'pipe'],
    // Out of reach of a Ctrl+C, which is for us first.
    detached: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(said)));
  // Nobody has to wait for it: a program that ends without a word ends it too.
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  return {
    ended,
    end: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
