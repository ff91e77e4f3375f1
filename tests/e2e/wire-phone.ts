/** A phone reduced to what it sends: for what the office makes of a record, where no thumb is needed. */
import { randomUUID } from 'node:crypto';
import { digestRevision } from '../../src/lib/sync/digest';
import { signIn } from '../reliability/sign-in';

type Body = Record<string, unknown>;
export type Door = { id: string; version: number; households: { id: string; residents: { id: string }[] }[] };
type Told = { type: string; id: string; version: number; body: Body & Pick<Door, 'households'> };
type Sent = Record<string, unknown> & { id: string };

export class WirePhone {
  readonly #address: string;
  readonly #who: { accountId: string; cookie: string };
  readonly #device = randomUUID();

  private constructor(address: string, who: { accountId: string; cookie: string }) {
    this.#address = address;
    this.#who = who;
  }

  static async of(address: string, username: string): Promise<WirePhone> {
    return new WirePhone(address, await signIn(address, username));
  }

  /** Of that type, as the register has it now. */
  async told(type: string): Promise<Told[]> {
    const { feeds }: { feeds: { changes: Told[] }[] } = await this.#ask({});
    return feeds.flatMap(({ changes }) => changes).filter((change) => change.type === type);
  }

  async community(): Promise<string> {
    const { feeds }: { feeds: { id: string }[] } = await this.#ask({});
    const own = feeds.find(({ id }) => id.startsWith('community/'));
    return own?.id.replace('community/', '') ?? '';
  }

  /** Doors at which two or more of one household are registered. */
  async doors(): Promise<Door[]> {
    const doors = await this.told('dwelling');
    return doors
      .map(({ id, version, body }) => ({ id, version, households: body.households }))
      .filter(({ households }) => (households[0]?.residents.length ?? 0) > 1);
  }

  /** What the office tells this account of a record of its own. */
  async record(id: string): Promise<Body | undefined> {
    return (await this.told('submission')).find((one) => one.id === id)?.body;
  }

  /** Sends it with its right digest; answers what came of it, beside what was sent. */
  async sends(draft: Sent): Promise<{ id: string; status: string }> {
    const whole = {
      ...{ revision: 1, kind: 'household-verification', form: { id: 'household-verification', version: 1 } },
      ...{ basis: {}, recordedAt: new Date().toISOString(), secondsOpen: 30, location: null },
      ...draft,
    };
    const { receipts }: { receipts: { status: string }[] } = await this.#ask({
      push: [{ ...whole, digest: await digestRevision(whole) }],
    });
    return { id: draft.id, status: receipts[0]?.status ?? '' };
  }

  async #ask(part: Body) {
    const asked = {
      ...{ protocol: 1, account: this.#who.accountId, epoch: null, push: [], offer: [], have: {}, limit: 5000 },
      device: { id: this.#device, app: 'test', clock: Date.now() },
      ...part,
    };
    const answer = await fetch(`${this.#address}/api/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.#who.cookie, origin: this.#address },
      body: JSON.stringify(asked),
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** Everybody at the door as registered, but for the head of the household; and whoever else is there. */
export function at(door: Door, head: Body = {}, more: Body[] = [], note = ''): Body {
  const [first] = door.households;
  const residents = (of: Door['households'][number]) =>
    of.residents.map(({ id }, place) =>
      of === first && place === 0 && Object.keys(head).length > 0
        ? { id, change: 'corrected', ...head }
        : { id, change: 'unchanged' },
    );
  return {
    outcome: 'verified',
    informant: { residentId: first?.residents[0]?.id ?? '', name: '', kind: 'member' },
    noticeGiven: true,
    dwelling: {},
    households: door.households.map((of) => ({
      id: of.id,
      residents: [...residents(of), ...(of === first ? more : [])],
    })),
    note,
  };
}

export const newcomer = (name: string, phone: string) => ({
  ...{ id: randomUUID(), change: 'moved-in', name, sex: '2', birthDate: '1990', idType: 'resident-id', phone },
  ...{ relation: '97', residence: 'migrant', presence: 'here', missing: { idNumber: 'refused' } },
});
