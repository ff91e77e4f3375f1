/** The office's machines: processes that can be killed and started again, and the database that they share, of which copies are kept and put back. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import type { World } from '../../src/lib/domain/world';
import { openDatabase, type ReadSnapshot } from '../../src/lib/server/database/open';
import type { Office } from '../../src/lib/server/office';
import { chance, type Chance } from './chance';
import type { Clockwork } from './clockwork';
import type { Community } from './community';
import { type Engine, newFolder, type Place } from './engines';
import type { Tally } from './faults';
import type { Grain } from './gated-database';
import { outsideOfLife } from './life';
import type { Answered, Sent } from './network';
import { OfficeProcess } from './office-process';
import { wordsOf } from './words';
import { worldOf } from './worlds';

/** `held`: the texts of the revisions that were at the office then, by the digests with which they were pushed. */
type Backup = { file: string; at: number; taken: number; held: ReadonlyMap<string, string> };
/** What a restore threw away: all that was committed after the copy was taken. */
export type Restore = Pick<Backup, 'taken' | 'held'> & { restored: number };

const day = 24 * 3600 * 1000;

type Parts = {
  engine: Engine;
  clockwork: Clockwork;
  seed: number;
  grain: Grain;
  faults: Tally;
  /** The office starts a program. */
  program: (office: Office, args: readonly string[]) => unknown;
};

export class OfficeMachine {
  /** Milliseconds that the office's clock is ahead. */
  ahead = 0;
  /** Counts what happens, so that before and after can be told. */
  moments = 0;
  readonly backups: Backup[] = [];
  readonly restores: Restore[] = [];
  /** Lines of the log that speak of a failure of the office's own. */
  readonly complaints: string[] = [];
  readonly #parts: Parts;
  #place: Place | null = null;
  /** Where its backups are. */
  readonly #folder = newFolder();
  #processes: OfficeProcess[] = [];
  #starts = 0;
  #turns = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get community(): Community {
    return this.#parts.engine.community;
  }

  /** What the office's clock shows. */
  now(): number {
    return this.#parts.clockwork.now + this.ahead;
  }

  /** The process that is this office still lives. */
  runs(office: Office): boolean {
    return this.#processes.some((process) => process.is(office));
  }

  /** A request is in some process. */
  isAsked(): boolean {
    return this.#processes.some((process) => process.isAsked());
  }

  isWriting(): boolean {
    return this.#processes.some((process) => process.where().inTransaction);
  }

  /** Something was committed of which nobody has heard yet. */
  hasCommitted(): boolean {
    return this.#processes.some((process) => process.where().committed);
  }

  async begin(): Promise<void> {
    this.#place = await this.#parts.engine.newPlace();
    await this.start();
  }

  /** Starts as many processes as are missing. */
  async start(): Promise<void> {
    const place = this.#there();
    const { engine, grain } = this.#parts;
    // What is to be alike on every engine has one process, as SQLite has.
    const count = grain === 'transaction' ? 1 : engine.processes;
    while (this.#processes.length < count) {
      const name = `office ${this.#starts++}`;
      const parts = { ...this.#parts, place, name, ahead: () => this.ahead, complaints: this.complaints };
      this.#processes.push(await OfficeProcess.start(parts));
    }
  }

  /** kill -9, of one process or of all. */
  async kill(which: Chance | 'all'): Promise<void> {
    const gone = which === 'all' || this.#processes.length === 0 ? this.#processes : [which.pick(this.#processes)];
    this.#processes = this.#processes.filter((process) => !gone.includes(process));
    for (const process of gone) await process.kill();
  }

  /** A backup while the office runs, into a file as `admin backup` writes it; none while it is down. */
  async backup(): Promise<void> {
    const [process] = this.#processes;
    if (!process) return;
    const { length } = this.backups;
    const file = join(this.#folder, `${length}.backup`);
    const office = { database: process.inner, world: this.#caretaker('backup', length) };
    const held = await this.peek(textsOf);
    await this.#pastTheSchedule(() => writeBackup(office, 'simulation', file));
    this.backups.push({ file, held, at: this.#parts.clockwork.now, taken: (this.moments += 1) });
  }

  /** Puts a backup back that is young enough (DEV-4: 90 days), if there is one, and begins a new epoch; `last` looks at what is thrown away, `putBack` is called before anybody hears of it. */
  async restore(dice: Chance, last: (db: ReadSnapshot) => Promise<void>, putBack: () => void): Promise<void> {
    const { clockwork, faults } = this.#parts;
    const young = this.backups.filter(({ at }) => clockwork.now - at < 80 * day);
    if (young.length === 0) return;
    const { file, taken, held } = dice.pick(young);
    await this.kill('all');
    const world = this.#caretaker('restore', this.restores.length);
    const database = await openDatabase(this.#there().configuration.database, world);
    try {
      await database.read(last);
      await restoreLines(database, world, linesOfFile(file), { replace: true });
      const restored = await database.read(textsOf);
      if (!isDeepStrictEqual(restored, held))
        this.complaints.push('a restore brought other revisions than were backed up');
    } catch (error) {
      this.complaints.push(`a backup cannot be put back: ${wordsOf(error)}`);
    } finally {
      await database.close();
    }
    this.restores.push({ taken, held, restored: (this.moments += 1) });
    putBack();
    faults.restored += 1;
    await this.start();
  }

  /** A request that reaches the office; null where no process answers, or it died over it. */
  deliver(sent: Sent): Promise<Answered | null> {
    const answered = this.#next()?.deliver(sent) ?? Promise.resolve(null);
    return answered.then((answer) => answer && { ...answer, moment: this.moments });
  }

  /** Somebody at the desk, or the caretaker: work in a process, which dies with it. Does nothing while none runs. */
  work(run: (office: Office) => Promise<void>): void {
    this.#next()?.work(run);
  }

  /** Reads what is committed, past the schedule: for the checker. */
  async peek<T>(run: (snapshot: ReadSnapshot) => Promise<T>): Promise<T> {
    const [process] = this.#processes;
    if (!process) throw new Error('the office is down');
    return this.#pastTheSchedule(() => process.inner.read(run));
  }

  async end(): Promise<void> {
    await this.kill('all');
    await this.#place?.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Nothing else goes on meanwhile. */
  #pastTheSchedule<T>(run: () => Promise<T>): Promise<T> {
    const release = this.#parts.clockwork.busy();
    return outsideOfLife(run).finally(release);
  }

  /** Clock, chance and ids of whoever types a command at the office. */
  #caretaker(what: string, time: number): World {
    const { clockwork, seed } = this.#parts;
    const life = { name: what, kind: 'office', clockwork, device: -1, dead: false, said: () => {} } as const;
    return worldOf(life, chance(seed, what, time), () => this.ahead);
  }

  /** Requests go to the processes in turn. */
  #next(): OfficeProcess | undefined {
    return this.#processes[(this.#turns += 1) % Math.max(1, this.#processes.length)];
  }

  #there(): Place {
    if (!this.#place) throw new Error('the world has not begun');
    return this.#place;
  }
}

/** The texts of the revisions that the office has, by the digests with which they were pushed. */
export async function textsOf(db: ReadSnapshot): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('revision').select(['pushed_digest', 'text']).execute();
  return new Map(rows.map(({ pushed_digest, text }) => [pushed_digest, text]));
}
