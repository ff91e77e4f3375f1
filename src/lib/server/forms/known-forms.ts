/** Forms: which definitions this office knows – those of its own version, and those that a community published as data. */
import { readDefinition } from '../../forms/definition-schema';
import type { FormDefinition } from '../../forms/definition';
import { definitions, findForm } from '../../forms/definitions';
import type { Reader } from '../register/read';

/** The definition of a form in one version; null where the office does not know it (QUA-5). */
export async function formOf(
  db: Reader,
  communityId: string,
  { id, version }: { id: string; version: number },
): Promise<FormDefinition | null> {
  const own = findForm(id, version);
  if (own || !Number.isSafeInteger(version)) return own;
  const row = await db
    .selectFrom('form_version')
    .select('definition')
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row ? readDefinition(JSON.parse(row.definition)) : null;
}

/** Every version of every form that the community takes, by id and version. */
export async function formsOf(db: Reader, communityId: string): Promise<FormDefinition[]> {
  const rows = await db
    .selectFrom('form_version')
    .select('definition')
    .where('community_id', '=', communityId)
    .execute();
  const published = rows.flatMap((row) => readDefinition(JSON.parse(row.definition)) ?? []);
  // What the office's own version brings by now goes before the data that ran ahead of it.
  const ahead = published.filter(({ id, version }) => findForm(id, version) === null);
  return [...definitions, ...ahead].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.version - b.version));
}
