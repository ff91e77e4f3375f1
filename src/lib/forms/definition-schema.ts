/** A form's definition that comes as data – from a file, the community feed, a table – and the reading of it. */
import * as z from 'zod/mini';
import { codeLists, codeSchema, type CodeListId } from '../domain/codes/codes';
import { SubmissionKind, text } from '../sync/revision';
import type { Condition, Field, FieldType, FormDefinition } from './definition';

const types = [
  'code',
  'codes',
  'text',
  'long-text',
  'person-name',
  'day',
  'part-date',
  'time',
  'whole-number',
  'yes-no',
  'phone',
  'identity-number',
  'scale',
  'reference',
  'references',
  'missing',
  'group',
  'list',
] as const satisfies readonly FieldType[];

const Id = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,59}$/));
const Name = z.string().check(z.regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/));
const MessageKey = z.string().check(z.regex(/^[a-z][a-zA-Z0-9_]{0,79}$/));
const Words = z.object({ 'zh-CN': text(200, 1), en: text(200, 1) });
const CodeList = z.custom<CodeListId>((value) => typeof value === 'string' && Object.hasOwn(codeLists, value));
const Count = z.int().check(z.gte(0), z.lte(100_000));

const Condition: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({
      field: z.string(),
      in: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
    z.strictObject({ field: z.string(), filled: z.boolean() }),
    z.strictObject({ field: z.string(), ageFrom: z.int() }),
    z.strictObject({ all: z.array(Condition) }),
    z.strictObject({ any: z.array(Condition) }),
    z.strictObject({ not: Condition }),
  ]),
);

const Asking = z.strictObject({ when: z.optional(Condition), ask: MessageKey });
const Codes = z.array(z.string());

const Field: z.ZodMiniType<Field> = z.lazy(() =>
  z.strictObject({
    name: Name,
    type: z.enum(types),
    label: MessageKey,
    purpose: MessageKey,
    words: z.optional(Words),
    codeList: z.optional(CodeList),
    codes: z.optional(Codes),
    ask: z.optional(z.union([MessageKey, z.array(Asking)])),
    hint: z.optional(MessageKey),
    codeHints: z.optional(z.record(z.string(), MessageKey)),
    offers: z.optional(Codes),
    first: z.optional(Codes),
    reasons: z.optional(z.array(codeSchema('missing-reason'))),
    rare: z.optional(z.boolean()),
    initial: z.optional(z.union([z.string(), z.number(), z.boolean()])),
    maxLength: z.optional(Count),
    min: z.optional(z.int()),
    max: z.optional(z.int()),
    maxItems: z.optional(Count),
    fields: z.optional(z.array(Field)),
    orWords: z.optional(z.array(z.string())),
    required: z.optional(z.union([z.boolean(), Condition])),
    relevant: z.optional(Condition),
    asked: z.optional(Condition),
    personal: z.optional(z.boolean()),
  }),
);

const Section = z.strictObject({
  name: Id,
  label: MessageKey,
  relevant: z.optional(Condition),
  fields: z.array(Field).check(z.minLength(1)),
});

/**
 * Strict: a definition that says something this version does not understand is not read, for what it asks could not be checked. The nesting of
 * what comes over the wire is bounded before it is read.
 */
const Definition: z.ZodMiniType<FormDefinition> = z.strictObject({
  id: Id,
  version: z.int().check(z.gte(1), z.lte(9999)),
  kind: SubmissionKind,
  targets: z.array(z.enum(['dwelling', 'resident', 'grid', 'task'])).check(z.minLength(1)),
  label: MessageKey,
  sections: z.array(Section).check(z.minLength(1)),
});

/** The definition, or null where this version does not understand it. */
export function readDefinition(value: unknown): FormDefinition | null {
  const read = Definition.safeParse(value);
  return read.success ? read.data : null;
}

/** What keeps a value from being a definition, as `path: words`, for whoever writes one; empty where nothing does. */
export function definitionFaults(value: unknown): string[] {
  const read = Definition.safeParse(value);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.') || '–'}: ${message}`);
}
