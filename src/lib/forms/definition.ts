/**
 * A form is data: what this file's types describe can be stored, sent through the community feed and versioned.
 * Conditions are data too. A device that holds version 1 with unsent drafts keeps version 1's definition for them.
 */
import type { CodeListId } from '../domain/codes/codes';
import type { SubmissionKind } from '../sync/protocol';

export type FieldType =
  | 'code'
  | 'codes'
  | 'text'
  | 'long-text'
  | 'person-name'
  | 'day'
  | 'part-date'
  | 'time'
  | 'whole-number'
  | 'yes-no'
  | 'phone'
  | 'identity-number'
  | 'scale'
  | 'reference'
  | 'references'
  | 'missing'
  | 'group'
  | 'list';

/** `field` is a path from the group that the condition stands in; a leading `^` climbs one group. */
export type Condition =
  | { field: string; in: (string | number | boolean | null)[] }
  | { field: string; filled: boolean }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

export type Field = {
  name: string;
  type: FieldType;
  /** Message key of the label; `label_<name>` in `messages/<locale>/common.json`. */
  label: string;
  /** Message key of what the field is held for (product.md, principle 3). */
  purpose: string;
  codeList?: CodeListId;
  /** Only these codes of the list. */
  codes?: string[];
  maxLength?: number;
  min?: number;
  max?: number;
  maxItems?: number;
  /** Of a `group` or the entries of a `list`. */
  fields?: Field[];
  required?: boolean | Condition;
  relevant?: Condition;
  nullable?: boolean;
  /** Sealed on the phone, masked in exports. */
  personal?: boolean;
};

export type Section = { name: string; label: string; relevant?: Condition; fields: Field[] };

export type FormDefinition = {
  id: string;
  version: number;
  kind: SubmissionKind;
  targets: ('dwelling' | 'resident' | 'grid' | 'task')[];
  label: string;
  sections: Section[];
};
