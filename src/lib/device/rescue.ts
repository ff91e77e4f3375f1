/** Everything of an account that is on this phone only, as one file for its community's office (docs/rescue-file.md). Needs no connection. */
import { toTimestamp } from '../domain/calendar';
import { Uuid } from '../domain/register';
import { type RescueContent, RescueDraft } from '../sync/rescue';
import { sealRescue } from '../sync/rescue-seal';
import type { Connection } from './connection';
import type { DraftRow, PhoneDatabase } from './database';
import { plainCopy } from './drafts';
import type { Draft } from './phone';
import { openRescueKey, RESCUE_KEY } from './rescue-key';
import { openRevision } from './revision-body';
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
};

/** `open`: forms as the screens have them, newer than what the store may hold. Rejects with `NoRescueKeyError`. Writes nothing. */
export async function makeRescueFile(source: Source, open: readonly Draft[] = []): Promise<RescueFileMade> {
  const { accountId, connection, vault, app, now } = source;
  const held = await connection.run((database) =>
    database.transaction('r', database.outbox, database.drafts, database.meta, async () => ({
      outbox: await database.outbox.orderBy('order').toArray(),
      drafts: await database.drafts.toArray(),
      device: (await database.meta.get('deviceId'))?.value,
      clockOffset: (await database.meta.get('clockOffset'))?.value,
      key: (await database.meta.get(RESCUE_KEY))?.value,
    })),
  );
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
