/** Saved revisions that wait for their receipts: made, numbered, kept, given out whole, thrown away. */
import * as z from 'zod/mini';
import { toTimestamp } from '../domain/calendar';
import type { World } from '../domain/world';
import { digestRevision } from '../sync/digest';
import { SubmissionItem } from '../sync/items';
import { limits, type SubmissionRevision } from '../sync/revision';
import type { Connection } from './connection';
import type { OutboxRow, PhoneDatabase } from './database';
import type { Drafts } from './drafts';
import { openItemRow } from './item-row';
import type { HeldItem } from './items-memory';
import type { Draft } from './phone';
import { sealRevision } from './revision-body';
import { TooLargeError } from './store-errors';
import type { Vault } from './vault';

/** Another tab of the account may save the same submission in between: then the revision is numbered again. */
const NUMBERING_TRIES = 5;
/** All that numbering asks of an item, so that a word that this version does not know changes no number. */
const Numbers = z.pick(SubmissionItem, { revision: true, others: true });

/** What numbering goes by: the highest revision kept here, 0 for none, and the account feed's item. */
export type KnownNumbers = { kept: number; item: Pick<HeldItem, 'version' | 'body'> | null };
type Prepared = { draft: Draft; revision: SubmissionRevision; row: Omit<OutboxRow, 'order'>; known: KnownNumbers };

type Parts = {
  accountId: string;
  connection: Connection<PhoneDatabase>;
  vault: Vault;
  world: World;
  drafts: Drafts;
  remembered: (submissionId: string) => KnownNumbers;
};

export class Outbox {
  #accountId: string;
  #connection: Connection<PhoneDatabase>;
  #vault: Vault;
  #world: World;
  #drafts: Drafts;
  #remembered: (submissionId: string) => KnownNumbers;

  /** `remembered`: what is in memory, which knows all but what another tab did in this moment. */
  constructor({ accountId, connection, vault, world, drafts, remembered }: Parts) {
    this.#accountId = accountId;
    this.#connection = connection;
    this.#vault = vault;
    this.#world = world;
    this.#drafts = drafts;
    this.#remembered = remembered;
  }

  /**
   * Revisions, outbox entries and the ends of their drafts in one strict transaction (DEV-2). See `Phone.save` for its errors.
   * `forms` are the caller's no more: they go into the revisions as they are.
   */
  async save(forms: Draft[]): Promise<SubmissionRevision[]> {
    for (const form of forms) this.#drafts.end(form);
    try {
      for (let tries = 0; tries < NUMBERING_TRIES; tries += 1) {
        const prepared = await Promise.all(
          forms.map(async (draft) => {
            const id = draft.submissionId;
            return this.#prepare(draft, tries === 0 ? this.#remembered(id) : await this.#readNumbers(id));
          }),
        );
        if (await this.#store(prepared)) return prepared.map(({ revision }) => revision);
      }
      throw new Error('the submission is being saved elsewhere again and again');
    } catch (error) {
      for (const form of forms) this.#drafts.end(form, false);
      throw error;
    }
  }

  /**
   * The rows as they stood: of this revision and of those before it that it had replaced, as far as none was handed to a request or stands in a
   * rescue file (DEV-15).
   * Empty when the revision itself was or does, or is not here.
   */
  discard(id: string, revision: number): Promise<OutboxRow[]> {
    /** Thrown away by a first try of which the browser did not say whether it was done. */
    let gone: OutboxRow[] = [];
    return this.#connection.run((database) =>
      database.transaction('rw', database.outbox, async () => {
        const rows = await database.outbox
          .where('[id+revision]')
          .between([id, 0], [id, revision], true, true)
          .toArray();
        if (rows.at(-1)?.revision !== revision) return gone;
        gone = rows.slice(rows.findLastIndex(({ handedOver, inFile }) => handedOver === 1 || inFile) + 1);
        await database.outbox.bulkDelete(gone.map((row): [string, number] => [row.id, row.revision]));
        return gone;
      }),
    );
  }

  /** Puts back what `discard` gave, all of it; false when a number of theirs was taken since. */
  putBack(rows: OutboxRow[]): Promise<boolean> {
    return this.#connection.run((database) =>
      database.transaction('rw', database.outbox, database.sent, async () => {
        const keys = rows.map((row): [string, number] => [row.id, row.revision]);
        const [waiting, sent] = await Promise.all([database.outbox.bulkGet(keys), database.sent.bulkGet(keys)]);
        const there = rows.map((_, index) => waiting[index] ?? sent[index]);
        if (rows.some(({ digest }, index) => (there[index]?.digest ?? digest) !== digest)) return false;
        await database.outbox.bulkAdd(rows.filter((_, index) => !there[index]));
        return true;
      }),
    );
  }

  /** The text is made once here, digested and kept; nothing makes it again (REC-8). */
  async #prepare(draft: Draft, known: KnownNumbers): Promise<Prepared> {
    const undigested = {
      id: draft.submissionId,
      revision: nextNumber(known),
      kind: draft.kind,
      form: draft.form,
      target: draft.target,
      basis: draft.basis,
      recordedAt: toTimestamp(this.#world.now()),
      secondsOpen: draft.secondsOpen,
      location: draft.location ?? null,
      body: draft.body,
    };
    const revision = { ...undigested, digest: await digestRevision(undigested) };
    const text = JSON.stringify(revision);
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > limits.revisionBytes) throw new TooLargeError(bytes);
    return {
      draft,
      known,
      revision,
      row: {
        id: revision.id,
        revision: revision.revision,
        digest: revision.digest,
        state: 'waiting',
        handedOver: 0,
        bytes,
        setAsideBy: null,
        body: await sealRevision(this.#vault, { text, problems: [] }),
      },
    };
  }

  /**
   * False when a number was taken since it was found. A repeat after a lost connection finds its own rows, which another tab may have sent by now,
   * and is done.
   * All reads are asked for at once, and all writes: each turn costs a slow phone some milliseconds before it may say "saved".
   */
  #store(prepared: Prepared[]): Promise<boolean> {
    return this.#connection.run((database) => {
      const { outbox, sent, drafts, meta, items } = database;
      return database.transaction('rw', outbox, sent, drafts, meta, items, async () => {
        const keys = prepared.map(({ row }): [string, number] => [row.id, row.revision]);
        const [waiting, gone, highest, told, order] = await Promise.all([
          outbox.bulkGet(keys),
          sent.bulkGet(keys),
          Promise.all(prepared.map(({ row }) => highestKept(database, row.id))),
          items.bulkGet(prepared.map(({ row }) => this.#itemKey(row.id))),
          meta.get('order'),
        ]);
        if (prepared.every(({ row }, index) => (waiting[index] ?? gone[index])?.digest === row.digest)) return true;
        const isTaken = prepared.some(
          ({ row, known }, index) =>
            (highest[index] ?? 0) >= row.revision || told[index]?.version !== known.item?.version,
        );
        if (isTaken) return false;
        const last = typeof order?.value === 'number' ? order.value : 0;
        await Promise.all([
          outbox.bulkAdd(prepared.map(({ row }, index) => ({ ...row, order: last + 1 + index }))),
          meta.put({ key: 'order', value: last + prepared.length }),
          drafts.bulkDelete(prepared.map(({ draft }) => draft.id)),
        ]);
        return true;
      });
    });
  }

  async #readNumbers(id: string): Promise<KnownNumbers> {
    const { kept, item } = await this.#connection.run((database) =>
      database.transaction('r', database.outbox, database.sent, database.items, async () => {
        const [kept, item] = await Promise.all([highestKept(database, id), database.items.get(this.#itemKey(id))]);
        return { kept, item };
      }),
    );
    return { kept, item: item ? await openItemRow(this.#vault, item) : null };
  }

  #itemKey(submissionId: string): [string, string, string] {
    return [`account/${this.#accountId}`, 'submission', submissionId];
  }
}

/** One more than the highest that the phone or the account feed knows (REC-9). */
function nextNumber({ kept, item }: KnownNumbers): number {
  const parsed = Numbers.safeParse(item?.body);
  if (!parsed.success) return kept + 1;
  const { revision, others } = parsed.data;
  return Math.max(kept, revision, ...(others ?? []).map((other) => other.revision)) + 1;
}

/** 0 where none is kept. */
async function highestKept(database: PhoneDatabase, id: string): Promise<number> {
  const keys = await Promise.all(
    [database.outbox, database.sent].map((table) =>
      table.where('[id+revision]').between([id, 0], [id, Infinity]).primaryKeys(),
    ),
  );
  return Math.max(0, ...keys.flat().map(([, revision]) => revision));
}
