/**
 * One saved version of a submission and what is said of it (protocol.md): what a phone reads and writes without a connection. What
 * crosses the wire around it is `protocol.ts`, which a start does not load.
 */
import * as z from 'zod/mini';
import { Uuid } from '../domain/register';

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

export const Problem = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  /** A key of the message catalogue without its prefix: `problem_<code>`, dashes as underscores. */
  code: z.string(),
  message: z.string(),
  /** What the words need: `{ max: 50 }`. */
  params: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type Problem = z.infer<typeof Problem>;
