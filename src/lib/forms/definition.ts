/**
 * A form is data: what this file's types describe can be stored, sent through the community feed and versioned.
 * Conditions are data too. A device that holds version 1 with unsent drafts keeps version 1's definition for them.
 */
import type { Code, CodeListId } from '../domain/codes/codes';
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

/** `field` is a dotted path from the group that the condition stands in; each leading `^` climbs one group. */
export type Condition =
  | { readonly field: string; readonly in: readonly (string | number | boolean | null)[] }
  | { readonly field: string; readonly filled: boolean }
  /** A birth date: so old today, in full years, or of unknown age. */
  | { readonly field: string; readonly ageFrom: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

export type Asking = { readonly when?: Condition; readonly ask: string };

export type Field = {
  readonly name: string;
  readonly type: FieldType;
  /** Message key of the label: `label_<name>` unless the form means something else by it. */
  readonly label: string;
  /** Message key of what the field is held for (product.md, principle 3). */
  readonly purpose: string;
  /** Message key of how a screen asks for it where that is not its label; of several, the first whose condition holds. */
  readonly ask?: string | readonly Asking[];
  /** Message key of a line below the control: how to write it. */
  readonly hint?: string;
  /** Message keys of what a code means, where its label alone is not enough at the door. */
  readonly codeHints?: Readonly<Record<string, string>>;
  /** Of the codes that may stand there, those that a screen offers; all of them where it is left out. */
  readonly offers?: readonly string[];
  /** Of the codes offered, those that are met most; the others stand behind *more*. */
  readonly first?: readonly string[];
  /** Why an answer may be missing; none where one is always had. */
  readonly reasons?: readonly Code<'missing-reason'>[];
  /** Stands behind *more* until it is answered. */
  readonly rare?: boolean;
  /** What a new form, or a new entry of a list, begins with. */
  readonly initial?: string | number | boolean;
  /** The label itself, where a version that was published as data asks what no catalogue has words for. */
  readonly words?: { readonly 'zh-CN': string; readonly en: string };
  readonly codeList?: CodeListId;
  /** Only these codes of the list. */
  readonly codes?: readonly string[];
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly maxItems?: number;
  /** Of a `group`, or of each entry of a `list`. */
  readonly fields?: readonly Field[];
  /** A `group` that may also be one of these words: `anonymous`. */
  readonly orWords?: readonly string[];
  readonly required?: boolean | Condition;
  /** Otherwise an answer is a mistake. */
  readonly relevant?: Condition;
  /** Otherwise a screen does not ask, and what was answered before is left out; an answer that comes all the same is no mistake. */
  readonly asked?: Condition;
  /** Sealed on the phone, masked in exports. */
  readonly personal?: boolean;
};

export type Section = {
  readonly name: string;
  readonly label: string;
  readonly relevant?: Condition;
  readonly fields: readonly Field[];
};

export type FormDefinition = {
  readonly id: string;
  readonly version: number;
  readonly kind: SubmissionKind;
  readonly targets: readonly ('dwelling' | 'resident' | 'grid' | 'task')[];
  readonly label: string;
  readonly sections: readonly Section[];
};

type ValueOf<F> = F extends { type: 'code'; codeList: infer L extends CodeListId }
  ? Code<L>
  : F extends { type: 'codes'; codeList: infer L extends CodeListId }
    ? Code<L>[]
    : F extends { type: 'group'; fields: infer G extends readonly Field[]; orWords: infer W extends readonly string[] }
      ? FieldsOf<G> | W[number]
      : F extends { type: 'group'; fields: infer G extends readonly Field[] }
        ? FieldsOf<G>
        : F extends { type: 'list'; fields: infer G extends readonly Field[] }
          ? FieldsOf<G>[]
          : F extends { type: 'whole-number' | 'scale' }
            ? number
            : F extends { type: 'yes-no' }
              ? boolean
              : F extends { type: 'references' }
                ? string[]
                : F extends { type: 'missing' }
                  ? Record<string, Code<'missing-reason'>>
                  : string;

type FieldsOf<Fields extends readonly Field[]> = {
  [F in Fields[number] as F['name']]?: ValueOf<F> | null;
};

/** The body that a definition describes: every field may be missing or null; `checkBody` says which must not. */
export type BodyOf<D extends FormDefinition> = FieldsOf<D['sections'][number]['fields']>;

/** A body while its form is open: every field is there, lists at least empty, anything else null until it is answered. */
export type AnswersOf<D extends FormDefinition> = Begun<D['sections'][number]['fields']>;

type Begun<Fields extends readonly Field[]> = {
  [F in Fields[number] as F['name']]: F extends { type: 'list' | 'codes' | 'references' }
    ? ValueOf<F>
    : ValueOf<F> | null;
};
