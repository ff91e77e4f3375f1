/** The files of a PostgreSQL server that lives in a temporary folder. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Whom the server runs as; null: as ourselves. */
export type Owner = { uid: number; gid: number } | null;
export type Cluster = { data: string; user: string; password: string };

/** PostgreSQL refuses to run as root: there it runs as somebody without rights. */
export function accountWithoutRights(): Owner {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim()),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.');
}

/** The folder of the programs, or of a copy where their owner cannot reach them (a clone in root's own folder). */
export function reachable(programs: string, folder: string, owner: Owner): string {
  if (!owner || spawnSync(path.join(programs, 'initdb'), ['--version'], owner).status === 0) return programs;
  const copy = path.join(folder, 'native');
  cpSync(path.dirname(programs), copy, { recursive: true, verbatimSymlinks: true });
  return path.join(copy, 'bin');
}

/** Makes an empty cluster below `folder`, open to nobody without the password. */
export function makeCluster(programs: string, folder: string, owner: Owner): Cluster {
  const cluster = { data: path.join(folder, 'data'), user: 'qiaomen', password: randomBytes(16).toString('hex') };
  const passwordFile = path.join(folder, 'password');
  mkdirSync(cluster.data, { mode: 0o700 });
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  chmodSync(folder, 0o755);
  if (owner) for (const one of [cluster.data, passwordFile]) chownSync(one, owner.uid, owner.gid);

  const usual = ['-D', cluster.data, '-U', cluster.user, '--auth=password', `--pwfile=${passwordFile}`];
  const run = (...order: string[]) =>
    spawnSync(path.join(programs, 'initdb'), [...usual, '--encoding=UTF8', '--no-sync', '--locale=C', ...order], {
      ...owner,
      cwd: folder,
      encoding: 'utf8',
    });
  // An order of letters that is not that of their bytes: whatever rests on the one or the other shows. Without ICU it is bytes.
  let made = run('--locale-provider=icu', '--icu-locale=zh');
  if (made.status !== 0) made = run();
  if (made.status !== 0) throw new Error(`PostgreSQL’s initdb failed: ${made.error?.message ?? made.stderr}`);
  return cluster;
}
