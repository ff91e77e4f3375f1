/** What is written about the forms: a table of their fields for people, and the list of the words that they are drawn with. */
import { codeLists, type Locale } from '../domain/codes/codes';
import { columnsOf, type Column } from './columns';
import type { Condition, Field, FormDefinition } from './definition';
import { fieldsOf } from './paths';

/** Message key → words, in both languages. */
export type Catalogues = Record<Locale, Readonly<Record<string, string>>>;

/** Every message key that the definitions name, once, in the order of the forms. */
export function wordKeys(definitions: readonly FormDefinition[]): string[] {
  const keys = definitions.flatMap((form) => [
    form.label,
    ...form.sections.map(({ label }) => label),
    ...fieldsOf(form).flatMap(keysOf),
  ]);
  return [...new Set(keys)];
}

function keysOf(field: Field): string[] {
  const asked = typeof field.ask === 'string' ? [field.ask] : (field.ask ?? []).map(({ ask }) => ask);
  const hints = [...(field.hint ? [field.hint] : []), ...Object.values(field.codeHints ?? {})];
  return [field.label, field.purpose, ...asked, ...hints, ...(field.fields ?? []).flatMap(keysOf)];
}

/** The documentation of all forms as Markdown: one table a form, one row an answer, in the order of an export's columns. */
export function formsTable(definitions: readonly FormDefinition[], catalogues: Catalogues): string {
  return [
    '# The forms',
    '',
    'Made by `npm run forms` from the definitions in `src/lib/forms/definitions`; do not edit. A row is an answer and a column of an',
    'export; `[]` stands for each entry of a list. What is recorded when stands in `data-dictionary.md`.',
    ...definitions.flatMap((form) => ['', ...tableOf(form, catalogues)]),
    '',
  ].join('\n');
}

function tableOf(form: FormDefinition, { 'zh-CN': zh, en }: Catalogues): string[] {
  const words = (catalogue: Readonly<Record<string, string>>, { header }: Column) =>
    header.map((key) => catalogue[key] ?? key).join(' · ');
  return [
    `## ${zh[form.label]} ${en[form.label]} (\`${form.id}\` v${form.version})`,
    '',
    `About: ${form.targets.join(', ')}.`,
    '',
    '| answer | 中文 | English | what may stand there | when | why it is held |',
    '| --- | --- | --- | --- | --- | --- |',
    ...columnsOf(form).map((column) => {
      const { path, field } = column;
      const cells = [`\`${path}\``, words(zh, column), words(en, column), valuesOf(field), whenOf(field)];
      return `| ${[...cells, en[field.purpose] ?? ''].join(' | ')} |`;
    }),
  ];
}

function valuesOf(field: Field): string {
  const list = field.codeList
    ? ` of \`${field.codeList}\` (${(field.codes ?? codeLists[field.codeList].codes).length})`
    : '';
  const length = field.maxLength === undefined ? '' : ` ≤ ${field.maxLength}`;
  const range = field.min === undefined && field.max === undefined ? '' : ` ${field.min ?? ''}…${field.max ?? ''}`;
  const items = field.maxItems === undefined ? '' : ` ≤ ${field.maxItems}`;
  const alone = field.orWords ? `, or ${field.orWords.map((word) => `\`${word}\``).join(', ')}` : '';
  return `${field.type}${list}${length}${range}${items}${alone}${field.personal ? ', personal' : ''}`;
}

function whenOf({ required, relevant, asked, reasons }: Field): string {
  const parts = [
    required === true ? 'required' : required ? `required when ${conditionWords(required)}` : '',
    relevant ? `only when ${conditionWords(relevant)}` : '',
    asked ? `asked when ${conditionWords(asked)}` : '',
    reasons ? 'may be missing with a reason' : '',
  ];
  return parts.filter(Boolean).join('; ');
}

/** A condition in words: `outcome is verified or partly-verified`. */
function conditionWords(condition: Condition): string {
  if ('all' in condition) return condition.all.map(conditionWords).join(' and ');
  if ('any' in condition) return `(${condition.any.map(conditionWords).join(' or ')})`;
  if ('not' in condition) return `not (${conditionWords(condition.not)})`;
  const field = condition.field.replace(/^\^+/, '');
  if ('filled' in condition) return `${field} is ${condition.filled ? 'there' : 'not there'}`;
  if ('ageFrom' in condition) return `${field} means ${condition.ageFrom} years or more`;
  return `${field} is ${condition.in.join(' or ')}`;
}
