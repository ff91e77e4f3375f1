/** Forms in progress, in the store: each at its last change, with the place in the form (DEV-9). */
import * as z from 'zod/mini';
import { Location, SubmissionKind, Target } from '../sync/revision';
import type { Connection } from './connection';
import type { DraftRow, PhoneDatabase } from './database';
import type { Draft } from './phone';
import type { Vault } from './vault';

const DraftBody = z.object({
  id: z.string(),
  submissionId: z.string(),
  kind: SubmissionKind,
  form: z.object({ id: z.string(), version: z.number() }),
  target: z.extend(Target, { id: z.string() }),
  basis: z.record(z.string(), z.number()),
  prefilledFrom: z.unknown(),
  body: z.record(z.string(), z.unknown()),
  place: z.object({ step: z.string(), field: z.nullable(z.string()) }),
  secondsOpen: z.number(),
  startedAt: z.string(),
  changedAt: z.string(),
  location: z.nullish(Location),
});

/** A copy as JSON has it: no proxies, no `undefined`, the same after a kill as before. */
export function plainCopy<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}

export class Drafts {
  #connection: Connection<PhoneDatabase>;
  #vault: Vault;
  /** Forms that ended: a late, debounced change must not bring them back. */
  #ended = new Set<string>();

  constructor(connection: Connection<PhoneDatabase>, vault: Vault) {
    this.#connection = connection;
    this.#vault = vault;
  }

  /** False for a draft that has ended: nothing was written. */
  async keep(draft: Draft): Promise<boolean> {
    const row = await this.row(draft);
    return this.#connection.run((database) => {
      if (this.#ended.has(formKey(draft))) return Promise.resolve(false);
      return putAndCommit(database.backendDB(), database.drafts.name, row).then(() => true);
    });
  }

  /** Ends a form that the worker gave up, and removes what is kept of it. */
  async drop(draft: Draft): Promise<void> {
    this.end(draft);
    try {
      await this.#connection.run((database) => database.drafts.delete(draft.id));
    } catch (error) {
      this.end(draft, false);
      throw error;
    }
  }

  /** From now on late changes of this form are ignored; `false` takes it back. */
  end(draft: Draft, ended = true): void {
    if (ended) this.#ended.add(formKey(draft));
    else this.#ended.delete(formKey(draft));
  }

  async get(id: string): Promise<Draft | null> {
    const row = await this.#connection.run((database) => database.drafts.get(id));
    return row ? this.#read(row) : null;
  }

  async of(target: { type: string; id: string }, kind: string): Promise<Draft | null> {
    const drafts = await this.all(
      (row) => row.targetId === target.id && row.targetType === target.type && row.kind === kind,
    );
    return drafts[0] ?? null;
  }

  /** Last changed first. */
  async all(only: (row: DraftRow) => boolean = () => true): Promise<Draft[]> {
    const rows = await this.#connection.run((database) => database.drafts.toArray());
    const drafts = await Promise.all(rows.filter(only).map((row) => this.#read(row)));
    return drafts
      .filter((draft) => draft !== null)
      .sort((one, other) => Date.parse(other.changedAt) - Date.parse(one.changedAt));
  }

  async row(draft: Draft): Promise<DraftRow> {
    const { id, submissionId, kind, target } = draft;
    const body = await this.#vault.seal(plainCopy(draft));
    return { id, submissionId, kind, targetType: target.type, targetId: target.id, body };
  }

  async #read(row: DraftRow): Promise<Draft | null> {
    const parsed = DraftBody.safeParse(await this.#vault.open(row.body));
    return parsed.success ? parsed.data : null;
  }
}

/** One sitting at one form: the same id may be used again for a later correction. */
function formKey(draft: Draft): string {
  return `${draft.id} ${draft.startedAt}`;
}

/**
 * Writes one row and asks for the commit in the same turn: a page that is being left hears of no request any more, and what was not asked to
 * commit by then is taken back (Indexed Database API 3.0, 5.1: connections of a global that goes away are closed forced).
 */
function putAndCommit(database: IDBDatabase, table: string, row: DraftRow): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    transaction.objectStore(table).put(row);
    transaction.commit();
  });
}
