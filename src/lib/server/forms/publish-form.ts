/** A form's new version, published by a community as data: taken from then on, told to every phone, and never changed or taken back. */
import { brokenFields } from '../../forms/compare';
import type { FormDefinition } from '../../forms/definition';
import { definitionFaults, readDefinition } from '../../forms/definition-schema';
import { formItemId } from '../../sync/items';
import { publish } from '../feeds/publish';
import type { Office } from '../office';
import { askRecheckOfAll } from '../quarantine/ask-recheck';
import { formsOf } from './known-forms';
import { lockCommunity } from '../database/locks';

export type PublishAnswer =
  | { published: { id: string; version: number } }
  | { refused: 'community-unknown' }
  /** `path: what is wrong there`. */
  | { refused: 'not-a-form'; faults: string[] }
  /** A version that the office takes already: what it asks never changes under the records that were made with it. */
  | { refused: 'version-taken'; newest: number }
  /** Fields that the office's work rests on are gone or mean something else. */
  | { refused: 'fields'; paths: string[] };

/** Publishes `definition`, any JSON value. What waited in quarantine for it alone is checked again afterwards (QUA-6). */
export async function publishForm(office: Office, communityId: string, definition: unknown): Promise<PublishAnswer> {
  const form = readDefinition(definition);
  if (!form) return { refused: 'not-a-form', faults: definitionFaults(definition).slice(0, 10) };
  return office.database.write(async (tx): Promise<PublishAnswer> => {
    await lockCommunity(tx, communityId);
    const community = await tx
      .selectFrom('community')
      .select('community_id')
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    if (!community) return { refused: 'community-unknown' };
    const refused = refusalOf(form, await formsOf(tx, communityId));
    if (refused) return refused;
    const at = new Date(office.world.now()).toISOString();
    await tx
      .insertInto('form_version')
      .values({
        community_id: communityId,
        id: form.id,
        version: form.version,
        definition: JSON.stringify(form),
        published_at: at,
      })
      .execute();
    await askRecheckOfAll(tx, communityId, at);
    const item = { type: 'form', id: formItemId(form), body: form } as const;
    await publish(tx, communityId, [{ feed: `community/${communityId}`, ...item }]);
    return { published: { id: form.id, version: form.version } };
  });
}

function refusalOf(form: FormDefinition, known: readonly FormDefinition[]): PublishAnswer | null {
  const newest = known.findLast(({ kind }) => kind === form.kind);
  const ofThisId = known.findLast(({ id }) => id === form.id);
  if (ofThisId && ofThisId.version >= form.version) return { refused: 'version-taken', newest: ofThisId.version };
  const paths = newest ? brokenFields(newest, form) : [];
  return paths.length > 0 ? { refused: 'fields', paths } : null;
}
