/** A disk that fills while the office runs. Where the system lets us, a real one: small, mounted for the case, with a file that takes what is left. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { accountWithoutRights } from '../support/postgres-cluster';

export type FillingDisk = {
  /** For the scoreboard. */
  how: string;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** After the last program that has a file on it has ended. */
  remove(): void;
};

/** At `folder`, which is empty; null where nobody may mount. `owner`: whose programs write there, if not ours. */
export function mountDisk(folder: string, megabytes: number, owner = { uid: 0, gid: 0 }): FillingDisk | null {
  const options = `size=${megabytes}m,mode=0700,uid=${owner.uid},gid=${owner.gid}`;
  if (process.getuid?.() !== 0 || spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0)
    return null;
  const filler = path.join(folder, 'filler');
  return {
    how: 'a real disk',
    async fill() {
      for (let bytes = 1024 * 1024; bytes >= 4096;) {
        try {
          appendFileSync(filler, Buffer.alloc(bytes));
        } catch {
          bytes /= 4;
        }
      }
    },
    async makeRoom() {
      rmSync(filler);
    },
    remove() {
      spawnSync('umount', [folder]);
    },
  };
}

/** Moves the empty database at `url` to a small disk of its own; elsewhere its server says of each commit what it says when its disk is full. */
export async function postgresDisk(url: string): Promise<FillingDisk> {
  // A server that was given to us may be anywhere.
  const folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-disk-'));
  const disk = process.env.DATABASE_URL_TEST ? null : mountDisk(folder, 64, accountWithoutRights() ?? undefined);
  if (!disk) {
    rmdirSync(folder);
    return wordsOfPostgres(url);
  }
  const name = new URL(url).pathname.slice(1);
  const server = Object.assign(new URL(url), { pathname: '/postgres' }).href;
  await run(server, `CREATE TABLESPACE small LOCATION '${folder}'`);
  await run(server, `ALTER DATABASE "${name}" SET TABLESPACE small`);
  return {
    ...disk,
    remove() {
      disk.remove();
      rmdirSync(folder);
    },
  };
}

function wordsOfPostgres(url: string): FillingDisk {
  return {
    how: 'SQLSTATE 53100 at each commit',
    fill: () =>
      run(
        url,
        `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
         CREATE CONSTRAINT TRIGGER disk_full AFTER INSERT ON revision DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION disk_full()`,
      ),
    makeRoom: () => run(url, 'DROP TRIGGER disk_full ON revision'),
    remove: () => undefined,
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
