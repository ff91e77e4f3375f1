/**
 * The checker's own list: what was saved, kept and thrown away, as the screens were told, written down outside of the code under test. It digests
 * for itself, and reads disks and tables directly.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Draft, Phone } from '../../src/lib/device/phone';
import type { SubmissionRevision } from '../../src/lib/sync/protocol';
import type { Disk } from './disk';
import type { Life } from './life';
import type { Place } from './worker';

export type Saved = {
  id: string;
  revision: number;
  digest: string;
  account: string;
  device: number;
  canonical: string;
  form: Draft['form'];
  /** What became of it on the phone: `maybe` was being thrown away when the phone died. */
  thrownAway: 'no' | 'maybe' | 'yes';
  /** It was in a request, whether or not that arrived. */
  handed: boolean;
  /** It stands in a rescue file that was given out. */
  inFile: boolean;
  /** It was thrown away or about to be, whatever became of that. */
  wavered: boolean;
  /** A receipt of it has reached the phone: it was handed over, and is not thrown away any more. */
  hasReceipt: boolean;
  /** The office said that it has it: in which epochs, and when last, by its count of what happened to it. */
  heldIn: Set<string>;
  heldAt: number;
  /** The office told the phone to erase what it had sent (403), this among it: a backup put back afterwards may lack it. */
  letGo: LetGo[];
  /** No request can carry it: nested too deep (LIM-1). It stays on the phone, set aside and shown. */
  unsendable: boolean;
};

/** A tab was told that its phone is out of use. `epoch`: of the office then; `moment`: the office's count when it said so. */
export type LetGo = { epoch: string; moment: number; life: Life };

type DraftEntry = {
  device: number;
  account: string;
  id: string;
  durable: string | null;
  pending: string[];
  ending: boolean;
};
/** A save that was asked for and not answered. */
type Attempt = { device: number; account: string; opened: Phone; submissionId: string; draftId: string };

const Row = z.object({
  id: z.string(),
  revision: z.number(),
  digest: z.string(),
  body: z.object({ open: z.object({ text: z.string() }) }),
});
const Digest = z.object({ digest: z.string() });
const DraftRow = z.object({ id: z.string(), body: z.object({ open: z.unknown() }) });

export class Ledger {
  readonly saved = new Map<string, Saved>();
  readonly failures: string[] = [];
  #drafts = new Map<string, DraftEntry>();
  #attempts = new Set<Attempt>();

  saving({ device, account, opened }: Place, draft: Draft): (revision: SubmissionRevision) => void {
    const attempt = { device, account, opened, submissionId: draft.submissionId, draftId: draft.id };
    this.#attempts.add(attempt);
    const entry = this.#drafts.get(draftKey(device, account, draft.id));
    if (entry) entry.ending = true;
    return (revision) => {
      this.#attempts.delete(attempt);
      this.#drafts.delete(draftKey(device, account, draft.id));
      this.#add(device, account, JSON.stringify(revision), revision.digest);
    };
  }

  /** The save was refused, and the screen said so. */
  refused(device: number, account: string, draft: Draft): void {
    for (const attempt of this.#attempts) {
      if (attempt.device === device && attempt.draftId === draft.id) this.#attempts.delete(attempt);
    }
    const entry = this.#drafts.get(draftKey(device, account, draft.id));
    if (entry) entry.ending = false;
  }

  keeping(device: number, account: string, draft: Draft): () => void {
    const key = draftKey(device, account, draft.id);
    const text = canonical(plain(draft));
    const entry = this.#drafts.get(key) ?? { device, account, id: draft.id, durable: null, pending: [], ending: false };
    this.#drafts.set(key, entry);
    entry.pending.push(text);
    return () => {
      entry.durable = text;
      entry.pending = entry.pending.slice(entry.pending.indexOf(text) + 1);
    };
  }

  dropping(device: number, account: string, id: string): () => void {
    const entry = this.#drafts.get(draftKey(device, account, id));
    if (entry) entry.ending = true;
    return () => this.#drafts.delete(draftKey(device, account, id));
  }

  /** Drafts that are on a phone for certain, and that nothing is being done with. */
  drafts(device: number, account: string): string[] {
    return [...this.#drafts.values()]
      .filter((entry) => entry.device === device && entry.account === account && !entry.ending)
      .filter(({ durable, pending }) => durable !== null && pending.length === 0)
      .map(({ id }) => id);
  }

  throwing(digest: string): (gone: boolean) => void {
    const saved = this.saved.get(digest);
    if (saved) Object.assign(saved, { thrownAway: 'maybe', wavered: true });
    return (gone) => {
      if (saved) this.#thrown(saved, gone);
    };
  }

  /** A request that has this in it goes out. */
  handing(digest: string): void {
    const saved = this.saved.get(digest);
    if (!saved) return;
    saved.handed = true;
    if (saved.thrownAway === 'yes') this.#thrown(saved, true);
  }

  /** What has been in a request, or is in a file, and still waits for its receipt. */
  handedOver(device: number, account: string): Saved[] {
    return this.#waiting(device, account).filter(({ handed, inFile }) => handed || inFile);
  }

  /** What is on this phone only for certain: no receipt of it came, and nobody thought of throwing it away. */
  onPhoneOnly(device: number, account: string): Saved[] {
    return this.#waiting(device, account).filter(({ wavered }) => !wavered);
  }

  #waiting(device: number, account: string): Saved[] {
    const own = [...this.saved.values()].filter((one) => one.device === device && one.account === account);
    return own.filter(({ hasReceipt, thrownAway }) => !hasReceipt && thrownAway === 'no');
  }

  #thrown(saved: Saved, gone: boolean): void {
    saved.thrownAway = gone ? 'yes' : 'no';
    const left = saved.handed ? 'was handed over' : saved.inFile ? 'is in a rescue file' : null;
    if (gone && left)
      this.failures.push(`[DEV-15] phone ${saved.device} threw away what ${left}: ${saved.id}/${saved.revision}`);
  }

  /** A record that was thrown away comes back. */
  puttingBack(digest: string): (isBack: boolean) => void {
    const saved = this.saved.get(digest);
    if (saved) saved.thrownAway = 'maybe';
    return (isBack) => {
      if (saved) saved.thrownAway = isBack ? 'no' : 'yes';
    };
  }

  /** A draft that was dropped did not come back. */
  notKept(device: number, account: string, id: string): void {
    this.#drafts.delete(draftKey(device, account, id));
  }

  /** A phone was told to erase what it had sent in this epoch; what it sent in another waits again there (RES-2). */
  erasing(device: number, account: string, told: LetGo): void {
    for (const saved of this.saved.values()) {
      if (saved.device === device && saved.account === account && saved.heldIn.has(told.epoch)) saved.letGo.push(told);
    }
  }

  /** The office says that it has this one: by a receipt, or by not wanting it when it was offered. */
  atOffice(digest: string, epoch: string, moment: number): void {
    const saved = this.saved.get(digest);
    if (!saved) return;
    saved.heldIn.add(epoch);
    saved.heldAt = Math.max(saved.heldAt, moment);
  }

  /** The desk took it in from a file, and said so. */
  rescued(digest: string, moment: number): void {
    const saved = this.saved.get(digest);
    if (saved) saved.heldAt = Math.max(saved.heldAt, moment);
  }

  /** The office said that it has another text of this number. */
  isTaken({ id, revision, digest }: { id: string; revision: number; digest: string }, epoch: string): boolean {
    return [...this.saved.values()].some(
      (one) => one.id === id && one.revision === revision && one.digest !== digest && one.heldIn.has(epoch),
    );
  }

  /** What stands on the phone still was not let go by a tab that died before it did so, nor by any where it waits to be sent again. */
  lookedAt(device: number, disk: Disk): void {
    for (const database of disk.databases()) {
      const digests = (store: string) => new Set(disk.rows(database, store).map((row) => Digest.parse(row).digest));
      const [waiting, sent] = [digests('outbox'), digests('sent')];
      for (const saved of this.saved.values()) {
        if (saved.device !== device || database !== `qiaomen-${saved.account}`) continue;
        if (waiting.has(saved.digest)) saved.letGo = [];
        else if (sent.has(saved.digest)) saved.letGo = saved.letGo.filter(({ life }) => !life.dead);
      }
    }
  }

  receipt(digest: string): void {
    const saved = this.saved.get(digest);
    if (saved) saved.hasReceipt = true;
  }

  /**
   * What a phone's disk holds after its app died: what was being saved is there whole or not at all, with its draft the other way round; a draft is
   * there as it was last durable, or later.
   */
  afterDeath(device: number, disk: Disk): void {
    this.lookedAt(device, disk);
    for (const database of disk.databases()) {
      const account = /^qiaomen-(.+-.+)$/.exec(database)?.[1];
      if (!account) continue;
      const rows = records(disk, database);
      const fresh = rows.filter(({ digest }) => !this.saved.has(digest));
      const drafts = draftsOn(disk, database);
      for (const row of fresh) {
        const attempt = [...this.#attempts].find(
          (one) => one.device === device && one.account === account && one.submissionId === row.id,
        );
        if (attempt) this.#outlived(attempt, row, drafts);
        else this.failures.push(`phone ${device} holds a revision that nobody saved: ${row.id}`);
      }
      for (const entry of [...this.#drafts.values()]) {
        if (entry.device === device && entry.account === account)
          this.#draftAfterDeath(entry, drafts.get(entry.id), fresh.length > 0);
      }
      const onDisk = new Set(rows.map(({ digest }) => digest));
      for (const saved of this.saved.values()) {
        if (saved.device !== device || saved.account !== account || saved.thrownAway !== 'maybe') continue;
        this.#thrown(saved, !onDisk.has(saved.digest) && !saved.hasReceipt);
      }
    }
    for (const attempt of this.#attempts) if (attempt.device === device) this.#attempts.delete(attempt);
  }

  /** These died while another tab of the phone goes on, which may send what they had just saved before anybody looks at the disk again. */
  afterTabsDied(device: number, disk: Disk, opened: readonly Phone[]): void {
    this.lookedAt(device, disk);
    for (const attempt of this.#attempts) {
      if (attempt.device !== device || !opened.includes(attempt.opened)) continue;
      this.#attempts.delete(attempt);
      const database = `qiaomen-${attempt.account}`;
      const row = records(disk, database).find(
        ({ id, digest }) => id === attempt.submissionId && !this.saved.has(digest),
      );
      if (row) this.#outlived(attempt, row, draftsOn(disk, database));
    }
  }

  /** The phone died before its screen said so, and it is saved. */
  #outlived(
    { device, account, draftId }: Attempt,
    { id, digest, body }: z.infer<typeof Row>,
    drafts: ReadonlyMap<string, unknown>,
  ): void {
    if (drafts.has(draftId)) this.failures.push(`[DEV-2] phone ${device} holds both the revision and its draft: ${id}`);
    this.#drafts.delete(draftKey(device, account, draftId));
    this.#add(device, account, body.open.text, digest);
  }

  /** Drafts on a disk that nobody touches: each at its last durable change. */
  checkDrafts(device: number, account: string, disk: Disk): void {
    const drafts = draftsOn(disk, `qiaomen-${account}`);
    for (const entry of this.#drafts.values()) {
      if (entry.device !== device || entry.account !== account) continue;
      const held = drafts.get(entry.id);
      if (held === undefined) this.failures.push(`[DEV-9] phone ${device} lost the draft ${entry.id}`);
      else if (canonical(held) !== entry.durable)
        this.failures.push(`[DEV-9] phone ${device} holds an older draft ${entry.id}`);
      drafts.delete(entry.id);
    }
    for (const id of drafts.keys()) this.failures.push(`phone ${device} holds a draft that was ended: ${id}`);
  }

  #draftAfterDeath(entry: DraftEntry, held: unknown, savedMeanwhile: boolean): void {
    const text = held === undefined ? null : canonical(held);
    const allowed = [entry.durable, ...entry.pending];
    const isGone = text === null && (entry.ending || entry.durable === null);
    if (!allowed.includes(text) && !isGone) {
      this.failures.push(
        `[DEV-9] phone ${entry.device} lost the draft ${entry.id} in its death${savedMeanwhile ? ' amid a save' : ''}`,
      );
    }
    entry.durable = text;
    entry.pending = [];
    entry.ending = false;
    if (text === null) this.#drafts.delete(draftKey(entry.device, entry.account, entry.id));
  }

  #add(device: number, account: string, text: string, told: string): void {
    const { digest, ...rest } = z
      .looseObject({
        ...{ id: z.string(), revision: z.number(), digest: z.string() },
        form: z.object({ id: z.string(), version: z.number() }),
      })
      .parse(JSON.parse(text));
    const own = createHash('sha256').update(canonical(rest)).digest('base64url');
    if (own !== told || digest !== told) this.failures.push(`[REC-8] the digest of ${rest.id} is not that of its text`);
    this.saved.set(told, {
      ...{ id: rest.id, revision: rest.revision, digest: told, account, device, form: rest.form },
      canonical: canonical({ ...rest, digest }),
      thrownAway: 'no',
      ...{ handed: false, inFile: false, wavered: false, hasReceipt: false },
      ...{ heldIn: new Set<string>(), heldAt: -1, letGo: [] },
      unsendable: depthOf(rest) + 2 > 32,
    });
  }
}

function records(disk: Disk, database: string): z.infer<typeof Row>[] {
  return [...disk.rows(database, 'outbox'), ...disk.rows(database, 'sent')].map((row) => Row.parse(row));
}

function draftsOn(disk: Disk, database: string): Map<string, unknown> {
  const rows = disk.rows(database, 'drafts').map((row) => DraftRow.parse(row));
  return new Map(rows.map(({ id, body }) => [id, body.open]));
}

function draftKey(device: number, account: string, id: string): string {
  return `${device} ${account} ${id}`;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** RFC 8785 of a parsed JSON value: JavaScript's own numbers and strings, keys by UTF-16 units. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
