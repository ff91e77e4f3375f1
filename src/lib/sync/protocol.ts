/**
 * What crosses the wire in `POST /api/sync`: one schema for both ends (protocol.md).
 * Unknown fields are kept where the protocol says so (`z.looseObject`) and ignored elsewhere.
 */
import * as z from 'zod/mini';
import { Uuid } from '../domain/register';

export const PROTOCOL = 1;
/** Limits of one request (LIM-1, LIM-3); sizes in bytes of the unpacked text. */
export const limits = {
  requestBytes: 1024 * 1024,
  batchBytes: 512 * 1024,
  revisionBytes: 256 * 1024,
  depth: 32,
  push: 100,
  offer: 1000,
  have: 500,
  changes: 5000,
  answerBytes: 4 * 1024 * 1024,
} as const;

/**
 * A text of so many UTF-16 units. Zod's own `max` measures `length` of whatever stands there, and an object that calls a part of
 * its own so makes it throw; this looks only at a text.
 */
export const text = (longest: number, shortest = 0) =>
  z.string().check(z.refine((given) => given.length >= shortest && given.length <= longest));

/** RFC 3339 with an offset. */
export const Timestamp = z.iso.datetime({ offset: true });

/** `grid/<uuid>`, `account/<id>`, `community/<uuid>`. */
export const FeedId = z.string().check(z.regex(/^(grid|account|community)\/[A-Za-z0-9-]{1,64}$/));
export type FeedId = z.infer<typeof FeedId>;

export const SubmissionKind = z.enum(['household-verification', 'care-visit', 'concern', 'hand-back']);
export type SubmissionKind = z.infer<typeof SubmissionKind>;

export const Target = z.object({
  type: z.enum(['dwelling', 'resident', 'grid', 'task']),
  id: Uuid,
});
export type Target = z.infer<typeof Target>;

export const Location = z.object({
  lat: z.number().check(z.minimum(-90), z.maximum(90)),
  lon: z.number().check(z.minimum(-180), z.maximum(180)),
  accuracyMetres: z.number().check(z.minimum(0)),
});

/** One saved version of a submission: immutable, known by `(id, revision)` and its digest (REC-2, REC-8). */
export const SubmissionRevision = z.looseObject({
  id: Uuid,
  revision: z.int().check(z.minimum(1), z.maximum(9999)),
  kind: SubmissionKind,
  form: z.object({ id: text(60), version: z.int().check(z.minimum(1)) }),
  target: Target,
  basis: z.record(z.string(), z.int().check(z.minimum(0))),
  recordedAt: Timestamp,
  secondsOpen: z.number().check(z.minimum(0)),
  location: z.nullable(Location),
  body: z.record(z.string(), z.unknown()),
  digest: z.string(),
});
export type SubmissionRevision = z.infer<typeof SubmissionRevision>;

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

export const Problem = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  /** A key of the message catalogue without its prefix: `problem_<code>`, dashes as underscores. */
  code: z.string(),
  message: z.string(),
  /** What the words need: `{ max: 50 }`. */
  params: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type Problem = z.infer<typeof Problem>;

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
  upgrade: z.optional(z.literal(true)),
});
export type SyncRefusal = z.infer<typeof SyncRefusal>;
