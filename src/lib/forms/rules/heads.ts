/** Exactly one head in a family, at most one in a collective; when the head changes, everyone's relation is asked again. */
import type { Finding } from '../finding';
import { isFilled, textOf } from '../../domain/json';
import { isRegistered, type DoorLike } from '../../domain/door-like';
import { allListed, hasLeft, type Listed, type ListedHousehold } from './listing';

type Member = { id: string; relation: string | null; listed: Listed | null };

/** Judged only where the form touches it: an import's missing head does not stop a knock at which nothing changed. */
export function checkHeads(household: ListedHousehold, listing: ListedHousehold[], door: DoorLike | null): Finding[] {
  const members = membersAfter(household, listing, door);
  const kind = textOf(household.body['kind']) || household.registered?.kind || 'family';
  const heads = members.filter(({ relation }) => relation === '02');
  if (members.length === 0 || !isTouched(household, members)) return [];

  const findings: Finding[] = [];
  const at = [...household.path, 'headId'];
  if (heads.length > 1) findings.push({ path: at, code: 'two_heads' });
  if (kind === 'family' && heads.length === 0) findings.push({ path: at, code: 'no_head' });
  const headId = textOf(household.body['headId']);
  if (kind === 'collective') return headId === '' ? findings : [...findings, { path: at, code: 'collective_head' }];
  if (headId !== '' && heads.length === 1 && heads[0]?.id !== headId)
    findings.push({ path: at, code: 'head_mismatch' });
  return [...findings, ...relationsAskedAgain(household, members, headId || heads[0]?.id || null)];
}

/** Who lives in the household if the form is taken as it is. */
function membersAfter(household: ListedHousehold, listing: ListedHousehold[], door: DoorLike | null): Member[] {
  // Somebody who is found to be one with a registered person counts once.
  const listedIds = new Set(allListed(listing).flatMap(({ id, body }) => [id, textOf(body['sameAs'])]));
  const stayed = (door?.households ?? [])
    .filter(({ id }) => id === household.id)
    .flatMap(({ residents }) => residents.filter((resident) => isRegistered(resident) && !listedIds.has(resident.id)))
    .map((resident): Member => ({ id: resident.id, relation: resident.relation, listed: null }));
  const listed = household.residents
    .filter(({ change }) => !hasLeft(change))
    .map((entry): Member => ({
      id: entry.id,
      relation: isFilled(entry.body['relation'])
        ? textOf(entry.body['relation'])
        : (entry.registered?.relation ?? null),
      listed: entry,
    }));
  return [...stayed, ...listed];
}

function isTouched(household: ListedHousehold, members: Member[]): boolean {
  const { registered, body, residents } = household;
  if (!registered || isFilled(body['headId']) || isFilled(body['kind'])) return true;
  if (residents.some((listed) => isFilled(listed.body['relation']))) return true;
  return registered.headId !== null && !members.some(({ id }) => id === registered.headId);
}

function relationsAskedAgain(household: ListedHousehold, members: Member[], head: string | null): Finding[] {
  const before = household.registered?.headId ?? null;
  if (before === null || head === null || before === head) return [];
  return members.flatMap(({ listed }) =>
    listed && listed.registered && !isFilled(listed.body['relation'])
      ? [{ path: [...listed.path, 'relation'], code: 'relation_asked_again', params: { name: listed.registered.name } }]
      : [],
  );
}
