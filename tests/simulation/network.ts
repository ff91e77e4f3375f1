/** The way between phones and office: what is sent may be lost, doubled, late, cut short, or answered by somebody else. */
import type { Chance } from './chance';
import type { Clockwork } from './clockwork';
import type { Fault } from './faults';
import type { Life } from './life';

/** An HTTP exchange as bytes: what arrives at the other end. */
export type Sent = { cookie: Cookie | null; bytes: Uint8Array; headers: Headers };
/** What a sign-in leaves in the browser: whose session it is, and its id. */
export type Cookie = { account: string; session: string };
/** `moment`: the office's count of what had happened to it when it said so; answers that are not its own have none. */
export type Answered = { status: number; headers: Headers; bytes: Uint8Array; moment?: number };

/** How the line is: the likelihood that something befalls one way of a message. */
export type Weather = { trouble: number; portal: boolean; offline: boolean };

type Parts = {
  clockwork: Clockwork;
  life: Life;
  /** The dice of the present step. */
  chance: () => Chance;
  struck: (fault: Fault) => void;
  /** Null: nobody listens there, or the process died over it. */
  deliver: (sent: Sent) => Promise<Answered | null>;
};

const minute = 60_000;

export class Network {
  weather: Weather = { trouble: 0, portal: false, offline: false };
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** One request of a phone. Rejects as `fetch` does; `signal` gives up waiting, not what is under way. */
  send(sent: Sent, signal: AbortSignal | null, online: boolean): Promise<Answered> {
    const { clockwork, life, chance } = this.#parts;
    return new Promise((resolve, reject) => {
      let waiting = true;
      const fail = (name: string) => {
        if (waiting) reject(name === 'AbortError' ? new DOMException('given up', name) : new TypeError(name));
        waiting = false;
      };
      const told = (answer: Answered) => {
        if (waiting) resolve(answer);
        waiting = false;
      };
      signal?.addEventListener('abort', () => fail('AbortError'));
      const later = (milliseconds: number, label: string, run: () => void) =>
        milliseconds === 0 ? clockwork.post(life, label, run) : clockwork.later(life, milliseconds, label, run);
      if (!online || this.weather.offline) return void later(0, 'no network', () => fail('no network'));
      const dice = chance();
      const fate = this.#fateOfRequest(dice);
      const answer = (answered: Answered) => this.#answer(answered, chance(), later, told, fail);
      switch (fate) {
        case 'request lost':
          return void later(dice.below(2 * minute), 'request lost', () => fail('lost'));
        case 'portal':
          return void later(0, 'portal', () => told(portal()));
        case 'proxy refuses':
          return void later(0, 'proxy', () => told(proxy(dice)));
        case 'error before':
          return void later(0, 'error before', () => told(refusal(dice.pick([500, 502, 503]), 'trouble')));
        case 'busy':
          return void later(0, 'busy', () => told(refusal(dice.pick([429, 503]), 'busy', `${1 + dice.below(90)}`)));
        case 'too large':
          return void later(0, 'too large', () => told(refusal(413, 'request too large')));
        default:
      }
      const delay = fate === 'request late' ? dice.below(3 * minute) : 0;
      later(delay, 'request arrives', () => this.#arrive(sent, answer, later, fail));
      if (fate === 'request doubled') {
        // The second of the pair; whatever is answered to it, nobody waits for it.
        later(dice.below(10 * minute), 'request arrives again', () =>
          this.#arrive(
            sent,
            () => {},
            later,
            () => {},
          ),
        );
      }
    });
  }

  /** A phone has no line for so long. */
  cutOff(phone: { online: boolean }, milliseconds: number): void {
    const { clockwork, life } = this.#parts;
    if (!phone.online) return;
    phone.online = false;
    clockwork.later(life, milliseconds, 'back online', () => void (phone.online = true));
  }

  #fateOfRequest(dice: Chance): Fault | null {
    const { weather } = this;
    if (weather.portal) return this.#strike('portal');
    if (!dice.happens(weather.trouble)) return null;
    const fates: Fault[] = [
      ...([
        'request lost',
        'request lost',
        'request doubled',
        'request doubled',
        'request late',
        'request late',
      ] as const),
      ...(['portal', 'proxy refuses', 'error before', 'busy', 'too large'] as const),
    ];
    return this.#strike(dice.pick(fates));
  }

  #arrive(sent: Sent, answer: (answered: Answered) => void, later: Later, fail: (name: string) => void): void {
    void this.#parts.deliver(sent).then((answered) => {
      if (answered) return answer(answered);
      this.#parts.struck('office down');
      return later(this.#parts.chance().below(2) * 40_000, 'connection broken', () => fail('broken'));
    });
  }

  #answer(
    answered: Answered,
    dice: Chance,
    later: Later,
    told: (answer: Answered) => void,
    fail: (name: string) => void,
  ) {
    const fate = this.weather.trouble > 0 && dice.happens(this.weather.trouble) ? dice.pick(fatesOfAnswer) : null;
    if (fate) this.#strike(fate);
    switch (fate) {
      case 'answer lost':
        return later(dice.below(minute), 'answer lost', () => fail('lost'));
      case 'error after':
        return later(0, 'error after', () => told(refusal(dice.pick([500, 502, 504]), 'trouble')));
      case 'answer cut short':
        return later(0, 'answer cut short', () => told(cutShort(answered, dice)));
      case 'answer late':
        return later(dice.below(2 * minute), 'answer', () => told(answered));
      default:
        return later(0, 'answer', () => told(answered));
    }
  }

  #strike(fault: Fault): Fault {
    this.#parts.struck(fault);
    return fault;
  }
}

type Later = (milliseconds: number, label: string, run: () => void) => unknown;
const fatesOfAnswer = ['answer lost', 'answer lost', 'answer cut short', 'answer late', 'error after'] as const;

const bytesOf = (text: string) => new TextEncoder().encode(text);

function portal(): Answered {
  const headers = new Headers({ 'content-type': 'text/html' });
  return { status: 200, headers, bytes: bytesOf('<html><body>请登录上网</body></html>') };
}

/** Words that look like the office's but are not: none of them means that anything was revoked or stored. */
function proxy(dice: Chance): Answered {
  const [status, type, text] = dice.pick([
    [403, 'text/html', '<html>forbidden</html>'],
    [403, 'application/json', '{"error":"blocked"}'],
    [409, 'application/json', '{"error":"conflict"}'],
    [413, 'text/html', '<html>too large</html>'],
    [200, 'application/json', '{"ok":true}'],
    [200, 'application/json', '{"protocol":1,"receipts":'],
    [401, 'application/json', '{"message":"proxy authentication"}'],
  ] as const);
  return { status, headers: new Headers({ 'content-type': type }), bytes: bytesOf(text) };
}

/** The office's own refusal, as whatever stands before it (a full queue, an adapter's bound) would say it. */
function refusal(status: number, error: string, retryAfter?: string): Answered {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (retryAfter) headers.set('retry-after', retryAfter);
  return { status, headers, bytes: bytesOf(JSON.stringify({ protocol: 1, error })) };
}

function cutShort({ status, headers, bytes }: Answered, dice: Chance): Answered {
  return { status, headers, bytes: bytes.subarray(0, dice.below(bytes.length)) };
}
