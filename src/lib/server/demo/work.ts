/** How the demo's work comes in: as revisions through intake, and as decisions through review, by the very code that phones and the desk use. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../sync/digest';
import type { SubmissionKind, Target } from '../../sync/protocol';
import { heardFrom, writeHeard } from '../accounts/heard';
import { examine } from '../intake/examine';
import { takeIn } from '../intake/take-in';
import type { Office, SignedIn } from '../office';
import { decide } from '../review/decide';
import type { Decision } from '../review/decision';
import { runAfterwork } from '../review/rules';
import type { DemoUsername } from './accounts';

/** What happened once, and what the coordinator said of it. */
export type Record = {
  by: DemoUsername;
  daysAgo: number;
  /** `HH:MM` of the community's clock. */
  at: string;
  kind: SubmissionKind;
  target: Target;
  basis: { [item: string]: number };
  body: { [field: string]: unknown };
  /** Null: it waits still. */
  decision: Pick<Decision, 'kind' | 'comments' | 'reason' | 'corrections'> | null;
};

export type Pushed = { record: Record; id: string; digest: string };

/** Milliseconds since 1970 of a time of a day of the community. */
export function dayTime(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00+08:00`);
}

/** `clockOffset`: milliseconds that its clock is ahead. */
export type DemoPhone = { id: string; clockOffset: number };

/** Sends a day's records of one phone, at most a hundred; what needs no decision is accepted by rule. */
export async function push(
  office: Office,
  account: SignedIn,
  phone: DemoPhone,
  day: string,
  records: readonly Record[],
): Promise<Pushed[]> {
  const made = records.map((record) => {
    const revision = {
      id: office.world.uuid(),
      revision: 1,
      kind: record.kind,
      form: { id: record.kind, version: 1 },
      target: record.target,
      basis: record.basis,
      recordedAt: `${day}T${record.at}:00+08:00`,
      secondsOpen: 11 + Math.floor(office.world.random() * 120),
      location: null,
      body: record.body,
    };
    const digest = createHash('sha256').update(canonicalJson(revision)).digest('base64url');
    return { record, revision: { ...revision, digest } };
  });
  const entries = made.map(({ revision }) => examine(revision, revision));
  await takeIn(office, account, phone, entries, 0);
  heardFrom(office, {
    communityId: account.communityId,
    accountId: account.id,
    deviceId: phone.id,
    app: 'demo',
    clockOffset: phone.clockOffset,
    session: '',
    at: new Date(office.world.now()).toISOString(),
  });
  await writeHeard(office);
  await runAfterwork(office);
  return made.map(({ record, revision }) => ({ record, id: revision.id, digest: revision.digest }));
}

/** Says the coordinator's word, where there is one. Throws where the office refuses it: then the demo's script is wrong. */
export async function decideOn(office: Office, coordinator: SignedIn, { record, id, digest }: Pushed): Promise<void> {
  if (!record.decision) return;
  const answer = await decide(office, coordinator, {
    submissionId: id,
    revision: 1,
    digest,
    previous: null,
    ...record.decision,
  });
  if (!('done' in answer)) {
    throw new Error(`the demo’s ${record.kind} at ${record.daysAgo} days ago was refused: ${JSON.stringify(answer)}`);
  }
}
