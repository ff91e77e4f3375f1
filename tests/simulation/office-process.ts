/** One process of the office: its memory, its connections to the database, and the requests that are in it. All of that dies with it. */
import { type Database, openDatabase } from '../../src/lib/server/database/open';
import type { Asker, Office } from '../../src/lib/server/office';
import { answerSync } from '../../src/lib/server/sync/answer';
import { keepHouse } from '../../src/lib/server/sync/housekeeping';
import { chance } from './chance';
import type { Clockwork } from './clockwork';
import type { Place } from './engines';
import type { Tally } from './faults';
import { GatedDatabase, type Grain, type Whereabouts } from './gated-database';
import { inLife, type Life, outsideOfLife } from './life';
import type { Answered, Cookie, Sent } from './network';
import { lendPrograms } from './outside-world';
import { wordsOf } from './words';
import { worldOf } from './worlds';

export type ProcessParts = {
  name: string;
  place: Place;
  clockwork: Clockwork;
  seed: number;
  grain: Grain;
  faults: Tally;
  ahead: () => number;
  complaints: string[];
  /** The office starts a program. */
  program: (office: Office, args: readonly string[]) => unknown;
};

export class OfficeProcess {
  /** The database without its gates: for whoever reads past the schedule. */
  readonly inner: Database;
  readonly #parts: ProcessParts;
  readonly #life: Life;
  readonly #gated: GatedDatabase;
  readonly #office: Office;
  #under = new Map<(answer: null) => void, 'push' | 'pull'>();

  private constructor(parts: ProcessParts, life: Life, inner: Database, office: Omit<Office, 'database'>) {
    this.#parts = parts;
    this.#life = life;
    this.inner = inner;
    this.#gated = new GatedDatabase(inner, life, parts.grain);
    this.#office = { ...office, database: this.#gated.database };
  }

  static async start(parts: ProcessParts): Promise<OfficeProcess> {
    const { name, clockwork, seed, place, ahead, complaints, program } = parts;
    const said = (line: string) => {
      if (/"event":"(error|alarm|afterwork|housekeeping|database|roster-job)"/.test(line)) complaints.push(line);
    };
    const life: Life = { name, kind: 'office', clockwork, device: -1, dead: false, said };
    const world = worldOf(life, chance(seed, name), ahead);
    const { configuration } = place;
    const inner = await openDatabase(configuration.database, world);
    place.begun(life, parts.grain);
    const process = new OfficeProcess(parts, life, inner, { world, configuration });
    lendPrograms(life, (args) => program(process.#office, args));
    inLife(life, () => void keepHouse(process.#office));
    return process;
  }

  /** The office that this process is. */
  is(office: Office): boolean {
    return office === this.#office;
  }

  isAsked(): boolean {
    return this.#under.size > 0;
  }

  where(): Whereabouts {
    return this.#gated.where();
  }

  async kill(): Promise<void> {
    const { faults, place, clockwork } = this.#parts;
    const { inTransaction, committed } = this.where();
    this.#life.dead = true;
    await outsideOfLife(() => this.#gated.kill());
    await outsideOfLife(() => place.cut(this.#life));
    clockwork.forget(this.#life);
    faults['office killed'] += 1;
    if (inTransaction) faults['office killed in a transaction'] += 1;
    if (committed) faults['office killed after a commit'] += 1;
    if ([...this.#under.values()].includes('push')) faults['office killed amid a push'] += 1;
    for (const hangUp of this.#under.keys()) hangUp(null);
  }

  deliver(sent: Sent): Promise<Answered | null> {
    return new Promise((resolve) => {
      this.#under.set(resolve, hasPush(sent) ? 'push' : 'pull');
      void inLife(this.#life, () => this.#answer(sent)).then((answered) => {
        this.#under.delete(resolve);
        resolve(answered);
      });
    });
  }

  work(run: (office: Office) => Promise<void>): void {
    const complain = (error: unknown) => this.#parts.complaints.push(wordsOf(error));
    void inLife(this.#life, () => run(this.#office)).catch(complain);
  }

  async #answer({ cookie, bytes, headers }: Sent): Promise<Answered> {
    const response = await answerSync(this.#office, cookie && (await this.#asker(cookie)), bytes, headers);
    const release = this.#parts.clockwork.busy();
    const body = new Uint8Array(await response.arrayBuffer());
    release();
    return { status: response.status, headers: response.headers, bytes: body };
  }

  /** Whom the session's cookie stands for, as every request reads it anew. */
  #asker({ account, session }: Cookie): Promise<Asker | null> {
    return this.#office.database.read(async (db) => {
      const row = await db.selectFrom('account').select('community_id').where('id', '=', account).executeTakeFirst();
      return row ? { communityId: row.community_id, id: account, session } : null;
    });
  }
}

function hasPush({ bytes, headers }: Sent): boolean {
  return headers.get('content-encoding') !== null || !new TextDecoder().decode(bytes).includes('"push":[]');
}
