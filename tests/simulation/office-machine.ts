/** The machine that the office runs on: its process, which can be killed and started again, and its database, of which copies are kept and put back. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { linesOf } from '../../src/lib/server/backup/lines';
import { restoreLines } from '../../src/lib/server/backup/restore-backup';
import { readConfiguration } from '../../src/lib/server/configuration';
import { type Database, openDatabase, type ReadSnapshot } from '../../src/lib/server/database/open';
import type { Asker, Office } from '../../src/lib/server/office';
import { answerSync } from '../../src/lib/server/sync/answer';
import { keepHouse } from '../../src/lib/server/sync/housekeeping';
import { chance } from './chance';
import type { Clockwork } from './clockwork';
import { type Community, makeCommunity } from './community';
import type { Tally } from './faults';
import { GatedDatabase, type Grain } from './gated-database';
import { inLife, type Life, outsideOfLife } from './life';
import type { Answered, Cookie, Sent } from './network';
import { wordsOf } from './words';
import { worldOf } from './worlds';

type Process = {
  life: Life;
  inner: Database;
  gated: GatedDatabase;
  office: Office;
  under: Map<(answer: null) => void, 'push' | 'pull'>;
};
type Backup = { lines: string[]; at: number; taken: number };
/** What a restore threw away: all that was committed after the copy was taken. */
export type Restore = { taken: number; restored: number };

const memory = '/dev/shm';
const day = 24 * 3600 * 1000;

type Parts = { clockwork: Clockwork; seed: number; grain: Grain; faults: Tally };

export class OfficeMachine {
  /** Milliseconds that the office's clock is ahead. */
  ahead = 0;
  /** Counts what happens, so that before and after can be told. */
  moments = 0;
  readonly backups: Backup[] = [];
  readonly restores: Restore[] = [];
  /** Lines of the log that speak of a failure of the office's own. */
  readonly complaints: string[] = [];
  #community: Community | null = null;
  #process: Process | null = null;
  #starts = 0;
  #folder: string;
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'qiaomen-simulation-'));
  }

  get community(): Community {
    if (!this.#community) throw new Error('the world has not begun');
    return this.#community;
  }

  /** What the office's clock shows. */
  now(): number {
    return this.#parts.clockwork.now + this.ahead;
  }

  /** A request is in its process. */
  isAsked(): boolean {
    return (this.#process?.under.size ?? 0) > 0;
  }

  isWriting(): boolean {
    return this.#process?.gated.where().inTransaction ?? false;
  }

  /** Something was committed of which nobody has heard yet. */
  hasCommitted(): boolean {
    return this.#process?.gated.where().committed ?? false;
  }

  /** Makes the community and starts the first process. */
  async begin(): Promise<void> {
    const life = this.#life();
    const world = worldOf(life, chance(this.#parts.seed, 'community'), () => this.ahead);
    const database = await openDatabase(this.#configuration.database, world);
    this.#community = await makeCommunity({ database, world, configuration: this.#configuration });
    await database.close();
    await this.start();
  }

  async start(): Promise<void> {
    if (this.#process) return;
    const life = this.#life();
    const world = worldOf(life, chance(this.#parts.seed, life.name), () => this.ahead);
    const configuration = this.#configuration;
    const inner = await openDatabase(configuration.database, world);
    const gated = new GatedDatabase(inner, life, this.#parts.grain);
    const office = { database: gated.database, world, configuration };
    this.#process = { life, inner, gated, office, under: new Map() };
    inLife(life, () => void keepHouse(office));
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const process = this.#process;
    if (!process) return;
    const { faults } = this.#parts;
    this.#process = null;
    process.life.dead = true;
    const where = await outsideOfLife(() => process.gated.kill());
    faults['office killed'] += 1;
    if (where.inTransaction) faults['office killed in a transaction'] += 1;
    if (where.committed) faults['office killed after a commit'] += 1;
    if ([...process.under.values()].includes('push')) faults['office killed amid a push'] += 1;
    for (const hangUp of process.under.keys()) hangUp(null);
  }

  /** A backup while the office runs; none while it is down. */
  async backup(): Promise<void> {
    if (!this.#process) return;
    const lines = await this.peek(async (db) => {
      const about = { madeAt: new Date(this.#parts.clockwork.now).toISOString(), app: 'simulation' };
      const pieces: string[] = [];
      for await (const piece of linesOf(db, 'sqlite', about)) pieces.push(piece);
      return pieces.join('').split('\n').slice(0, -1);
    });
    this.backups.push({ lines, at: this.#parts.clockwork.now, taken: (this.moments += 1) });
  }

  /** Puts a backup back that is young enough (DEV-4: 90 days), if there is one, and begins a new epoch. */
  async restore(pick: (count: number) => number): Promise<void> {
    const young = this.backups.filter(({ at }) => this.#parts.clockwork.now - at < 80 * day);
    const backup = young[pick(young.length)];
    if (!backup) return;
    await this.kill();
    const world = worldOf(this.#life(), chance(this.#parts.seed, 'restore', this.restores.length), () => this.ahead);
    const database = await openDatabase(this.#configuration.database, world);
    await restoreLines(database, world, Readable.from(backup.lines), { replace: true });
    await database.close();
    this.restores.push({ taken: backup.taken, restored: (this.moments += 1) });
    this.#parts.faults.restored += 1;
    await this.start();
  }

  /** A request that reaches the machine; null where no process answers, or it died over it. */
  deliver(sent: Sent): Promise<Answered | null> {
    const process = this.#process;
    if (!process) return Promise.resolve(null);
    return new Promise((resolve) => {
      process.under.set(resolve, hasPush(sent) ? 'push' : 'pull');
      void inLife(process.life, () => this.#answer(process, sent)).then((answered) => {
        process.under.delete(resolve);
        resolve(answered);
      });
    });
  }

  /** Somebody at the desk, or the caretaker: work in the process, which dies with it. Does nothing while no process runs. */
  work(run: (office: Office) => Promise<void>): void {
    const process = this.#process;
    if (!process) return;
    void inLife(process.life, () => run(process.office)).catch((error: unknown) =>
      this.complaints.push(wordsOf(error)),
    );
  }

  /** Reads what is committed, past the schedule: for the checker. */
  async peek<T>(run: (snapshot: ReadSnapshot) => Promise<T>): Promise<T> {
    const process = this.#process;
    if (!process) throw new Error('the office is down');
    const release = this.#parts.clockwork.busy();
    return outsideOfLife(() => process.inner.read(run)).finally(release);
  }

  async end(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (process) {
      process.life.dead = true;
      await outsideOfLife(() => process.gated.kill());
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #configuration() {
    return readConfiguration({ DATA_DIR: this.#folder });
  }

  #life(): Life {
    const name = `office ${this.#starts++}`;
    const said = (line: string) => {
      if (/"event":"(error|alarm|afterwork|housekeeping|database)"/.test(line)) this.complaints.push(line);
    };
    return { name, kind: 'office', clockwork: this.#parts.clockwork, device: -1, dead: false, said };
  }

  async #answer({ office }: Process, { cookie, bytes, headers }: Sent): Promise<Answered> {
    const response = await answerSync(office, cookie && (await this.#asker(office, cookie)), bytes, headers);
    const release = this.#parts.clockwork.busy();
    const body = new Uint8Array(await response.arrayBuffer());
    release();
    return { status: response.status, headers: response.headers, bytes: body };
  }

  /** Whom the session's cookie stands for, as every request reads it anew. */
  #asker(office: Office, { account, session }: Cookie): Promise<Asker | null> {
    return office.database.read(async (db) => {
      const row = await db.selectFrom('account').select('community_id').where('id', '=', account).executeTakeFirst();
      return row ? { communityId: row.community_id, id: account, session } : null;
    });
  }
}

function hasPush({ bytes, headers }: Sent): boolean {
  return headers.get('content-encoding') !== null || !new TextDecoder().decode(bytes).includes('"push":[]');
}
