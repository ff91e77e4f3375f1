/** The program that the office starts to read and import a roster. Here it works in the office's own process, and dies with that, or alone. */
import { EventEmitter } from 'node:events';
import type { KyselyPlugin } from 'kysely';
import type { Database, Transaction } from '../../src/lib/server/database/open';
import type { Office } from '../../src/lib/server/office';
import { runStep } from '../../src/lib/server/roster/job-steps';
import { claimJob, type JobStep } from '../../src/lib/server/roster/jobs';

/** What the program was started for. */
export type Job = { communityId: string; importId: string; step: JobStep };
/** Runs around each of its transactions, inside of it. */
export type Around = <T>(tx: Transaction, run: (tx: Transaction) => Promise<T>) => Promise<T>;

export class BrokeOff extends Error {}

export class RosterProgram extends EventEmitter {
  readonly office: Office;
  readonly job: Job;
  #isKilled = false;
  #inTransaction = 0;

  constructor(office: Office, args: readonly string[]) {
    super();
    this.office = office;
    const said = (name: string) => args[args.indexOf(name) + 1] ?? '';
    const step = said('--step') === 'read' ? 'read' : 'import';
    this.job = { communityId: said('--community'), importId: said('--import'), step };
  }

  get isWriting(): boolean {
    return this.#inTransaction > 0;
  }

  /** Nothing more of it reaches the database; a transaction that is open is taken back. */
  kill(): boolean {
    this.#isKilled = true;
    return true;
  }

  /** As `runRosterJob`, in an office that is open already. Answers whether it was its turn; rejects where it broke off. */
  async run(around: Around, met: () => void): Promise<boolean> {
    const { communityId, importId, step } = this.job;
    const giveBack = await claimJob(this.office, importId);
    if (!giveBack) return false;
    const office = { ...this.office, database: this.#mortal(this.office.database, around, met) };
    await runStep(office, communityId, importId, step).finally(giveBack);
    return true;
  }

  #mortal(database: Database, around: Around, met: () => void): Database {
    const breathe = () => {
      if (this.#isKilled) throw new BrokeOff();
    };
    const gate: KyselyPlugin = {
      transformQuery: ({ node }) => {
        breathe();
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
    const read: Database['read'] = (run) => {
      breathe();
      return database.read((snapshot) => run(snapshot.withPlugin(gate) as typeof snapshot));
    };
    const write: Database['write'] = async (run) => {
      breathe();
      this.#inTransaction += 1;
      const result = await database
        .write((tx) =>
          around(tx.withPlugin(gate) as Transaction, async (mortal) => {
            const value = await run(mortal);
            breathe();
            return value;
          }),
        )
        .finally(() => (this.#inTransaction -= 1));
      breathe();
      return result;
    };
    const claim: Database['claim'] = async (name) => {
      const giveBack = await database.claim(name);
      if (!giveBack) met();
      return giveBack;
    };
    const own = { read: { value: read }, write: { value: write }, claim: { value: claim } };
    return Object.create(database, own) as Database;
  }
}
