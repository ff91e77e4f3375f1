/** What a screen needs of a field, worked out from its definition: which control, which keyboard, which choices, which words. */
import { codesOf } from '../domain/codes/codes';
import { isFilled } from '../domain/json';
import { mendName } from '../domain/personal-name';
import { isPhone, mendPhone } from '../domain/phone-number';
import { holds, type Scope } from './conditions';
import type { Field, FieldType } from './definition';
import { mendPartDate } from './part-date-input';

export type Control =
  | 'choice'
  | 'choices'
  | 'scale'
  | 'line'
  | 'lines'
  | 'number'
  | 'day'
  | 'time'
  | 'tick'
  | 'list'
  | 'group'
  /** Drawn by a screen of its own: it names another record, or stands beside another answer. */
  | 'special';

const controls: Record<FieldType, Control> = {
  code: 'choice',
  codes: 'choices',
  scale: 'scale',
  text: 'line',
  'person-name': 'line',
  phone: 'line',
  'part-date': 'line',
  'identity-number': 'special',
  'long-text': 'lines',
  'whole-number': 'number',
  day: 'day',
  time: 'time',
  'yes-no': 'tick',
  list: 'list',
  group: 'group',
  reference: 'special',
  references: 'special',
  missing: 'special',
};

export function controlOf({ type }: Field): Control {
  return controls[type];
}

/** The phone's keyboard that fits. */
export function keyboardOf({ type }: Field): 'text' | 'tel' | 'numeric' | 'id' {
  switch (type) {
    case 'phone':
      return 'tel';
    case 'part-date':
    case 'whole-number':
      return 'numeric';
    case 'identity-number':
      return 'id';
    default:
      return 'text';
  }
}

/** How much a control takes: more than the rule lets through, where what is typed is mended afterwards. */
export function typedAtMost({ type, maxLength }: Field): number | undefined {
  switch (type) {
    case 'phone':
      return 30;
    case 'part-date':
      return 12;
    case 'person-name':
    case 'identity-number':
      return (maxLength ?? 50) + 10;
    default:
      return maxLength;
  }
}

/** What was typed, in the register's own form where it can be told; as it is where not. For when a control is left. */
export function mended({ type }: Field, text: string): string {
  switch (type) {
    case 'person-name':
      return mendName(text);
    case 'phone':
      return isPhone(mendPhone(text)) ? mendPhone(text) : text;
    case 'part-date':
      return mendPartDate(text);
    default:
      return text;
  }
}

/** Codes that a screen offers: those met most, and those behind *more*. What was chosen is always among them. */
export function choicesOf({ codeList, codes, offers, first }: Field): { first: string[]; more: string[] } {
  const known: readonly string[] = offers ?? codes ?? (codeList ? codesOf(codeList) : []);
  const most = first?.filter((code) => known.includes(code)) ?? known;
  return { first: [...most], more: known.filter((code) => !most.includes(code)) };
}

/** Message key of the question, as the form stands. `scope`: the groups from the body down to the field's own. */
export function askOf({ ask, label }: Field, scope: Scope = []): string {
  if (ask === undefined || typeof ask === 'string') return ask ?? label;
  return ask.find(({ when }) => !when || holds(when, scope))?.ask ?? label;
}

/**
 * What stands in a field that is opened to be corrected: a word that is mended is begun from the old one, of two codes the other one is
 * meant, anything else begins from nothing.
 */
export function startValue({ type, offers }: Field, held: unknown): unknown {
  switch (type) {
    case 'text':
    case 'long-text':
    case 'person-name':
      return held ?? '';
    case 'list':
    case 'codes':
      return Array.isArray(held) ? (JSON.parse(JSON.stringify(held)) as unknown) : [];
    case 'code': {
      const [one, other] = offers ?? [];
      return (held === one ? other : held === other ? one : held) ?? null;
    }
    default:
      return '';
  }
}

/** An entry that is added to a list. */
export function newEntry({ fields = [] }: Field): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ initial }) => initial !== undefined).map(({ name, initial }) => [name, initial]),
  );
}

/** The field of that name. Throws a RangeError where there is none: a screen names what its form has. */
export function fieldNamed<F extends Field>(fields: readonly F[], name: F['name']): F {
  const found = fields.find((field) => field.name === name);
  if (!found) throw new RangeError(`the form has no field ${name}`);
  return found;
}

/** Fields that stand behind *more*: rarely needed, and not answered yet. */
export function isHidden({ rare, name }: Field, group: Record<string, unknown>): boolean {
  return rare === true && !isFilled(group[name]);
}
