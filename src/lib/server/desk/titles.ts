/** What a submission is about, in one line: a door, a person, or the words of a concern. */
import type { Locale } from '../../domain/codes/codes';
import { placeLabel } from '../../domain/door-label';
import { asRecord, textOf } from '../../domain/json';
import { isUnreadable } from '../readable';
import { loadRecords, type Reader, resolveAlias } from '../register/read';
import type { QueueRow } from '../review/queue';
import { standsFor } from '../review/stands-for';

type Place = { compound: string; building: string; unit: string; floor: number; room: string };

export function placeTitle(place: Place, locale: Locale): string {
  return placeLabel(place, locale);
}

/** The door, with the person where it is about one; a door that the register lacks is named by its record; where that cannot be read, by its id. */
export async function titleOf(db: Reader, communityId: string, row: QueueRow, locale: Locale): Promise<string> {
  const door = row.door && placeTitle(row.door, locale);
  const about = [row.person, door].filter(Boolean).join(' · ');
  if (about && row.kind !== 'concern') return about;
  const head = await standsFor(db, communityId, { ...row, decision_id: row.decisionId }).catch((error: unknown) => {
    if (!isUnreadable(error)) throw error;
    return null;
  });
  const said = row.kind === 'concern' ? textOf(head?.body['title']) : proposedTitle(head?.body ?? {}, locale);
  return [said, about].filter(Boolean).join(' · ') || row.target.id.slice(0, 8);
}

/** As `titleOf`, of a record of which nothing but its text may be readable; '' where that says nothing of its target. */
export async function titleOfText(
  db: Reader,
  communityId: string,
  raw: Record<string, unknown>,
  locale: Locale,
): Promise<string> {
  const target = asRecord(raw['target']);
  const body = asRecord(raw['body']) ?? {};
  const id = textOf(target?.['id']);
  const type = textOf(target?.['type']);
  const person = type === 'resident' ? (await loadRecords(db, communityId, 'resident', [id])).get(id) : undefined;
  const doorId = type === 'dwelling' ? await resolveAlias(db, communityId, 'dwelling', id) : person?.dwellingId;
  const door =
    doorId === undefined ? undefined : (await loadRecords(db, communityId, 'dwelling', [doorId])).get(doorId);
  const said = raw['kind'] === 'concern' ? textOf(body['title']) : door ? '' : proposedTitle(body, locale);
  const place = door && placeTitle(door.fields, locale);
  return [said, person?.fields.name, place].filter(Boolean).join(' · ');
}

function proposedTitle(body: Record<string, unknown>, locale: Locale): string {
  const given = asRecord(body['dwelling']);
  if (!given) return '';
  const floor = given['floor'];
  return placeTitle(
    {
      compound: textOf(given['compound']),
      building: textOf(given['building']),
      unit: textOf(given['unit']),
      floor: typeof floor === 'number' ? floor : 1,
      room: textOf(given['room']),
    },
    locale,
  ).trim();
}
