/** What happens next to a record that did not pass the office's checks: nobody has to guess, and nothing has to be typed again. */
import type { RecordView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';

/** Causes that the office takes away, after which the record goes on by itself. */
const ofOffice = ['form_unknown', 'kind_unknown', 'target', 'internal'];

export function nextWords({ problems, body }: Pick<RecordView, 'problems' | 'body'>): string {
  const codes = problems.map(({ code }) => code);
  if (codes.includes('duplicate_revision')) return m.quarantine_next_duplicate();
  if (codes.includes('author')) return m.quarantine_next_author();
  if (codes.includes('digest')) return m.quarantine_next_office();
  if (codes.length > 0 && codes.every((code) => ofOffice.includes(code))) return m.quarantine_next_by_itself();
  return body ? m.quarantine_next_mend() : m.quarantine_next_wait();
}
