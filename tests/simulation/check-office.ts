/** The office at rest, beside the list: what was saved is there once, what was thrown away is not, and nothing else came in. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Draft } from '../../src/lib/device/phone';
import { checkOffice as checkDatabase } from '../../src/lib/server/check/check-office';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import { formsOf } from '../../src/lib/server/forms/known-forms';
import { checkDerived } from './check-derived';
import { canonical, type Saved } from './ledger';
import type { Simulation } from './simulation';

export type Count = { tried: number; lost: number; doubled: number };

export async function checkOffice(simulation: Simulation): Promise<Count> {
  const { office, ledger, phones } = simulation;
  const fail = (words: string) => ledger.failures.push(words);
  const rows = await office.peek((db) => revisions(db, office.community.id));
  const places = new Map<string, typeof rows>();
  for (const row of rows) places.set(row.pushed_digest, [...(places.get(row.pushed_digest) ?? []), row]);
  const count: Count = { tried: 0, lost: 0, doubled: 0 };
  const onPhones = new Set(
    phones.flatMap(({ disk }) => disk.databases().flatMap((name) => disk.rows(name, 'outbox').flatMap(digestOf))),
  );
  for (const saved of ledger.saved.values()) {
    const held = places.get(saved.digest) ?? [];
    const name = `${saved.id}/${saved.revision} of phone ${saved.device}`;
    if (saved.thrownAway === 'yes') {
      if (held.length > 0) fail(`[DEV-15] ${name} was thrown away and is at the office`);
      continue;
    }
    count.tried += 1;
    if (held.length > 1) {
      count.doubled += 1;
      fail(`[REC-2] ${name} is at the office ${held.length} times`);
    }
    const [row] = held;
    if (row) checkRow(row, saved, simulation, fail);
    else if (!onPhones.has(saved.digest) && !mayBeGone(simulation, saved)) {
      count.lost += 1;
      fail(`${name} is lost`);
    }
  }
  for (const words of await office.peek((db) => simulation.receipts.compare(db, office.community.id))) fail(words);
  await checkHeads(simulation, rows, fail);
  const { corrections, erasures } = simulation;
  for (const words of await office.peek((db) => corrections.compare(db, office.community.id, erasures.some)))
    fail(words);
  for (const words of await office.peek((db) => checkDerived(db, office.community.id))) fail(words);
  for (const words of await office.peek((db) => simulation.rosters.compare(db))) fail(words);
  if (erasures.some) for (const words of await office.peek((db) => erasures.left(db))) fail(words);
  for (const { id, version } of await formsInQuarantine(simulation))
    fail(`[QUA-6] what waits for ${id}@${version} alone is still in quarantine, though the office takes it`);
  for (const row of rows) {
    if (!ledger.saved.has(row.pushed_digest))
      fail(`the office holds what nobody saved: ${row.submission_id}/${row.revision}`);
  }
  const { findings } = await checkDatabase({
    database: { read: (run) => office.peek(run) },
    world: { now: () => office.now() },
  });
  for (const { check, subject, what } of findings) fail(`the office's own check finds ${check}: ${what} (${subject})`);
  for (const line of office.complaints) fail(`the office complained: ${line}`);
  return count;
}

/**
 * Erased from the phone on the office's word while the office had it, and then from the office by a backup that had neither. Nothing else may be gone: what a
 * phone lets go by itself (DEV-4) is in every backup that is put back.
 */
function mayBeGone({ office }: Simulation, { digest, letGo, heldAt }: Saved): boolean {
  const last = office.restores.at(-1);
  if (!last || last.held.has(digest) || heldAt >= last.restored) return false;
  return letGo.some(({ moment }) => moment < last.restored);
}

/** Each record stands for the newest revision that its author saved, whatever came last (REC-6). */
async function checkHeads(
  { office, ledger, faults }: Simulation,
  rows: readonly Row[],
  fail: (words: string) => void,
): Promise<void> {
  const heads = await office.peek((db) =>
    db.selectFrom('submission').selectAll().where('community_id', '=', office.community.id).execute(),
  );
  for (const head of heads) {
    const own = rows.filter((row) => row.submission_id === head.id && row.account_id === head.account_id);
    const saved = own.flatMap((row) => ledger.saved.get(row.pushed_digest) ?? []);
    const newest = Math.max(...saved.map(({ revision }) => revision));
    if (head.revision !== newest) fail(`[REC-6] ${head.id} stands for revision ${head.revision} instead of ${newest}`);
    else if (!saved.some(({ revision, digest }) => revision === newest && digest === head.digest))
      fail(`[REC-6] ${head.id} stands for a text that nobody saved`);
    const isLate = (row: Row) => own.some((one) => one.revision > row.revision && one.received_at < row.received_at);
    faults['older after newer'] += own.filter(isLate).length;
  }
}

const Problems = z.array(z.object({ code: z.string() }));
const OfForm = z.object({ form: z.object({ id: z.string(), version: z.number() }), body: z.unknown() });

/** Versions that the office takes, of records that are kept from it for the lack of theirs and nothing else. */
async function formsInQuarantine({ office }: Simulation): Promise<Draft['form'][]> {
  const { id: communityId } = office.community;
  const { waiting, known } = await office.peek(async (db) => ({
    waiting: await db
      .selectFrom('submission')
      .innerJoin('revision', (join) =>
        join
          .onRef('revision.community_id', '=', 'submission.community_id')
          .onRef('revision.submission_id', '=', 'submission.id')
          .onRef('revision.revision', '=', 'submission.revision')
          .onRef('revision.digest', '=', 'submission.digest'),
      )
      .select(['revision.text', 'revision.problems', 'revision.checked'])
      .where('submission.community_id', '=', communityId)
      .where('submission.review', '=', 'quarantined')
      .where('revision.place', '=', 'first')
      .execute(),
    known: await formsOf(db, communityId),
  }));
  return waiting.flatMap(({ text, problems, checked }) => {
    const codes = Problems.parse(JSON.parse(checked ?? problems)).map(({ code }) => code);
    const { form, body } = OfForm.safeParse(JSON.parse(text)).data ?? {};
    const isKnown = known.some(({ id, version }) => id === form?.id && version === form.version);
    // Of a record about somebody alone who was erased nothing is left to take in.
    const isEmptied = Object.keys(body ?? {}).length === 0;
    return form && isKnown && !isEmptied && codes.every((code) => code === 'form_unknown') ? [form] : [];
  });
}

function revisions(db: ReadSnapshot, communityId: string) {
  return db.selectFrom('revision').selectAll().where('community_id', '=', communityId).execute();
}

type Row = Awaited<ReturnType<typeof revisions>>[number];

function checkRow(row: Row, saved: Saved, { erasures }: Simulation, fail: (words: string) => void): void {
  const name = `${saved.id}/${saved.revision}`;
  if (row.submission_id !== saved.id || row.revision !== saved.revision) fail(`${name} stands under another name`);
  if (row.account_id !== saved.account) fail(`[REC-7] ${name} stands for another account`);
  const whole: unknown = JSON.parse(row.text);
  if (row.erased_at !== null) {
    const fault = erasures.faultOf(whole, saved);
    if (fault) fail(`[REC-11] ${name} ${fault}`);
    return;
  }
  if (canonical(whole) !== saved.canonical) fail(`[REC-8] ${name} was stored otherwise than it was saved`);
  const { digest: _, ...rest } = { digest: '', ...(whole as object) };
  if (createHash('sha256').update(canonical(rest)).digest('base64url') !== row.digest)
    fail(`[REC-2] ${name} has a digest that is not its own`);
}

function digestOf(row: unknown): string[] {
  return typeof row === 'object' && row !== null && 'digest' in row && typeof row.digest === 'string'
    ? [row.digest]
    : [];
}
