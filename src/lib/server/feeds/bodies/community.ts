/** What everybody in the community may see: the community itself, the forms and the code lists. */
import { codeLists } from '../../../domain/codes/codes';
import { definitions } from '../../../forms/definitions';
import type { CommunityItem, ItemBody } from '../../../sync/items';
import type { ReadSnapshot } from '../../database/open';

export async function communityBody(db: ReadSnapshot, communityId: string): Promise<CommunityItem | null> {
  const row = await db.selectFrom('community').selectAll().where('community_id', '=', communityId).executeTakeFirst();
  if (!row) return null;
  return {
    id: row.community_id,
    name: row.name,
    timeZone: row.time_zone,
    phone: row.phone,
    location: row.location === 1,
  };
}

/** An item a form: its id is the form's, so a newer version takes the place of the older one. */
export function formBodies(): { id: string; body: ItemBody<'form'> }[] {
  return definitions.map((definition) => ({ id: definition.id, body: { ...definition } }));
}

/** An item a code list: its codes as `[code, Chinese label, English label]`. */
export function codeListBodies(): { id: string; body: ItemBody<'code-list'> }[] {
  return Object.entries(codeLists).map(([id, { standard, codes }]) => ({
    id,
    body: { id, standard, codes: codes.map((code) => [...code]) },
  }));
}
