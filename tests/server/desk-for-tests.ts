/** A coordinator at the desk, in the desk's own verbs: what is seen is what a decision names. */
import type { WholeDwelling } from '../../src/lib/domain/register';
import type { SignedIn } from '../../src/lib/server/office';
import { historyOfDoor, type HistoryEntry } from '../../src/lib/server/register/history';
import { wholeDwelling } from '../../src/lib/server/register/read';
import { decide } from '../../src/lib/server/review/decide';
import type { Decision, DecisionAnswer } from '../../src/lib/server/review/decision';
import { openSubmission, type ReviewCase } from '../../src/lib/server/review/open';
import type { ChoiceSaid, Said } from '../../src/lib/server/review/weigh';
import type { PhoneForTests } from './phone-for-tests';
import type { TestDoor, TestOffice } from './office-for-tests';

export class DeskForTests {
  readonly #at: TestOffice;
  readonly account: SignedIn;

  constructor(at: TestOffice, account: SignedIn = at.accounts.coordinator) {
    this.#at = at;
    this.account = account;
  }

  async open(id: string, said: Said = {}): Promise<ReviewCase> {
    const found = await this.#at.office.database.read((db) => openSubmission(db, this.#at.communityId, id, said));
    if (!found) throw new Error(`no submission ${id}`);
    return found;
  }

  /** What a page of this submission carries for the decision on it. */
  async seen(
    id: string,
  ): Promise<Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous' | 'registerVersion'>> {
    const { row, registerVersion } = await this.open(id);
    return { submissionId: id, revision: row.revision, digest: row.digest, previous: row.decisionId, registerVersion };
  }

  take(decision: Decision): Promise<DecisionAnswer> {
    return decide(this.#at.office, this.account, decision);
  }

  async approve(id: string, more: Partial<Decision> = {}): Promise<DecisionAnswer> {
    return this.take({ ...(await this.seen(id)), kind: 'approve', ...more });
  }

  /** One answer to everything that asks; what does not take it gets the other. */
  async choices(id: string, take: 'register' | 'proposal'): Promise<ChoiceSaid[]> {
    const { compared, likenesses, unanswered } = await this.open(id);
    return unanswered.map((key) => {
      const takes = compared.find((value) => value.key === key)?.takes;
      if (likenesses.some((likeness) => likeness.key === key) || !takes?.includes(take))
        return { key, take: 'proposal' };
      return { key, take };
    });
  }

  async sendBack(id: string, text = '请核对', path: (string | number)[] = []): Promise<DecisionAnswer> {
    return this.take({ ...(await this.seen(id)), kind: 'return', comments: [{ path, text }] });
  }

  async void(id: string, reason = '重复'): Promise<DecisionAnswer> {
    return this.take({ ...(await this.seen(id)), kind: 'void', reason });
  }

  async undo(id: string): Promise<DecisionAnswer> {
    return this.take({ ...(await this.seen(id)), kind: 'undo' });
  }

  /** The door as the register has it; throws where it has none. */
  async door(id: string): Promise<WholeDwelling> {
    const door = await this.#at.office.database.read((db) => wholeDwelling(db, this.#at.communityId, id));
    if (!door) throw new Error(`the register has no door ${id}`);
    return door;
  }

  history(id: string): Promise<HistoryEntry[]> {
    return this.#at.office.database.read((db) => historyOfDoor(db, this.#at.communityId, id));
  }
}

/** The version under which the phone holds a door: what it names as basis. */
export async function basisOf(phone: PhoneForTests, door: TestDoor): Promise<Record<string, number>> {
  const answer = await phone.ask({ have: {}, limit: 5000 });
  const change = answer.feeds
    .flatMap(({ changes }) => changes)
    .find(({ type, id }) => type === 'dwelling' && id === door.id);
  if (!change) throw new Error('the phone does not hold this door');
  return { [door.id]: change.version };
}

/** Of the door's first household: the ids that bodies name. */
export function idsOf(door: TestDoor): { household: string; head: string; spouse: string } {
  const [household] = door.households;
  const [head, spouse] = household?.residents ?? [];
  if (!household || !head || !spouse) throw new Error('a test door has a household of two');
  return { household: household.id, head: head.id, spouse: spouse.id };
}
