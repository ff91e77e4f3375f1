/** `publish-form`: a definition out of a file, and why it is not taken, in words. */
import { readFile, stat } from 'node:fs/promises';
import * as m from '../lib/paraglide/messages';
import { publishForm } from '../lib/server/forms/publish-form';
import type { Office } from '../lib/server/office';
import { locale, Refusal } from './caretaker';

/** No definition is a hundredth of this. */
const largest = 1024 * 1024;

/** Throws a Refusal in the caretaker's words. */
export async function publishFormFile(
  office: Office,
  communityId: string,
  file: string,
): Promise<{ id: string; version: number }> {
  const answer = await publishForm(office, communityId, await jsonIn(file));
  if ('published' in answer) return answer.published;
  const said = { locale } as const;
  switch (answer.refused) {
    case 'community-unknown':
      throw new Refusal(m.account_problem_community_unknown({}, said));
    case 'not-a-form':
      throw new Refusal(m.admin_form_not_a_form({ faults: answer.faults.join('\n') }, said));
    case 'version-taken':
      throw new Refusal(m.admin_form_version_taken({ newest: answer.newest, next: answer.newest + 1 }, said));
    case 'fields':
      throw new Refusal(m.admin_form_fields({ paths: answer.paths.join(', ') }, said));
  }
}

async function jsonIn(file: string): Promise<unknown> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > largest) throw new Refusal(m.admin_form_no_file({ file }, { locale }));
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new Refusal(m.admin_form_not_json({ file }, { locale }));
  }
}
