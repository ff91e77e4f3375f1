/**
 * What crosses the wire in `POST /api/sync`: one schema for both ends (protocol.md).
 * Unknown fields are kept where the protocol says so (`z.looseObject`) and ignored elsewhere.
 */
import * as z from 'zod/mini';
import { Uuid } from '../domain/register';
import { limits, Problem, text } from './revision';

export { limits, Location, Problem, SubmissionKind, SubmissionRevision, Target, text, Timestamp } from './revision';

export const PROTOCOL = 1;
/** `grid/<uuid>`, `account/<id>`, `community/<uuid>`. */
export const FeedId = z.string().check(z.regex(/^(grid|account|community)\/[A-Za-z0-9-]{1,64}$/));
export type FeedId = z.infer<typeof FeedId>;

/** What the request's shape asks of an entry of `push`; the rest is quarantine's (QUA-2). */
export const PushEntry = z.looseObject({
  id: Uuid,
  revision: z.int().check(z.minimum(1), z.maximum(9999)),
  digest: text(100, 1),
});
export type PushEntry = z.infer<typeof PushEntry>;

export const Offer = z.object({ id: Uuid, revision: z.int(), digest: z.string() });

export const SyncRequest = z.object({
  protocol: z.literal(PROTOCOL),
  account: z.optional(text(64)),
  device: z.object({ id: Uuid, app: text(100), clock: z.number() }),
  epoch: z.nullable(text(100)),
  push: z.array(PushEntry),
  offer: z.array(Offer),
  have: z.record(z.string(), z.int().check(z.minimum(0))),
  limit: z.int().check(z.minimum(1), z.maximum(limits.changes)),
});
export type SyncRequest = z.infer<typeof SyncRequest>;

export const Receipt = z.object({
  id: z.string(),
  revision: z.number(),
  digest: z.string(),
  status: z.enum(['stored', 'quarantined']),
  problems: z.optional(z.array(Problem)),
});
export type Receipt = z.infer<typeof Receipt>;

const ChangeHead = z.object({ type: z.string(), id: z.string(), version: z.int() });
export const Change = z.union([
  z.extend(ChangeHead, { gone: z.literal(true) }),
  z.extend(ChangeHead, { body: z.record(z.string(), z.unknown()) }),
]);
export type Change = z.infer<typeof Change>;

export const FeedAnswer = z.object({
  id: FeedId,
  version: z.int().check(z.minimum(0)),
  more: z.boolean(),
  reset: z.optional(z.literal(true)),
  changes: z.array(Change),
});
export type FeedAnswer = z.infer<typeof FeedAnswer>;

export const SyncResponse = z.object({
  protocol: z.literal(PROTOCOL),
  account: z.string(),
  epoch: z.string(),
  clock: z.number(),
  receipts: z.array(Receipt),
  wanted: z.array(z.object({ id: z.string(), revision: z.int() })),
  feeds: z.array(FeedAnswer),
  left: z.array(z.string()),
});
export type SyncResponse = z.infer<typeof SyncResponse>;

/** Every answer other than 200; anything without `protocol: 1` is *no connection* to the device (DEV-11). */
export const SyncRefusal = z.object({
  protocol: z.literal(PROTOCOL),
  error: z.string(),
  revoked: z.optional(z.literal(true)),
  /** With `revoked`: what was sent in another epoch, a restored backup may lack. */
  epoch: z.optional(z.string()),
  upgrade: z.optional(z.literal(true)),
});
export type SyncRefusal = z.infer<typeof SyncRefusal>;
