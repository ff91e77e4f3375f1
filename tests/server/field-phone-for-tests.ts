/** The phone's real code – store, outbox, loop, transport – joined to the real office: only the network between them is the test's. */
import { gunzipSync } from 'node:zlib';
import 'fake-indexeddb/auto';
import * as later from '../../src/lib/device/later';
import { openPhone } from '../../src/lib/device/open-phone';
import type { Draft, Phone } from '../../src/lib/device/phone';
import { makeTestWorld, settled } from '../../src/lib/device/testing/test-world';
import type { Asker } from '../../src/lib/server/office';
import { serveSync } from '../../src/lib/server/sync/serve';
import { PROTOCOL } from '../../src/lib/sync/protocol';
import type { TestDoor, TestOffice } from './office-for-tests';
import { verifiedBody } from './phone-for-tests';

/** The way to the office. */
export type Link = {
  /** Every request that was answered; whether it went packed, and whether the answer came so. */
  exchanges: { status: number; packed: boolean; answeredPacked: boolean }[];
  /** Says what the network does to a request instead of taking it to the office; null lets it through. */
  network: ((request: Request) => Promise<Response>) | null;
  /** The version of the protocol that requests name on their way. */
  protocol: number;
};
export type FieldPhone = Phone & {
  link: Link;
  /** Lets the phone's own timers run on, whatever its clock shows. */
  pass(milliseconds: number): Promise<void>;
};

export const noNetwork: Link['network'] = () => Promise.reject(new TypeError('no network'));

/**
 * Opens the account's store, which outlives `close()`; the first sync has ended when this answers. `asker`: whom the office takes it for,
 * asked at each request.
 */
export async function openFieldPhone(
  here: TestOffice,
  account: Asker,
  asker: () => Promise<Asker | null> = () => Promise.resolve(account),
): Promise<FieldPhone> {
  const link: Link = { exchanges: [], network: null, protocol: PROTOCOL };
  const fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const request = new Request(new URL(address, 'http://office'), { ...init, redirect: 'manual' });
    request.headers.set('accept-encoding', 'gzip');
    if (link.network) return link.network(request);
    const asked = link.protocol === PROTOCOL ? request : await renamed(request, link.protocol);
    const answer = await serveSync(here.office, await asker(), asked);
    const answeredPacked = answer.headers.has('content-encoding');
    link.exchanges.push({ status: answer.status, packed: request.headers.has('content-encoding'), answeredPacked });
    return answeredPacked ? unpacked(answer) : answer;
  };
  const own = makeTestWorld(1, fetch);
  const world = {
    ...own,
    now: () => here.office.world.now(),
    uuid: () => here.office.world.uuid(),
  };
  const loadLater = () => Promise.resolve(later);
  const phone = await openPhone({ accountId: account.id, world, app: 'test', loadLater });
  await phone.syncNow();
  await settled(5);
  return Object.assign(phone, { link, pass: own.advance });
}

/** A form filled in at a door that the phone holds: all as registered. */
export function verifying(phone: Phone, door: TestDoor, body: Draft['body'] = verifiedBody(door)): Draft {
  const held = phone.register.door(door.id);
  if (!held) throw new Error('the phone does not hold this door');
  const id = door.id.replace(/^.{8}/, '00000000');
  return {
    id,
    submissionId: id,
    kind: 'household-verification',
    form: { id: 'household-verification', version: 1 },
    target: { type: 'dwelling', id: door.id },
    basis: held.version === null ? {} : { [door.id]: held.version },
    prefilledFrom: held.registered,
    body,
    place: { step: 'finish', field: null },
    secondsOpen: 11,
    startedAt: held.door.state.verifiedAt ?? '',
    changedAt: '',
  };
}

/** The same request in another version of the protocol. */
async function renamed(request: Request, protocol: number): Promise<Request> {
  const body = JSON.stringify({ ...(await request.json()), protocol });
  return new Request(request.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

/** What a browser does before the page sees an answer. */
async function unpacked(answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(gunzipSync(await answer.arrayBuffer()), { status: answer.status, headers });
}
