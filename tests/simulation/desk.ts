/** What coordinators and the administrator do, in the desk's own verbs. Each deed runs in the office's process and dies with it. */
import { assignGrids, endAccount } from '../../src/lib/server/accounts/accounts';
import { allowDevice, devicesByAccount, revokeDevice } from '../../src/lib/server/accounts/devices';
import { setCarePlan } from '../../src/lib/server/care/plans';
import type { Office, SignedIn } from '../../src/lib/server/office';
import { formsOf } from '../../src/lib/server/forms/known-forms';
import { publishForm } from '../../src/lib/server/forms/publish-form';
import { partKey } from '../../src/lib/server/quarantine/part';
import { correctValue } from '../../src/lib/server/register/correct';
import { decide } from '../../src/lib/server/review/decide';
import type { Decision, DecisionAnswer, DecisionKind } from '../../src/lib/server/review/decision';
import { openSubmission, type ReviewCase } from '../../src/lib/server/review/open';
import { closeRound, listRounds, startRound } from '../../src/lib/server/rounds/rounds';
import { chance, type Chance } from './chance';
import type { Community } from './community';
import type { CorrectionsMade } from './corrections-made';
import type { Tally } from './faults';
import type { RegisterKept } from './register-kept';
import { type FormsPublished, nextVersion } from './forms-published';
import { type Typed, typeOver } from './typed-over';

type Parts = {
  community: () => Community;
  faults: Tally;
  forms: FormsPublished;
  register: RegisterKept;
  corrections: CorrectionsMade;
  /** The office's count of what happened to it. */
  moment: () => number;
  /** Word of a decision, for the story that is told of the run. */
  told: (words: string) => void;
};

export class Desk {
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Opens a record that waits and decides on it, as it looked when it was opened. `previous`: whichever waits is picked by the dice. */
  async review(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const id = await this.#pick(office, ['pending', 'quarantined', 'returned'], dice);
    if (id) await this.#decide(office, by, id, this.#verdict(dice), dice);
  }

  /** Two coordinators open one record, and decide without knowing of each other. */
  async reviewTogether(office: Office, dice: Chance): Promise<void> {
    const id = await this.#pick(office, ['pending', 'quarantined'], dice);
    if (!id) return;
    const [first, second] = this.#parts.community().coordinators;
    const verdicts = [this.#verdict(dice), this.#verdict(dice)] as const;
    await Promise.all([
      this.#decide(office, first, id, verdicts[0], dice),
      this.#decide(office, second, id, verdicts[1], dice),
    ]);
  }

  /**
   * Approves a record with some of its values typed over: often a care visit, of which there are few. Sometimes the other coordinator has it open too and
   * types over others, and sometimes it is taken back at once.
   */
  async approveCorrected(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const isVisit = dice.happens(0.5);
    const visit = await this.#pick(office, ['pending'], dice, (row) => row.kind === 'care-visit');
    const id = isVisit && visit ? visit : await this.#pick(office, ['pending'], dice);
    if (!id) return;
    const other = this.#parts.community().coordinators.find((one) => one !== by);
    const dices = [dice, chance(dice.below(1e9))];
    const people = other && dice.happens(0.2) ? [by, other] : [by];
    const isSlip = dice.happens(0.2);
    await Promise.all(people.map((person, at) => this.#decide(office, person, id, 'correct', dices[at] ?? dice)));
    if (isSlip) await this.#decide(office, by, id, 'undo', dice);
  }

  /** Often the last decision that changed the register, on which nothing was built yet; or one that was a slip. */
  async undo(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const { register } = this.#parts;
    if (dice.happens(0.4)) {
      const slip = await this.#pick(office, ['pending'], dice);
      if (slip) await this.#decide(office, by, slip, 'approve', dice);
    }
    const last = await this.#pick(office, ['approved'], dice, (row) => register.changedBy(row.decision_id));
    const reviews = ['pending', 'approved', 'returned', 'voided'];
    const any = () => this.#pick(office, reviews, dice, (row) => row.decision_id !== null);
    const id = last !== null && dice.happens(0.7) ? last : await any();
    if (id) await this.#decide(office, by, id, 'undo', dice);
  }

  /** Of two texts of one number, the one that came second is what counts (REC-3). */
  async chooseCopy(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const { register, faults, told } = this.#parts;
    const copies = await office.database.read((db) =>
      db
        .selectFrom('revision')
        .innerJoin('submission', (join) =>
          join
            .onRef('submission.id', '=', 'revision.submission_id')
            .onRef('submission.account_id', '=', 'revision.account_id')
            .onRef('submission.revision', '=', 'revision.revision'),
        )
        .select(['revision.account_id', 'revision.digest', 'revision.pushed_digest', 'submission.decision_id'])
        .select(['submission.id', 'submission.revision', 'submission.digest as head'])
        .where('revision.community_id', '=', by.communityId)
        .where('revision.place', '=', 'beside')
        .where('revision.review', '=', 'quarantined')
        .orderBy('revision.digest')
        .execute(),
    );
    if (copies.length === 0) return;
    const { id, head, decision_id: previous, ...copy } = dice.pick(copies);
    const seen = { submissionId: id, revision: copy.revision, digest: head, previous };
    const decision: Decision = { ...seen, kind: 'accept', choose: partKey(copy) };
    const { answer } = await register.decide(office, {}, () => decide(office, by, decision));
    if ('done' in answer) faults['copy chosen'] += 1;
    told(
      `${by.username} chose ${copy.digest} of ${id}/${copy.revision}: ${'done' in answer ? 'done' : answer.refused}`,
    );
  }

  /** Somebody is cared for from now on, or by others than before. */
  async setCarePlan(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const { community, faults } = this.#parts;
    const { people } = community();
    const residents = await office.database.read((db) =>
      db.selectFrom('resident').select('id').where('community_id', '=', by.communityId).orderBy('id').execute(),
    );
    const plan = {
      ...{ services: ['company' as const], everyDays: dice.pick([7, 30]), from: '2026-01-01', until: null },
      ...{ mustKnow: '慢慢说', pausedUntil: null },
    };
    const carers = dice.pick([people.slice(3), people.slice(2), people.slice(0, 1)]).map(({ id }) => id);
    try {
      await setCarePlan(office, by, dice.pick(residents).id, plan, carers);
      faults['care plan set'] += 1;
    } catch (error) {
      // The person is gone, or one of these accounts has ended.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  async correctRegister(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const residents = await office.database.read((db) =>
      db.selectFrom('resident').select('id').where('community_id', '=', by.communityId).orderBy('id').execute(),
    );
    const { id } = dice.pick(residents);
    const value = `138${String(dice.below(1e8)).padStart(8, '0')}`;
    const correction = { entity: 'resident', id, field: 'phone', value, reason: '本人来电' } as const;
    await this.#parts.register.change(office, () => correctValue(office, by, correction));
  }

  /** Gives an account some grids from now on: fewer, more, others. */
  async changeGrids(office: Office, dice: Chance): Promise<void> {
    const { id, people, grids, administrator } = this.#parts.community();
    const person = dice.pick(people.filter(({ role }) => role === 'grid-worker'));
    const wanted = dice.pick([[], [grids[0]], [grids[1]], [...grids]]);
    const held = await office.database.read((db) =>
      db
        .selectFrom('account_grid')
        .select('grid_id')
        .where('account_id', '=', person.id)
        .where('until_at', 'is', null)
        .execute(),
    );
    try {
      await assignGrids(office, id, person.id, wanted, administrator);
    } catch (error) {
      if (error instanceof Error && error.name === 'AccountProblem') return;
      throw error;
    }
    this.#parts.faults['grid taken'] += held.filter(({ grid_id }) => !wanted.includes(grid_id)).length;
    this.#parts.faults['grid given'] += wanted.filter((grid) => !held.some(({ grid_id }) => grid_id === grid)).length;
  }

  async endAccount(office: Office, dice: Chance): Promise<void> {
    const { id, people, administrator } = this.#parts.community();
    const { id: ended } = dice.pick(people.slice(1));
    try {
      await endAccount(office, id, ended, administrator);
      this.#parts.faults['account ended'] += 1;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AccountProblem')) throw error;
    }
  }

  async revokePhone(office: Office, dice: Chance): Promise<void> {
    const phone = await this.#somePhone(office, dice, false);
    if (!phone) return;
    const { id, administrator } = this.#parts.community();
    await revokeDevice(office, id, phone.account, phone.device, administrator);
    this.#parts.faults['phone revoked'] += 1;
  }

  async allowPhone(office: Office, dice: Chance): Promise<void> {
    const phone = await this.#somePhone(office, dice, true);
    if (!phone) return;
    const { id, administrator } = this.#parts.community();
    await allowDevice(office, id, phone.account, phone.device, administrator);
    this.#parts.faults['phone allowed again'] += 1;
  }

  async #somePhone(
    office: Office,
    dice: Chance,
    revoked: boolean,
  ): Promise<{ account: string; device: string } | null> {
    const known = await office.database.read((db) => devicesByAccount(db, this.#parts.community().id));
    const phones = [...known].flatMap(([account, devices]) =>
      devices.filter(({ revokedAt }) => (revokedAt !== null) === revoked).map(({ id }) => ({ account, device: id })),
    );
    phones.sort((one, other) => (one.account + one.device < other.account + other.device ? -1 : 1));
    return phones.length > 0 ? dice.pick(phones) : null;
  }

  async round(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const rounds = await office.database.read((db) => listRounds(db, by.communityId));
    const open = rounds.find(({ closedAt }) => closedAt === null);
    if (open) await closeRound(office, by, open.id);
    if (open && dice.happens(0.3)) return;
    const { grids } = this.#parts.community();
    await startRound(office, by, { name: '又一轮', kind: 'full', closesOn: '2027-12-31', gridIds: [...grids] });
  }

  /** A further version of a form, as `admin publish-form` publishes it. */
  async publishForm(office: Office, dice: Chance): Promise<void> {
    const { community, faults, forms, moment, told } = this.#parts;
    const { id } = community();
    const form = nextVersion(await office.database.read((db) => formsOf(db, id)), dice);
    const answer = await publishForm(office, id, form);
    if ('refused' in answer && answer.refused !== 'version-taken')
      throw new Error(`the form was refused: ${answer.refused}`);
    if ('refused' in answer) return; // somebody else was first
    forms.add(form, moment());
    faults['form published'] += 1;
    told(`the office published ${form.id}@${form.version}`);
  }

  #verdict(dice: Chance): Exclude<DecisionKind, 'undo'> {
    return dice.pick(['approve', 'approve', 'approve', 'return', 'return', 'void'] as const);
  }

  async #pick(
    office: Office,
    reviews: string[],
    dice: Chance,
    only: (row: { kind: string; decision_id: string | null }) => boolean = () => true,
  ): Promise<string | null> {
    const rows = await office.database.read((db) =>
      db
        .selectFrom('submission')
        .select(['id', 'kind', 'review', 'decision_id'])
        .where('community_id', '=', this.#parts.community().id)
        .orderBy('id')
        .execute(),
    );
    const open = rows.filter((row) => reviews.includes(row.review) && only(row));
    return open.length > 0 ? dice.pick(open).id : null;
  }

  /** `correct`: approves it with values typed over. */
  async #decide(office: Office, by: SignedIn, id: string, how: DecisionKind | 'correct', dice: Chance): Promise<void> {
    const opened = await office.database.read((db) => openSubmission(db, by.communityId, id));
    if (!opened) return;
    const { row, registerVersion } = opened;
    const kind = how === 'correct' ? 'approve' : how;
    const typed = this.#typed(opened, how, office, dice);
    const decision: Decision = {
      ...{ submissionId: id, revision: row.revision, digest: row.digest, previous: row.decisionId, registerVersion },
      kind,
      comments: kind === 'return' ? [{ path: [], text: '请再核对一次' }] : [],
      reason: '重复',
      ...(typed.corrections.length > 0 && { corrections: typed.corrections }),
    };
    const { register, faults, corrections } = this.#parts;
    const undoes = kind === 'undo' ? row.decisionId : null;
    const taken = kind === 'approve' ? corrections.typing(id, typed.corrections) : () => {};
    const { answer, compared } = await register.decide(office, { undoes, leads: typed.leads }, () =>
      decide(office, by, decision),
    );
    if (compared) faults['decision undone'] += 1;
    if ('done' in answer) {
      taken(answer.done);
      for (const fault of typed.kinds) faults[fault] += 1;
    }
    this.#count(answer);
    this.#parts.told(`${by.username} ${how} ${id}/${row.revision}: ${'done' in answer ? 'done' : answer.refused}`);
  }

  #typed(opened: ReviewCase, how: DecisionKind | 'correct', { world }: Office, dice: Chance): Typed {
    const { row, shown } = opened;
    if (how === 'correct')
      return typeOver({ kind: row.kind, target: row.target.id, body: shown.body, now: world.now() }, dice);
    const isNoted = how === 'approve' && dice.happens(0.2);
    return { corrections: isNoted ? [{ path: ['note'], value: '办公室已更正' }] : [], leads: [], kinds: [] };
  }

  #count(answer: DecisionAnswer): void {
    if ('refused' in answer && answer.refused === 'decided') this.#parts.faults['decided twice'] += 1;
  }
}
