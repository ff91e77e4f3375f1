/** What a device asks, as the protocol shapes it; every refusal comes before anything was touched. */
import { asRecord } from '../../domain/json';
import { limits, PROTOCOL, PushEntry, SyncRequest } from '../../sync/protocol';
import { examine, type Examined } from '../intake/examine';
import type { SignedIn } from '../office';
import { Refusal } from './refusal';

type Asker = Pick<SignedIn, 'communityId' | 'id'>;
export type AskedBy<Account extends Asker> = Omit<SyncRequest, 'push' | 'account'> & {
  push: Examined[];
  account: Account;
};

/** Throws a Refusal: 409 for another protocol, 401 without a session or with another account's, 413 above the limits, 400 for another shape. */
export function readQuestion<Account extends Asker>(json: unknown, account: Account | null): AskedBy<Account> {
  const record = asRecord(json);
  const protocol = record?.['protocol'];
  if (record === null || typeof protocol !== 'number') throw new Refusal(400, 'not a sync request');
  if (protocol !== PROTOCOL) throw new Refusal(409, `protocol ${PROTOCOL} is served`, { upgrade: true });
  if (account === null) throw new Refusal(401, 'signed out');

  const pushed = record['push'];
  if (count(pushed) > limits.push) throw new Refusal(413, 'too many revisions');
  if (count(record['offer']) > limits.offer) throw new Refusal(413, 'too many offers');
  if (count(asRecord(record['have'])) > limits.have) throw new Refusal(413, 'too many feeds');
  const { data: request } = SyncRequest.safeParse(record);
  if (!request || !Array.isArray(pushed)) throw new Refusal(400, 'not a sync request');
  if (request.account !== undefined && request.account !== account.id) {
    throw new Refusal(401, 'signed in as another account');
  }
  return { ...request, account, push: pushed.map(examined) };
}

function examined(raw: unknown): Examined {
  const record = asRecord(raw);
  const { data: entry } = PushEntry.safeParse(raw);
  // The shape was asked for above; a Refusal keeps even a contradiction from being a failure of ours.
  if (!record || !entry) throw new Refusal(400, 'not a sync request');
  const { id, revision, digest } = entry;
  return examine({ id, revision, digest }, record);
}

function count(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
