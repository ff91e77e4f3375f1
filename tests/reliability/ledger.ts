/**
 * What was saved, by a list of its own: nothing here asks the code under test what it has done. A record counts as lost when the office has no row of it
 * with its digest, and as doubled when it has more than one.
 */
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { seed, type Engine } from './settings';

export type Saved = { id: string; revision: number; digest: string };
/** A row of the office's `revision` table; `text`: the whole revision as JSON. */
export type StoredRow = { id: string; revision: number; digest: string; status: string; text: string };

export class Ledger {
  readonly #saved = new Map<string, Saved>();

  /** Called when the phone said *saved*, with what it said. */
  add({ id, revision, digest }: Saved): void {
    this.#saved.set(`${id}/${revision}`, { id, revision, digest });
  }

  /** True for a record that was saved. */
  has(id: string): boolean {
    return [...this.#saved.values()].some((saved) => saved.id === id);
  }

  get size(): number {
    return this.#saved.size;
  }

  /** Compares with the rows that the database holds, read past the office. */
  compare(rows: readonly StoredRow[]): { tried: number; lost: number; doubled: number } {
    const counts = new Map<string, number>();
    for (const { id, revision, digest } of rows) {
      const key = `${id}/${revision}/${digest}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const found = [...this.#saved.values()].map(
      ({ id, revision, digest }) => counts.get(`${id}/${revision}/${digest}`) ?? 0,
    );
    return {
      tried: found.length,
      lost: found.filter((count) => count === 0).length,
      doubled: found.filter((count) => count > 1).length,
    };
  }
}

export type Row = {
  case: string;
  engine: Engine | 'phone';
  tried: number;
  lost: number;
  doubled: number;
  message: string;
};

/** One line of the scoreboard; the case fails here when something was lost, doubled, or nothing was tried. */
export function score(row: Row): void {
  const file = process.env.RELIABILITY_ROWS;
  if (file) appendFileSync(file, `${JSON.stringify({ ...row, seed })}\n`);
  expect(row, `${row.case}, seed ${seed}`).toMatchObject({ lost: 0, doubled: 0 });
  expect(row.tried, `${row.case} tried nothing`).toBeGreaterThan(0);
}
