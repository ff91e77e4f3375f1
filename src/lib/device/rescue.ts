/** Everything of an account that is on this phone only, as one file for its community's office (docs/rescue-file.md). Needs no connection. */
import { toTimestamp } from '../domain/calendar';
import { Uuid } from '../domain/register';
import { type RescueContent, RescueDraft } from '../sync/rescue';
import { sealRescue } from '../sync/rescue-seal';
import type { Connection } from './connection';
import type { DraftRow, OutboxRow, PhoneDatabase } from './database';
import { plainCopy } from './drafts';
import type { Draft } from './phone';
import { openRescueKey, RESCUE_KEY } from './rescue-key';
import { openRevision } from './revision-body';
import { isStorageFull } from './store-errors';
import type { Vault } from './vault';

export type RescueFileMade = { name: string; text: string; records: number; drafts: number };

/** The phone has not heard of a key yet: it never spoke with an office that has one. */
export class NoRescueKeyError extends Error {
  readonly code = 'no-rescue-key';
  constructor() {
    super('no key to seal a rescue file to');
    this.name = 'NoRescueKeyError';
  }
}

type Source = {
  accountId: string;
  connection: Connection<PhoneDatabase>;
  vault: Vault;
  /** Build version of the app. */
  app: string;
  now: () => number;
  /** Of these submissions a revision is marked as handed over by the file. */
  marked?: (submissions: string[]) => Promise<void>;
};
type Held = { outbox: OutboxRow[]; drafts: DraftRow[]; device: unknown; clockOffset: unknown; key: unknown };

/**
 * `open`: forms as the screens have them, newer than what the store may hold. Rejects with `NoRescueKeyError`. What is in the file is marked
 * before the file is there: whoever has it may have handed it in (DEV-15). A full disk takes no mark; the file is worth more than that.
 */
export async function makeRescueFile(source: Source, open: readonly Draft[] = []): Promise<RescueFileMade> {
  const { accountId, connection, vault, app, now } = source;
  const { held, fresh } = await connection.run(readAndMark).catch(async (error: unknown) => {
    if (!isStorageFull(error)) throw error;
    return { held: await connection.run(readAll), fresh: [] };
  });
  if (fresh.length > 0) await source.marked?.(fresh);
  const key = openRescueKey(held.key);
  if (!key) throw new NoRescueKeyError();
  const madeAt = toTimestamp(now());
  const content: RescueContent = {
    account: accountId,
    device: Uuid.parse(held.device),
    app,
    madeAt,
    clockOffset: typeof held.clockOffset === 'number' ? held.clockOffset : null,
    revisions: await Promise.all(
      held.outbox.map(async (row) => ({
        text: (await openRevision(vault, row.body)).text,
        setAside: row.state === 'set-aside',
        handedOver: row.handedOver === 1,
      })),
    ),
    drafts: await draftsOf(vault, held.drafts, open),
  };
  const file = await sealRescue(key, JSON.stringify(content));
  return {
    name: `qiaomen-rescue-${madeAt.slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')}.json`,
    text: JSON.stringify(file),
    records: content.revisions.length,
    drafts: content.drafts.length,
  };
}

function readAll(database: PhoneDatabase): PromiseLike<Held> {
  const { outbox, drafts, meta } = database;
  return database.transaction('r', outbox, drafts, meta, () => readHeld(database));
}

/** One transaction, so that what is thrown away meanwhile is either not in the file or not thrown away. Nothing is marked where no file comes of it. */
function readAndMark(database: PhoneDatabase): PromiseLike<{ held: Held; fresh: string[] }> {
  const { outbox, drafts, meta } = database;
  return database.transaction('rw', outbox, drafts, meta, async () => {
    const all = await readHeld(database);
    if (!openRescueKey(all.key)) return { held: all, fresh: [] };
    const fresh = all.outbox.filter(({ inFile }) => !inFile);
    await outbox.bulkPut(fresh.map((row) => ({ ...row, inFile: true as const })));
    return { held: all, fresh: [...new Set(fresh.map(({ id }) => id))] };
  });
}

async function readHeld(database: PhoneDatabase): Promise<Held> {
  return {
    outbox: await database.outbox.orderBy('order').toArray(),
    drafts: await database.drafts.toArray(),
    device: (await database.meta.get('deviceId'))?.value,
    clockOffset: (await database.meta.get('clockOffset'))?.value,
    key: (await database.meta.get(RESCUE_KEY))?.value,
  };
}

/** Drafts as they are on the screen where they are open, else as they are in the store; of a shape that this version does not know too. */
async function draftsOf(vault: Vault, rows: readonly DraftRow[], open: readonly Draft[]): Promise<RescueDraft[]> {
  const drafts = new Map<string, RescueDraft>();
  for (const row of rows) {
    const body = await vault.open(row.body);
    const known = RescueDraft.safeParse(body);
    const { id, submissionId, kind, targetType, targetId } = row;
    const target = { type: targetType, id: targetId };
    drafts.set(
      id,
      known.success ? known.data : { id, submissionId, kind, target, startedAt: '', changedAt: '', body: { body } },
    );
  }
  for (const draft of plainCopy(open)) drafts.set(draft.id, draft);
  return [...drafts.values()];
}
