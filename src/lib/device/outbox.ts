/** Saved revisions that wait for their receipts: made, numbered, kept, given out whole, thrown away. */
import * as z from 'zod/mini';
import { toTimestamp } from '../domain/calendar';
import type { World } from '../domain/world';
import { digestRevision } from '../sync/digest';
import { SubmissionItem } from '../sync/items';
import { limits, type SubmissionRevision } from '../sync/revision';
import type { Connection } from './connection';
import type { OutboxRow, PhoneDatabase } from './database';
import { plainCopy, type Drafts } from './drafts';
import { openItemRow } from './item-row';
import type { Draft } from './phone';
import { sealRevision } from './revision-body';
import { TooLargeError } from './store-errors';
import type { Vault } from './vault';

/** Another tab of the account may save the same submission in between: then the revision is numbered again. */
const NUMBERING_TRIES = 5;
/** All that numbering asks of an item, so that a word that this version does not know changes no number. */
const Numbers = z.pick(SubmissionItem, { revision: true, others: true });

type Prepared = { draft: Draft; revision: SubmissionRevision; row: Omit<OutboxRow, 'order'> };

export class Outbox {
  #accountId: string;
  #connection: Connection<PhoneDatabase>;
  #vault: Vault;
  #world: World;
  #drafts: Drafts;

  constructor(accountId: string, connection: Connection<PhoneDatabase>, vault: Vault, world: World, drafts: Drafts) {
    this.#accountId = accountId;
    this.#connection = connection;
    this.#vault = vault;
    this.#world = world;
    this.#drafts = drafts;
  }

  /** Revisions, outbox entries and the ends of their drafts in one strict transaction (DEV-2). See `Phone.save` for its errors. */
  async save(drafts: Draft[]): Promise<SubmissionRevision[]> {
    const forms = drafts.map(plainCopy);
    for (const form of forms) this.#drafts.end(form);
    try {
      for (let tries = 0; tries < NUMBERING_TRIES; tries += 1) {
        const prepared: Prepared[] = [];
        for (const draft of forms) prepared.push(await this.#prepare(draft));
        if (await this.#store(prepared)) return prepared.map(({ revision }) => revision);
      }
      throw new Error('the submission is being saved elsewhere again and again');
    } catch (error) {
      for (const form of forms) this.#drafts.end(form, false);
      throw error;
    }
  }

  /** The row as it stood; null when it was handed to a request, or is not here (DEV-15). */
  discard(id: string, revision: number): Promise<OutboxRow | null> {
    /** Thrown away by a first try of which the browser did not say whether it was done. */
    let gone: OutboxRow | null = null;
    return this.#connection.run((database) =>
      database.transaction('rw', database.outbox, async () => {
        const row = await database.outbox.get([id, revision]);
        if (!row) return gone;
        if (row.handedOver === 1) return null;
        gone = row;
        await database.outbox.delete([id, revision]);
        return row;
      }),
    );
  }

  /** Puts back what `discard` gave; false when that revision's number was taken since. */
  putBack(row: OutboxRow): Promise<boolean> {
    return this.#connection.run((database) =>
      database.transaction('rw', database.outbox, database.sent, async () => {
        const key: [string, number] = [row.id, row.revision];
        const [waiting, sent] = await Promise.all([database.outbox.get(key), database.sent.get(key)]);
        if (waiting || sent) return (waiting ?? sent)?.digest === row.digest;
        await database.outbox.add(row);
        return true;
      }),
    );
  }

  /** The text is made once here, digested and kept; nothing makes it again (REC-8). */
  async #prepare(draft: Draft): Promise<Prepared> {
    const undigested = {
      id: draft.submissionId,
      revision: await this.#nextNumber(draft.submissionId),
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

  /** False when a number was taken since it was found. A repeat after a lost connection finds its own rows and is done. */
  #store(prepared: Prepared[]): Promise<boolean> {
    return this.#connection.run((database) =>
      database.transaction('rw', database.outbox, database.sent, database.drafts, database.meta, async () => {
        const kept = await database.outbox.bulkGet(prepared.map(({ row }) => [row.id, row.revision]));
        if (prepared.every(({ row }, index) => kept[index]?.digest === row.digest)) return true;
        for (const { row } of prepared) {
          if ((await highestKept(database, row.id)) >= row.revision) return false;
        }
        const last = (await database.meta.get('order'))?.value;
        let order = typeof last === 'number' ? last : 0;
        await database.outbox.bulkAdd(prepared.map(({ row }) => ({ ...row, order: (order += 1) })));
        await database.meta.put({ key: 'order', value: order });
        await database.drafts.bulkDelete(prepared.map(({ draft }) => draft.id));
        return true;
      }),
    );
  }

  /** One more than the highest that the phone or the account feed knows (REC-9). */
  async #nextNumber(id: string): Promise<number> {
    const { kept, item } = await this.#connection.run((database) =>
      database.transaction('r', database.outbox, database.sent, database.items, async () => ({
        kept: await highestKept(database, id),
        item: await database.items.get([`account/${this.#accountId}`, 'submission', id]),
      })),
    );
    const parsed = Numbers.safeParse(item && (await openItemRow(this.#vault, item)).body);
    if (!parsed.success) return kept + 1;
    const { revision, others } = parsed.data;
    return Math.max(kept, revision, ...(others ?? []).map((other) => other.revision)) + 1;
  }
}

async function highestKept(database: PhoneDatabase, id: string): Promise<number> {
  const range: [[string, number], [string, number]] = [
    [id, 0],
    [id, Infinity],
  ];
  const [waiting, sent] = await Promise.all([
    database.outbox
      .where('[id+revision]')
      .between(...range)
      .keys(),
    database.sent
      .where('[id+revision]')
      .between(...range)
      .keys(),
  ]);
  const numbers = [...waiting, ...sent].map((key) => (Array.isArray(key) ? Number(key[1]) : 0));
  return Math.max(0, ...numbers);
}
