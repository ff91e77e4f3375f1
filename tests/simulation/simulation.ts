/** One simulated world: an office, phones, the network between them, and the checker's list beside it. */
import './outside-world';
import type { SignedIn } from '../../src/lib/server/office';
import { type Receipt, SyncRefusal, SyncResponse } from '../../src/lib/sync/protocol';
import { chance, type Chance } from './chance';
import { Clockwork, type Dice } from './clockwork';
import { CorrectionsMade } from './corrections-made';
import { doDeed } from './deeds';
import { Desk } from './desk';
import { type Engine, START } from './engines';
import { emptyTally } from './faults';
import { Erasures } from './erasures';
import { FormsPublished } from './forms-published';
import type { Grain } from './gated-database';
import { Ledger } from './ledger';
import type { Life } from './life';
import { type Answered, Network } from './network';
import { OfficeMachine } from './office-machine';
import { type Offered, PhoneMachine, type Tab } from './phone-machine';
import { ReceiptsTold } from './receipts-told';
import { RegisterKept } from './register-kept';
import { RescueFiles } from './rescue-files';
import { Rosters } from './rosters';
import type { Step, Story } from './story';
import { Worker } from './worker';

export type Options = { engine: Engine; grain: Grain; keepLines: boolean };

export class Simulation {
  readonly clockwork: Clockwork;
  readonly faults = emptyTally();
  readonly ledger = new Ledger();
  readonly receipts = new ReceiptsTold();
  readonly office: OfficeMachine;
  readonly network: Network;
  readonly phones: PhoneMachine[];
  readonly worker: Worker;
  readonly desk: Desk;
  readonly rescue: RescueFiles;
  readonly erasures: Erasures;
  readonly rosters: Rosters;
  readonly forms = new FormsPublished();
  readonly corrections = new CorrectionsMade();
  /** What somebody who watches would tell: saves, receipts, decisions. */
  readonly told: string[] = [];
  readonly #story: Story;
  /** What befalls messages in the present step. */
  #luck: Chance = chance('before');

  constructor(story: Story, { engine, grain, keepLines }: Options) {
    this.#story = story;
    const { seed, setting } = story;
    const { faults } = this;
    const tell = (words: string) => void this.told.push(words);
    const clockwork = new Clockwork(START, keepLines);
    const wire: Life = { name: 'network', kind: 'network', clockwork, device: -1, dead: false, said: () => {} };
    const network = new Network({
      clockwork,
      life: wire,
      chance: () => this.#luck,
      struck: (fault) => (faults[fault] += 1),
      deliver: (sent) => this.office.deliver(sent),
    });
    this.clockwork = clockwork;
    this.network = network;
    this.office = new OfficeMachine({
      ...{ engine, clockwork, seed, grain, faults },
      program: (office, args) => this.rosters.start(office, args),
    });
    this.phones = setting.phones.map(
      ({ hasLocks, pushAtMost, pullAtMost }, number) =>
        new PhoneMachine({
          ...{ clockwork, network, seed, number, hasLocks, pushAtMost, pullAtMost, faults },
          handing: (digests) => digests.forEach((digest) => this.ledger.handing(digest)),
          heard: (phone, tab, account, answered, offered) => this.#heard(phone, tab, account, answered, offered),
          trouble: (words) => this.ledger.failures.push(words),
        }),
    );
    this.worker = new Worker(this.ledger, faults, this.forms, tell);
    this.rescue = new RescueFiles({
      ...{ ledger: this.ledger, faults, told: tell, moment: () => this.office.moments },
      wasRestored: () => this.office.restores.length > 0,
      heard: (epoch, receipt) => this.#receipt(epoch, receipt),
    });
    let ticks = 0;
    const tick = () => (ticks += 1);
    const register = new RegisterKept({
      peek: (run) => this.office.peek(run),
      runs: (office) => this.office.runs(office),
      isErased: (id) => this.erasures.isErased(id),
      fail: (words) => void this.ledger.failures.push(words),
    });
    this.desk = new Desk({
      ...{ community: () => this.office.community, moment: () => this.office.moments },
      ...{ forms: this.forms, faults, told: tell, register, corrections: this.corrections },
    });
    this.erasures = new Erasures({
      ...{ ledger: this.ledger, faults, register, told: tell },
      ...{ communityId: () => this.office.community.id, moment: () => this.office.moments },
      restores: () => this.office.restores,
      tick,
    });
    this.rosters = new Rosters({
      ...{ community: () => this.office.community, ledger: this.ledger, faults, register, told: tell, tick },
      erasures: this.erasures,
      peek: (run) => this.office.peek(run),
      runs: (office) => this.office.runs(office),
      restores: () => this.office.restores.length,
      complain: (words) => void this.office.complaints.push(words),
    });
  }

  /** Everybody signs in for the first time. */
  async begin(): Promise<void> {
    await this.office.begin();
    for (const phone of this.phones) phone.signIn(this.#owner(phone));
  }

  async end(): Promise<void> {
    for (const phone of this.phones) {
      phone.end(phone.tabs, chance(0));
      phone.forget();
    }
    await this.office.end();
  }

  async step(step: Step): Promise<void> {
    this.#luck = chance(step.dice, 'network');
    this.clockwork.now += 20 + (step.dice % 200);
    await doDeed(this, step, chance(step.dice, 'deed'));
    await this.clockwork.run(step.turns, this.schedule(step.dice));
  }

  schedule(dice: number): Dice {
    return { chance: chance(dice, 'schedule'), favour: dice };
  }

  /** These tabs die where they stand; what the disk then holds is compared with the list, all of it where no other is open. */
  kill(phone: PhoneMachine, tabs: readonly Tab[], dice: Chance): void {
    const all = tabs.length === phone.tabs.length;
    const opened = tabs.flatMap((tab) => tab.phone ?? []);
    phone.end(tabs, dice);
    if (all) this.ledger.afterDeath(phone.number, phone.disk);
    else this.ledger.afterTabsDied(phone.number, phone.disk, opened);
  }

  changesHands(phone: PhoneMachine): boolean {
    return this.#story.setting.phones[phone.number]?.changesHands ?? false;
  }

  /** What the office made of a record under the version of its form. */
  #formOf(digest: string, status: string, problems: readonly { code: string }[]): void {
    const form = this.ledger.saved.get(digest)?.form;
    if (!form) return;
    if (status === 'stored' && form.version < this.forms.newest(form.id)) this.faults['record of an older form'] += 1;
    if (status === 'stored' && form.version > 1) this.faults['record of a newer form'] += 1;
    if (problems.some(({ code }) => code === 'form_unknown') && this.forms.isThere(form, this.office.restores))
      this.ledger.failures.push(
        `[QUA-5] the office says that it does not know ${form.id}@${form.version}, which it published`,
      );
  }

  #owner(phone: PhoneMachine): SignedIn {
    const { owner } = this.#story.setting.phones[phone.number] ?? { owner: 0 };
    return this.office.community.people[owner] as SignedIn;
  }

  /** An answer has reached a phone: what it says of records is written down. */
  #heard(
    phone: PhoneMachine,
    { life }: Tab,
    account: string,
    { status, bytes, moment = this.office.moments }: Answered,
    offered: readonly Offered[],
  ): void {
    // The office's word is as old as when it was given: a backup may have been put back while it was on its way.
    const erases = status === 403 ? epochOfRefusal(bytes) : null;
    if (erases !== null) this.ledger.erasing(phone.number, account, { epoch: erases, moment, life });
    const answer = status === 200 ? parsed(bytes) : null;
    if (answer?.account !== account) return;
    const { epoch, receipts, wanted } = answer;
    for (const { id, revision, digest } of offered) {
      const isWanted = wanted.some((one) => one.id === id && one.revision === revision);
      if (!isWanted) this.ledger.atOffice(digest, epoch, moment);
      else if (this.ledger.isTaken({ id, revision, digest }, epoch)) this.faults['copy given back'] += 1;
    }
    for (const receipt of receipts) {
      const { id, revision, digest, status: word } = receipt;
      this.rescue.pushed(epoch, digest);
      this.ledger.receipt(digest);
      this.ledger.atOffice(digest, epoch, moment);
      this.#receipt(epoch, receipt);
      this.told.push(`phone ${phone.number} got the receipt of ${id}/${revision} ${digest}: ${word}`);
    }
  }

  /** What the office said of a record, to a phone or at the desk. */
  #receipt(epoch: string, { digest, status, problems = [] }: Receipt): void {
    this.receipts.add(epoch, { digest, status, problems: problems.length });
    this.#formOf(digest, status, problems);
    if (status === 'quarantined') this.faults.quarantined += 1;
    if (problems.some(({ code }) => code === 'duplicate_revision')) this.faults['same number twice'] += 1;
  }
}

/** Of a 403 that says that the phone is out of use; null for any other. */
function epochOfRefusal(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes('"revoked":true')) return null;
  return SyncRefusal.parse(JSON.parse(text)).epoch ?? null;
}

function parsed(bytes: Uint8Array): SyncResponse | null {
  try {
    return SyncResponse.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}
