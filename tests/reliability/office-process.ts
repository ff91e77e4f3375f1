/** The office as a process of its own, on either database, in the build that can be made to die at a named step. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { inject } from 'vitest';
import { dropDatabase, makeDatabase, startPostgres } from '../support/postgres';
import type { StoredRow } from './ledger';
import type { Engine } from './settings';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Faults = {
  /** `QIAOMEN_FAULT`: the step at which the process dies. */
  die?: string;
  /** `QIAOMEN_FAULT_PAGES`: how large SQLite's file may become. */
  pages?: number;
};

type Database = { url: string; stop(): Promise<void> };

export class OfficeProcess {
  readonly address: string;
  readonly #port: number;
  readonly #dataDir: string;
  readonly #database: Database | null;
  readonly #origin: string | undefined;
  #child: ChildProcess | null = null;

  private constructor(port: number, dataDir: string, database: Database | null, origin?: string) {
    this.#origin = origin;
    this.#port = port;
    this.address = `http://127.0.0.1:${port}`;
    this.#dataDir = dataDir;
    this.#database = database;
  }

  /** An office with the demo community, a copy of the one made for this run; not started yet. `origin`: where browsers reach it, if that is a proxy. */
  static async make(engine: Engine, origin?: string): Promise<OfficeProcess> {
    const made = inject('madeOffice');
    const folder = newFolder();
    if (engine === 'postgres') return new OfficeProcess(await freePort(), folder, await copyOf(made.postgres), origin);
    if (made.folder === null) throw new Error('no office was made on SQLite');
    cpSync(made.folder, folder, { recursive: true });
    return new OfficeProcess(await freePort(), folder, null, origin);
  }

  /** One whose folder or database is empty: it makes the demo community when it starts. On PostgreSQL with a server to itself, if none is given. */
  static async bare(engine: Engine, given?: Database): Promise<OfficeProcess> {
    const database = engine === 'postgres' ? (given ?? (await emptyPostgres())) : null;
    return new OfficeProcess(await freePort(), newFolder(), database);
  }

  /** One more process of an office on PostgreSQL, with a folder of its own. The first is removed last: the database goes with it. */
  async another(): Promise<OfficeProcess> {
    if (!this.#database) throw new Error('SQLite is one process');
    const shared = { url: this.#database.url, stop: () => Promise.resolve() };
    return new OfficeProcess(await freePort(), newFolder(), shared, this.#origin);
  }

  /** Answers when the office really answers; false when it died before, as it was told to. */
  async start({ die, pages }: Faults = {}): Promise<boolean> {
    const child = spawn(process.execPath, [path.join(root, 'tests/reliability/serve-with-faults.mjs')], {
      cwd: root,
      env: {
        ...this.#environment(),
        ...(die && { QIAOMEN_FAULT: die }),
        ...(pages && { QIAOMEN_FAULT_PAGES: String(pages) }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const written: string[] = [];
    child.stderr.on('data', (part: Buffer) => written.push(part.toString()));
    return new Promise<boolean>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && resolve(true));
      child.once('exit', (code, signal) => {
        if (die && signal === 'SIGKILL') resolve(false);
        else reject(new Error(`the office ended with ${code ?? signal}:\n${written.join('')}`));
      });
    });
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      TZ: 'Asia/Shanghai',
      PORT: String(this.#port),
      DATA_DIR: this.#dataDir,
      AUTH_SECRET: 'thirty-two characters for the reliability run',
      ...(this.#database && { DATABASE_URL: this.#database.url }),
      ...(this.#origin && { ORIGIN: this.#origin }),
    };
  }

  /** `npm run admin -- …` on its data, while it runs. Rejects with what was said when it was refused. */
  async admin(...order: string[]): Promise<void> {
    const program = path.join(root, 'build-faults/admin.js');
    await promisify(execFile)(process.execPath, [program, ...order], { cwd: root, env: this.#environment() });
  }

  /** Memory of the process now, bytes (Linux). */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  }

  /** True while the process lives. */
  get lives(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process has ended, however it did. */
  async ended(): Promise<void> {
    if (this.#child && this.lives) await once(this.#child, 'exit');
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.ended();
  }

  /** Politely: the database is closed and is one file again. */
  async end(): Promise<void> {
    this.#child?.kill('SIGTERM');
    await this.ended();
  }

  /** Every revision that the database holds, read past the office. */
  async rows(): Promise<StoredRow[]> {
    const query = 'SELECT submission_id AS id, revision, digest, status, text FROM revision';
    if (this.#database) {
      const client = new pg.Client({ connectionString: this.#database.url });
      await client.connect();
      const { rows } = await client.query<StoredRow>(query);
      await client.end();
      return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
    }
    const file = new Sqlite(path.join(this.#dataDir, 'qiaomen.sqlite'), { readonly: true });
    try {
      return file.prepare<[], StoredRow>(query).all();
    } finally {
      file.close();
    }
  }

  /** Its `DATA_DIR`. */
  get folder(): string {
    return this.#dataDir;
  }

  get sqliteFile(): string {
    return path.join(this.#dataDir, 'qiaomen.sqlite');
  }

  get databaseUrl(): string {
    if (!this.#database) throw new Error('this office is on SQLite');
    return this.#database.url;
  }

  /** Ends the process and removes what it held. */
  async remove(): Promise<void> {
    await this.end();
    await this.#database?.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

const newFolder = () => mkdtempSync(path.join(tmpdir(), 'qiaomen-reliability-'));

/**
 * Below the ports that the system hands out by itself: a process that is killed and started again finds its own free, and not taken by somebody's
 * connection meanwhile.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** A database of its own on a server that syncs its commits to disk, and ends with this process. */
async function emptyPostgres(): Promise<Database> {
  const server = await startPostgres({ durable: true });
  return { url: await makeDatabase(server.url, 'reliability'), stop: server.stop };
}

let copies = 0;

async function copyOf(made: { url: string; template: string } | null): Promise<Database> {
  if (made === null) throw new Error('no office was made on PostgreSQL');
  copies += 1;
  const name = `${made.template}_${process.pid}_${copies}`;
  const url = await makeDatabase(made.url, name, made.template);
  return { url, stop: () => dropDatabase(made.url, name) };
}
