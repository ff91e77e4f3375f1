/** What everybody in the community may see: the community itself, the forms and the code lists. */
import { codeLabel } from '../../../domain/codes/code-label';
import { codeListIds, codeLists } from '../../../domain/codes/codes';
import { type CommunityItem, formItemId, type ItemBody } from '../../../sync/items';
import type { ReadSnapshot } from '../../database/open';
import { formsOf } from '../../forms/known-forms';
import { publicRescueKey } from '../../rescue/keys';

export async function communityBody(db: ReadSnapshot, communityId: string): Promise<CommunityItem | null> {
  const row = await db.selectFrom('community').selectAll().where('community_id', '=', communityId).executeTakeFirst();
  if (!row) return null;
  const rescueKey = await publicRescueKey(db, communityId);
  return {
    id: row.community_id,
    name: row.name,
    timeZone: row.time_zone,
    phone: row.phone,
    location: row.location === 1,
    ...(rescueKey && { rescueKey }),
  };
}

/**
 * An item a version of a form: phones that hold drafts of an older one find its definition as long as the office takes it, and which of them an app
 * uses is the app's to say.
 */
export async function formBodies(
  db: ReadSnapshot,
  communityId: string,
): Promise<{ id: string; body: ItemBody<'form'> }[]> {
  const forms = await formsOf(db, communityId);
  return forms.map((definition) => ({ id: formItemId(definition), body: { ...definition } }));
}

/** An item a code list: its codes as `[code, Chinese label, English label]`. */
export function codeListBodies(): { id: string; body: ItemBody<'code-list'> }[] {
  return codeListIds.map((id) => {
    const { standard, codes } = codeLists[id];
    return {
      id,
      body: {
        id,
        standard,
        codes: codes.map((code) => [code, codeLabel(id, code, 'zh-CN'), codeLabel(id, code, 'en')]),
      },
    };
  });
}
