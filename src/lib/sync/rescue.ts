/**
 * The rescue file: unsent work of one phone, readable by its community's office alone (docs/rescue-file.md). What stands outside is
 * `RescueFile`; what is sealed in it is `RescueContent`. Sealing and opening are `rescue-seal.ts`.
 */
import * as z from 'zod/mini';
import { text } from './revision';

export const RESCUE_FORMAT = 'qiaomen-rescue';
export const RESCUE_VERSION = 1;

/** By which a community's files are sealed: the key's name, and the point of P-256, uncompressed, base64url. */
export const RescueKey = z.object({ id: text(64, 1), publicKey: text(200, 1) });
export type RescueKey = z.infer<typeof RescueKey>;

const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/));

export const RescueFile = z.object({
  format: z.literal(RESCUE_FORMAT),
  version: z.literal(RESCUE_VERSION),
  community: text(64, 1),
  key: text(64, 1),
  encapsulated: Base64Url,
  ciphertext: Base64Url,
});
export type RescueFile = z.infer<typeof RescueFile>;
/** What the seal vouches for though it is not hidden. */
export type RescueHead = Pick<RescueFile, 'format' | 'version' | 'community' | 'key'>;

/** A form in progress; its answers are a copy of what the screen had, and nothing the office checks. */
export const RescueDraft = z.looseObject({
  id: z.string(),
  submissionId: z.string(),
  kind: z.string(),
  target: z.object({ type: z.string(), id: z.string() }),
  startedAt: z.string(),
  changedAt: z.string(),
  body: z.record(z.string(), z.unknown()),
});
export type RescueDraft = z.infer<typeof RescueDraft>;

export const RescueContent = z.object({
  account: text(64, 1),
  device: z.uuid(),
  app: text(100),
  /** RFC 3339, the device's clock. */
  madeAt: z.string(),
  /** Milliseconds that the device's clock was ahead of the office's when they last spoke; null where they never did. */
  clockOffset: z.nullable(z.number()),
  /** Oldest first. `text` is the revision's own JSON, byte for byte as it would be pushed (REC-8). */
  revisions: z.array(z.object({ text: z.string(), setAside: z.boolean(), handedOver: z.boolean() })),
  drafts: z.array(RescueDraft),
});
export type RescueContent = z.infer<typeof RescueContent>;
