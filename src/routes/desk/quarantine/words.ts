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

/** In one or two words, for a line of the list. */
export function causeWord(code: string): string {
  return (isOfEnvelope(code) ? wordOf(`quarantine_cause_${code}`) : null) ?? m.quarantine_cause_answers();
}

/** What to do about it, in a sentence; answers that are wrong all ask for the same. */
export function adviceWord(code: string): string {
  return (isOfEnvelope(code) ? wordOf(`quarantine_do_${code}`) : null) ?? m.quarantine_do_answers();
}

/** One piece of advice a cause, in the order of the problems. */
export function adviceOn({ problems, source }: Pick<QuarantineView, 'problems' | 'source'>): string[] {
  const codes = problems.map(({ code }) => code);
  if (codes.length === 0 && source === 'record') return [];
  return [...new Set(codes.map(adviceWord))];
}
