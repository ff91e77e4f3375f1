/** What is in a rescue file, for whoever is about to take it in: whose it is, which records and which unfinished forms. */
import type { Locale } from '../../domain/codes/codes';
import { asRecord, textOf } from '../../domain/json';
import type { Role } from '../../sync/items';
import type { RescueContent } from '../../sync/rescue';
import type { ReadSnapshot } from '../database/database';
import { placeTitle } from '../desk/titles';
import type { Office } from '../office';
import { loadRecords } from '../register/read';
import { pushedOf } from './pushed';
import type { RescueRefusal } from './read';

/** `title` is empty where the office does not know what it is about. */
type About = { kind: string; title: string };
export type RescueRecord = About & { id: string; revision: number; recordedAt: string; setAside: boolean };
export type RescueContents = {
  account: { id: string; name: string; username: string; role: Role; endedAt: string | null };
  device: string;
  app: string;
  madeAt: string;
  records: RescueRecord[];
  /** Listed, never taken in: nobody has saved them. */
  drafts: (About & { startedAt: string; changedAt: string })[];
  /** Texts that are no revision. */
  unreadable: number;
};

export async function rescueContents(
  office: Pick<Office, 'database'>,
  communityId: string,
  content: RescueContent,
  locale: Locale,
): Promise<RescueContents | RescueRefusal> {
  return office.database.read(async (db): Promise<RescueContents | RescueRefusal> => {
    const account = await db
      .selectFrom('account')
      .select(['id', 'name', 'username', 'role', 'ended_at'])
      .where('community_id', '=', communityId)
      .where('id', '=', content.account)
      .executeTakeFirst();
    if (!account) return { refused: 'account-unknown' };
    const { ended_at: endedAt, ...who } = account;
    const pushed = content.revisions.map((revision) => ({ setAside: revision.setAside, one: pushedOf(revision) }));
    const read = pushed.flatMap(({ setAside, one }) => (one ? [{ ...one, setAside }] : []));
    const titles = await titlesOf(db, communityId, locale, [
      ...read.map(({ raw }) => targetOf(raw['target'])),
      ...content.drafts.map(({ target }) => target),
    ]);
    const about = (kind: unknown, target: Target, body: unknown): About => ({
      kind: textOf(kind),
      title: titles.get(target.id) ?? proposed(body, locale),
    });
    return {
      account: { ...who, endedAt },
      device: content.device,
      app: content.app,
      madeAt: content.madeAt,
      records: read.map(({ entry, raw, setAside }) => ({
        ...about(raw['kind'], targetOf(raw['target']), raw['body']),
        id: entry.id,
        revision: entry.revision,
        recordedAt: textOf(raw['recordedAt']),
        setAside,
      })),
      drafts: content.drafts.map(({ kind, target, body, startedAt, changedAt }) => ({
        ...about(kind, target, body),
        startedAt,
        changedAt,
      })),
      unreadable: pushed.length - read.length,
    };
  });
}

type Target = { type: string; id: string };
/** Ids a statement. */
const atOnce = 200;

function targetOf(value: unknown): Target {
  const target = asRecord(value);
  return { type: textOf(target?.['type']), id: textOf(target?.['id']) };
}

/** Doors by their address, people by their name, grids by theirs. */
async function titlesOf(
  db: ReadSnapshot,
  communityId: string,
  locale: Locale,
  targets: readonly Target[],
): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  const ids = (type: string) => pieces(targets.filter((one) => one.type === type).map(({ id }) => id));
  for (const doors of ids('dwelling')) {
    for (const { id, fields } of (await loadRecords(db, communityId, 'dwelling', doors)).values()) {
      titles.set(id, placeTitle(fields, locale));
    }
  }
  for (const people of ids('resident')) {
    for (const { id, fields } of (await loadRecords(db, communityId, 'resident', people)).values()) {
      titles.set(id, fields.name);
    }
  }
  for (const grids of ids('grid')) {
    const rows = await db
      .selectFrom('grid')
      .select(['id', 'name'])
      .where('community_id', '=', communityId)
      .where('id', 'in', grids)
      .execute();
    for (const { id, name } of rows) titles.set(id, name);
  }
  return titles;
}

/** Each once, few enough for one question. */
function pieces(ids: readonly string[]): string[][] {
  const each = [...new Set(ids)];
  return Array.from({ length: Math.ceil(each.length / atOnce) }, (_, index) =>
    each.slice(index * atOnce, (index + 1) * atOnce),
  );
}

/** A door that the register lacks, as its record names it. */
function proposed(body: unknown, locale: Locale): string {
  const given = asRecord(asRecord(body)?.['dwelling']);
  if (!given || textOf(given['building']) === '') return '';
  const floor = given['floor'];
  return placeTitle(
    {
      compound: textOf(given['compound']),
      building: textOf(given['building']),
      unit: textOf(given['unit']),
      floor: typeof floor === 'number' ? floor : 1,
      room: textOf(given['room']),
    },
    locale,
  );
}
