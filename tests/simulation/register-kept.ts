/** The register as it stood before and after each decision, kept outside of the office: what an undo has to give back. */
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import type { Office } from '../../src/lib/server/office';
import { canonical } from './ledger';
import type { Leads } from './typed-over';

/** A row of the register: all of it but its version. `isGone`: shown nowhere any more. */
type Row = { text: string; isGone: boolean };
type Register = ReadonlyMap<string, Row>;
/** A change of the register at work. `alone`: nobody else's was under way at any time of it. */
type Work = { office: Office; alone: boolean };

type Parts = {
  peek: <T>(run: (db: ReadSnapshot) => Promise<T>) => Promise<T>;
  /** The process still lives: what was at work in a dead one is over. */
  runs: (office: Office) => boolean;
  isErased: (id: string) => boolean;
  fail: (words: string) => void;
};

export class RegisterKept {
  #parts: Parts;
  #working: Work[] = [];
  #decided = new Map<string, { before: Register; after: Register }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Does what changes the register; `before` and `after` are null where somebody else changed it meanwhile. */
  async #around<T>(
    office: Office,
    run: () => Promise<T>,
  ): Promise<{ answer: T; before: Register; after: Register | null }> {
    this.#working = this.#working.filter((other) => this.#parts.runs(other.office));
    const work = { office, alone: this.#working.length === 0 };
    for (const other of this.#working) other.alone = false;
    this.#working.push(work);
    try {
      const before = await this.#parts.peek(registerOf);
      const answer = await run();
      return { answer, before, after: work.alone ? await this.#parts.peek(registerOf) : null };
    } finally {
      this.#working = this.#working.filter((other) => other !== work);
    }
  }

  /** The last decision that was seen to change the register. */
  changedBy(decision: string | null): boolean {
    return (
      decision !== null &&
      [...this.#decided].findLast(([, { before, after }]) => changed(before, after).length > 0)?.[0] === decision
    );
  }

  /** Something that changes the register and is no decision. */
  async change<T>(office: Office, run: () => Promise<T>): Promise<T> {
    return (await this.#around(office, run)).answer;
  }

  /** Takes a decision; `undoes` is the one that it takes back, `leads` are values that it brings. Answers whether an undo was compared. */
  async decide<T extends { done: string } | { refused: unknown }>(
    office: Office,
    { undoes = null, leads = [] }: { undoes?: string | null; leads?: readonly Leads[] },
    run: () => Promise<T>,
  ): Promise<{ answer: T; compared: boolean }> {
    const { answer, before, after } = await this.#around(office, run);
    if (!after) return { answer, compared: false };
    if (!('done' in answer)) {
      if (changed(before, after).length > 0)
        this.#parts.fail('[TWO-3] a decision that was refused changed the register');
      return { answer, compared: false };
    }
    this.#decided.set(answer.done, { before, after });
    for (const { type, id, field, value } of leads) {
      const row = after.get(`${type} ${id}`);
      if (!row || row.isGone || this.#parts.isErased(id)) continue;
      const { body }: { body: Record<string, unknown> } = JSON.parse(row.text);
      if (body[field] !== value)
        this.#parts.fail(
          `[TWO-3] ${field} of ${type} ${id} is ${String(body[field])} after it was corrected to ${String(value)}`,
        );
    }
    const undone = undoes === null ? undefined : this.#decided.get(undoes);
    if (!undone) return { answer, compared: false };
    const isErased = (key: string) => this.#parts.isErased(key.split(' ')[1] ?? '');
    const touched = new Set(changed(undone.before, undone.after).filter((key) => !isErased(key)));
    for (const key of touched) {
      const was = undone.before.get(key);
      const is = after.get(key);
      if (was ? was.text !== is?.text : is?.isGone !== true)
        this.#parts.fail(`an undo did not give back ${key} as it was before the decision`);
    }
    for (const key of changed(before, after))
      if (!touched.has(key) && !isErased(key))
        this.#parts.fail(`an undo changed ${key}, which the decision had not touched`);
    return { answer, compared: touched.size > 0 };
  }
}

function changed(before: Register, after: Register): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key)?.text !== after.get(key)?.text);
}

async function registerOf(db: ReadSnapshot): Promise<Register> {
  const dwellings = await db.selectFrom('dwelling').selectAll().execute();
  const households = await db.selectFrom('household').selectAll().execute();
  const residents = await db.selectFrom('resident').selectAll().execute();
  const aliases = await db.selectFrom('alias').selectAll().execute();
  const row = (isGone: boolean, { version: _, number_hash: __, ...columns }: Columns): Row => ({
    text: canonical(opened(columns)),
    isGone,
  });
  return new Map([
    ...dwellings.map((one) => [`dwelling ${one.id}`, row(one.retired_at !== null, one)] as const),
    ...households.map((one) => [`household ${one.id}`, row(one.ended_at !== null, one)] as const),
    ...residents.map((one) => [`resident ${one.id}`, row(one.retired_at !== null, one)] as const),
    ...aliases.map((one) => [`alias ${one.type} ${one.id}`, row(false, one)] as const),
  ]);
}

type Columns = Record<string, unknown>;

/** Columns that hold JSON, read: the same values in another order are no change. */
function opened(columns: Columns): Columns {
  const entries = Object.entries(columns);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' && /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}
