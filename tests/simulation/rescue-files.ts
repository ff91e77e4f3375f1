/** Rescue files: phones make them, the desk takes them in, and the checker keeps its own list of what each has to hold and of what came by it. */
import { NoRescueKeyError } from '../../src/lib/device/rescue';
import type { Office, SignedIn } from '../../src/lib/server/office';
import { rescueContents } from '../../src/lib/server/rescue/contents';
import { isRefused, readRescueFile, type RescueRefusal } from '../../src/lib/server/rescue/read';
import { type RescueReceipt, type RescueTaken, takeRescue } from '../../src/lib/server/rescue/take';
import type { RescueContent } from '../../src/lib/sync/rescue';
import type { Chance } from './chance';
import type { Tally } from './faults';
import type { Ledger } from './ledger';
import { isSaid, type Place } from './worker';

/** A file that a phone gave out. `digests`, `drafts`: what was on that phone only, from before it was made until it was there. */
type File = { text: string; device: number; account: string; digests: string[]; drafts: string[] };

type Parts = {
  ledger: Ledger;
  faults: Tally;
  /** The office's count of what happened to it. */
  moment: () => number;
  /** A backup was put back: an office may be older than a file. */
  wasRestored: () => boolean;
  /** A receipt that the desk was given. */
  heard: (epoch: string, receipt: RescueReceipt) => void;
  told: (words: string) => void;
};

export class RescueFiles {
  #parts: Parts;
  readonly #files: File[] = [];
  /** In which epochs each revision was taken in from a file; `first`: in those it came by a file and no push. */
  readonly #taken = new Map<string, { in: Set<string>; first: Set<string> }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A worker gives out what is on this phone only. Null where there is none, and where no file came of it. */
  async make({ device, account, opened }: Place): Promise<File | null> {
    const { ledger, faults, told } = this.#parts;
    const waiting = ledger.onPhoneOnly(device, account);
    const drafts = ledger.drafts(device, account);
    try {
      const { text, records } = await opened.rescueFile();
      const held = ledger.onPhoneOnly(device, account).filter((one) => waiting.includes(one));
      const kept = ledger.drafts(device, account).filter((id) => drafts.includes(id));
      for (const one of held) one.inFile = true;
      if (records === 0) return null;
      faults['rescue file made'] += 1;
      told(`phone ${device} gave out a file of ${records}`);
      const file = { text, device, account, digests: held.map(({ digest }) => digest), drafts: kept };
      this.#files.push(file);
      return file;
    } catch (error) {
      if (!isSaid(error) && !(error instanceof NoRescueKeyError)) throw error;
      return null;
    }
  }

  /** One of the last files; perhaps one that was taken in before, or whose records the phone has sent meanwhile. */
  some(dice: Chance): File | null {
    return this.#files.length > 0 ? dice.pick(this.#files.slice(-4)) : null;
  }

  /** Whoever brings a file to the desk: as the page has it, it is opened, looked at, and taken in. */
  async takeIn(office: Office, by: SignedIn, file: File): Promise<void> {
    const { told } = this.#parts;
    const content = await readRescueFile(office, by.communityId, file.text);
    if (isRefused(content)) return this.#refused(content);
    this.#compare(file, content);
    const contents = await rescueContents(office, by.communityId, content, 'zh-CN');
    if (isRefused(contents)) return this.#refused(contents);
    const epoch = await office.database.read((db) =>
      db
        .selectFrom('community')
        .select('epoch')
        .where('community_id', '=', by.communityId)
        .executeTakeFirstOrThrow()
        .then((row) => row.epoch),
    );
    const before = new Map([...this.#taken].map(([digest, taken]) => [digest, taken.in.has(epoch)]));
    const taken = await takeRescue(office, by, content);
    if (isRefused(taken)) return this.#refused(taken);
    this.#count(content, taken);
    for (const receipt of taken.receipts) this.#receipt(epoch, receipt, before.get(receipt.digest) ?? false);
    const fresh = taken.receipts.filter(({ known }) => !known).length;
    told(`${by.username} took in a file of phone ${file.device}: ${fresh} of ${taken.receipts.length} are new`);
  }

  /** A phone was given the receipt of a push; to be called before the list has it. */
  pushed(epoch: string, digest: string): void {
    const { ledger, faults } = this.#parts;
    if (ledger.saved.get(digest)?.hasReceipt) return;
    if (this.#taken.get(digest)?.first.has(epoch)) faults['pushed after it was rescued'] += 1;
  }

  /** What stood on the phone only has to be in its file. */
  #compare(file: File, content: RescueContent): void {
    const { failures } = this.#parts.ledger;
    const inside = new Set(content.revisions.map(({ text }) => digestIn(text)));
    const drafts = new Set(content.drafts.map(({ id }) => id));
    const name = `a rescue file of phone ${file.device}`;
    if (content.account !== file.account) failures.push(`[DEV-13] ${name} is another account's`);
    for (const digest of file.digests) if (!inside.has(digest)) failures.push(`[DEV-10] ${name} lacks ${digest}`);
    for (const id of file.drafts) if (!drafts.has(id)) failures.push(`[DEV-9] ${name} lacks the draft ${id}`);
  }

  /** Each revision has a receipt but those that no request could carry. */
  #count(content: RescueContent, { receipts, unreadable }: RescueTaken): void {
    const { saved, failures } = this.#parts.ledger;
    const digests = content.revisions.map(({ text }) => digestIn(text));
    const unsendable = digests.filter((digest) => saved.get(digest)?.unsendable).length;
    if (receipts.length + unreadable !== digests.length || unreadable !== unsendable)
      failures.push(`[REC-4] of ${digests.length} in a rescue file ${receipts.length} were taken in`);
  }

  /** `before`: it was taken in in this epoch before the file came to the desk. */
  #receipt(epoch: string, receipt: RescueReceipt, before: boolean): void {
    const { ledger, faults, moment, heard } = this.#parts;
    const { digest, known, id, revision } = receipt;
    const taken = this.#taken.get(digest) ?? { in: new Set(), first: new Set() };
    this.#taken.set(digest, taken);
    if (!known && before) ledger.failures.push(`[REC-2] ${id}/${revision} was taken in twice as if it were new`);
    if (!known) {
      faults['record rescued'] += 1;
      taken.first.add(epoch);
    } else if (before) faults['rescued twice'] += 1;
    else if (!taken.first.has(epoch)) faults['rescued after it was pushed'] += 1;
    taken.in.add(epoch);
    ledger.rescued(digest, moment());
    heard(epoch, receipt);
  }

  #refused({ refused }: RescueRefusal): void {
    const { ledger, wasRestored } = this.#parts;
    if (refused === 'account-ended' || (refused === 'unknown-key' && wasRestored())) return;
    ledger.failures.push(`the desk refused a rescue file: ${refused}`);
  }
}

function digestIn(text: string): string {
  const { digest }: { digest: string } = JSON.parse(text);
  return digest;
}
