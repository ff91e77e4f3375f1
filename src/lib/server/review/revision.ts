/** A stored revision as the office reads it again. */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import { toTimestamp } from '../../domain/calendar';
import { recordsOf } from '../../domain/json';
import { maskIdentityNumber } from '../../domain/identity-number';
import { withNumbersPutBack } from '../../domain/numbers-put-back';
import { Correction } from '../../sync/items';
import { Problem, Timestamp } from '../../sync/protocol';
import { open } from '../codec';
import type { RevisionTable, ScopeMark, Sealed } from '../database/tables';
import type { Reader } from '../register/read';
import { isCopy, partKey } from '../quarantine/part';
import { corrected, isTimed } from './corrections';

/** What review needs of a revision's text; what fails even this is read as an empty record. */
const Text = z.object({
  kind: z.string().catch(''),
  form: z.object({ id: z.string(), version: z.number() }).catch({ id: '', version: 0 }),
  target: z.object({ type: z.string(), id: z.string() }).catch({ type: '', id: '' }),
  basis: z.record(z.string(), z.number()).catch({}),
  recordedAt: z.string().catch(''),
  secondsOpen: z.number().catch(0),
  location: z.object({ lat: z.number(), lon: z.number(), accuracyMetres: z.number() }).nullable().catch(null),
  body: z.record(z.string(), z.unknown()).catch({}),
});

export type StoredRevision = z.infer<typeof Text> & {
  submissionId: string;
  revision: number;
  digest: string;
  /** Names it where the digest does not. */
  part: string;
  /** A damaged copy of another that came under the same digest (QUA-4): never meant by it. */
  isCopy: boolean;
  accountId: string;
  status: 'stored' | 'quarantined';
  /** As the last check found them. */
  problems: Problem[];
  /** What the office mended when it accepted this from quarantine: `body` has it already (QUA-3). */
  accepted: Correction[];
  /** When it was is the office's word: the device's clock has no part in it. */
  timedByOffice: boolean;
  receivedAt: string;
  /** Milliseconds that the device's clock was ahead (TIME-2). */
  clockOffset: number;
  /** By which exception it was accepted, '' by none (SCO-2). */
  mark: ScopeMark;
  /** When somebody was last erased from it (REC-11); where their entries stood, `body` has null. */
  erasedAt: string | null;
};

/** Revisions of the submission's own author, oldest first; numbers that a returned record sent back masked are whole again (DEV-17). */
export async function storedRevisions(
  db: Reader,
  communityId: string,
  submissionId: string,
): Promise<StoredRevision[]> {
  return (await revisionsOf(db, communityId, [submissionId])).get(submissionId) ?? [];
}

/** The same of many, by the submission's id; of one without any there is nothing. */
export async function revisionsOf(
  db: Reader,
  communityId: string,
  submissionIds: readonly string[],
): Promise<Map<string, StoredRevision[]>> {
  if (submissionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('revision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', submissionIds)
    .where('place', '!=', 'foreign')
    .orderBy('revision')
    .orderBy('received_at')
    .execute();
  const waited = rows.flatMap((row) => (row.status === 'quarantined' ? row.submission_id : []));
  const accepted = await acceptedCorrections(db, communityId, [...new Set(waited)]);
  const bySubmission = Map.groupBy(rows, (row) => row.submission_id);
  return new Map([...bySubmission].map(([id, own]) => [id, readRevisions(own, accepted)]));
}

type RevisionRow = Selectable<RevisionTable>;

/** Of one submission, oldest first. `accepted`: as `acceptedCorrections` has them. */
function readRevisions(rows: readonly RevisionRow[], accepted: ReadonlyMap<string, Correction[]>): StoredRevision[] {
  const revisions: StoredRevision[] = [];
  const numbers = new Map<string, string>();
  for (const row of rows) {
    const text = Text.parse(JSON.parse(open(row.text)));
    // A damaged copy was accepted; what came whole under its digest afterwards was not (QUA-4).
    const mended = row.status === 'quarantined' ? (accepted.get(keyOf(row, row.pushed_digest)) ?? []) : [];
    const sent = withNumbersPutBack(withNumbers(text.body, numbers), revisions.at(-1)?.body ?? {});
    const whole = corrected(sent, mended);
    const body = 'body' in whole ? whole.body : text.body;
    revisions.push({
      ...text,
      body,
      recordedAt: Timestamp.safeParse(text.recordedAt).success ? text.recordedAt : row.recorded_at,
      submissionId: row.submission_id,
      revision: row.revision,
      digest: row.pushed_digest,
      part: partKey(row),
      isCopy: isCopy(rows, row),
      accountId: row.account_id,
      status: row.status,
      problems: problemsNow(row),
      accepted: mended,
      timedByOffice: isTimed(mended) ?? false,
      receivedAt: row.received_at,
      clockOffset: row.clock_offset,
      mark: row.mark,
      erasedAt: row.erased_at,
    });
    for (const [id, number] of numbersIn(body)) numbers.set(id, number);
  }
  return revisions;
}

function keyOf({ submission_id, revision }: { submission_id: string; revision: number }, digest: string): string {
  return `${submission_id} ${revision} ${digest}`;
}

/** Corrections of the acceptances that stand, by what they were about (`keyOf`). */
async function acceptedCorrections(
  db: Reader,
  communityId: string,
  submissionIds: readonly string[],
): Promise<Map<string, Correction[]>> {
  if (submissionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('decision')
    .select(['submission_id', 'revision', 'digest', 'corrections'])
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', submissionIds)
    .where('kind', '=', 'accept')
    .where('undone_at', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [keyOf(row, row.digest), correctionsIn(row.corrections)]));
}

/** What a decision corrected. */
export function correctionsIn(corrections: Sealed): Correction[] {
  return z
    .array(Correction)
    .catch([])
    .parse(JSON.parse(open(corrections)));
}

/** What is wrong with a revision as the last check found it. */
export function problemsNow({ problems, checked }: { problems: Sealed; checked: Sealed | null }): Problem[] {
  return z
    .array(Problem)
    .catch([])
    .parse(JSON.parse(open(checked ?? problems)));
}

/** The revision that a submission stands for: its newest, by the digest it was pushed with. */
export async function storedHead(
  db: Reader,
  communityId: string,
  submission: { id: string; revision: number; digest: string },
): Promise<StoredRevision | null> {
  return headIn(await storedRevisions(db, communityId, submission.id), submission);
}

/** The same among revisions that were read already. */
export function headIn(
  revisions: readonly StoredRevision[],
  submission: { revision: number; digest: string },
): StoredRevision | null {
  return (
    revisions.find((one) => one.revision === submission.revision && one.digest === submission.digest && !one.isCopy) ??
    null
  );
}

/** When it was seen at the door: `visitedAt`, else `recordedAt`. */
export function visitedAt({ body, recordedAt }: { body: Record<string, unknown>; recordedAt: string }): string {
  const visited = body['visitedAt'];
  return typeof visited === 'string' && Number.isFinite(Date.parse(visited)) ? visited : recordedAt;
}

/**
 * The same in the office's time, milliseconds since 1970: the device's clock taken out by the offset it was measured with, and never
 * after it came in (TIME-1: no order depends on a device's clock).
 */
export function officeTime({ body, recordedAt, receivedAt, clockOffset, timedByOffice }: Timed): number {
  const received = Date.parse(receivedAt);
  const said = visitedAt({ body, recordedAt });
  const offset = timedByOffice && said === body['visitedAt'] ? 0 : clockOffset;
  const visited = Date.parse(said);
  return Number.isFinite(visited) ? Math.min(visited - offset, received) : received;
}

type Timed = Pick<StoredRevision, 'body' | 'recordedAt' | 'receivedAt' | 'clockOffset'> &
  Partial<Pick<StoredRevision, 'timedByOffice'>>;

/** Offsets below this are the way of the request, and no wrong clock. */
const MINUTE = 60_000;

/**
 * The same for people to read and for days and hours to be counted by, RFC 3339: in the office's time where the device's clock was wrong; a time
 * that is right to the minute stands as it was written.
 */
export function seenAt(revision: Timed): string {
  const said = visitedAt(revision);
  const seen = officeTime(revision);
  if (Math.abs(Date.parse(said) - seen) < MINUTE) return said;
  const time = toTimestamp(seen);
  // Before the year 1 there is no such text.
  return Timestamp.safeParse(time).success ? time : revision.receivedAt;
}

/** When it was saved, as `seenAt`: whatever its body says of the visit. */
export function savedAt(revision: Pick<StoredRevision, 'recordedAt' | 'receivedAt' | 'clockOffset'>): string {
  return seenAt({ ...revision, body: {} });
}

type Person = Record<string, unknown>;

/** Every object under `households[].residents[]`. */
export function peopleOf(body: Record<string, unknown>): Person[] {
  return recordsOf(body['households']).flatMap(({ record }) =>
    recordsOf(record['residents']).map((resident) => resident.record),
  );
}

export function numbersIn(body: Record<string, unknown>): [string, string][] {
  return peopleOf(body).flatMap(({ id, idNumber }): [string, string][] =>
    typeof id === 'string' && typeof idNumber === 'string' && idNumber !== '' ? [[id, idNumber]] : [],
  );
}

export function withNumbers(
  body: Record<string, unknown>,
  numbers: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const whole = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, held]): [string, unknown] => [key, whole(held)]);
    const { idNumberMasked, ...rest } = Object.fromEntries(entries);
    const id = rest['id'];
    const known = typeof id === 'string' ? numbers.get(id) : undefined;
    if (idNumberMasked === undefined) return rest;
    return known !== undefined && maskIdentityNumber(known) === idNumberMasked && rest['idNumber'] === undefined
      ? { ...rest, idNumber: known }
      : { ...rest, idNumberMasked };
  };
  return z.record(z.string(), z.unknown()).parse(whole(body));
}
