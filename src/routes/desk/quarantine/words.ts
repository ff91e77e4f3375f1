/** What the quarantine desk says of a cause: what it is called in a line, and what a coordinator can do about it. */
import * as m from '$lib/paraglide/messages';
import { wordOf } from '../words';
import type { QuarantineView } from './view';

/** Codes that are about the record as it came, and not about an answer of its form. */
const ofEnvelope = [
  'shape',
  'size',
  'text',
  'kind_unknown',
  'form_unknown',
  'target',
  'target_type',
  'digest',
  'duplicate_revision',
  'author',
  'internal',
];

export const isOfEnvelope = (code: string): boolean => ofEnvelope.includes(code);

/** Of these the value that stands there says nothing to anybody. */
const ofNoValue = ['author', 'digest', 'duplicate_revision', 'target'];
export const hasValue = (code: string): boolean => !ofNoValue.includes(code);

/** In one or two words, for a line of the list. */
export function causeWord(code: string): string {
  if (code === '') return m.quarantine_cause_none();
  return (isOfEnvelope(code) ? wordOf(`quarantine_cause_${code}`) : null) ?? m.quarantine_cause_answers();
}

/** What to do about it, in a sentence; answers that are wrong all ask for the same. */
export function adviceWord(code: string): string {
  return (isOfEnvelope(code) ? wordOf(`quarantine_do_${code}`) : null) ?? m.quarantine_do_answers();
}

/** Where in the record's envelope a problem lies: its time, its form, its place … */
export function envelopeWhere(path: readonly (string | number)[]): string {
  const [part] = path;
  return wordOf(`quarantine_field_${String(part)}`) ?? m.quarantine_whole();
}

/** One piece of advice a cause, in the order of the problems. */
export function adviceOn({ problems }: Pick<QuarantineView, 'problems'>): string[] {
  if (problems.length === 0) return [m.quarantine_do_none()];
  return [...new Set(problems.map(({ code }) => adviceWord(code)))];
}
