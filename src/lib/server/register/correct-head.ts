/** A coordinator's word on who is head of a household: everybody's relation is to the head, so all of them are told together. */
import { isCode } from '../../domain/codes/codes';
import { audit } from '../audit/audit';
import { recomputeDoors } from '../coverage/recompute';
import { lockCommunity } from '../database/locks';
import type { Office, SignedIn } from '../office';
import { originOfCorrection, ownBefore, type CorrectionAnswer } from './correct';
import { loadDoor, loadRecords } from './read';
import { livesOn, type ResidentRecord } from './records';
import { republishTouched } from './republish';
import { updateHousehold, updateResident } from './rows';

export type HeadCorrection = {
  householdId: string;
  headId: string;
  /** By resident id: the relation to that head, '' where it is not known. Who is not named keeps theirs, but nobody stays a second head. */
  relations: ReadonlyMap<string, string>;
  /** By resident id: everybody's relation, '' where none is known, as it was on the screen. Left out where nothing was shown. */
  seen?: ReadonlyMap<string, string>;
  /** Why; required. */
  reason: string;
};

/** Writes head and relations in one transaction, each with its history, and tells the phones. A collective household has no head. */
export async function correctHead(
  office: Office,
  account: SignedIn,
  { householdId, headId, relations, seen, reason }: HeadCorrection,
): Promise<CorrectionAnswer> {
  const words = reason.trim();
  if (words === '') return { refused: 'reason' };
  return office.database.write(async (tx): Promise<CorrectionAnswer> => {
    const { communityId } = account;
    await lockCommunity(tx, communityId);
    const household = (await loadRecords(tx, communityId, 'household', [householdId])).get(householdId);
    const door = household && (await loadDoor(tx, communityId, household.dwellingId));
    if (!household || household.endedAt !== null || !door || door.dwelling.retiredAt !== null)
      return { refused: 'unknown' };
    if (household.fields.kind === 'collective') return { refused: 'value', code: 'collective_head' };
    const members = door.residents.filter((one) => one.householdId === householdId && livesOn(one));
    if (seen && !isAsSeen(members, seen)) {
      const isSo = household.fields.headId === headId && members.every((one) => isRelated(one, headId, relations));
      return (isSo && ownHeadBefore(members, seen, account)) || { refused: 'changed' };
    }
    if (!members.some(({ id }) => id === headId)) return { refused: 'value', code: 'no_head' };

    const origin = originOfCorrection(office, account, words);
    const told = members.map((member) => {
      const said = relations.get(member.id) ?? member.fields.relation ?? '';
      const relation = member.id === headId ? '02' : said === '02' && !relations.has(member.id) ? '' : said;
      return { member, relation };
    });
    if (told.some(({ member, relation }) => relation === '02' && member.id !== headId))
      return { refused: 'value', code: 'two_heads' };
    if (told.some(({ relation }) => relation !== '' && !isCode('relation', relation)))
      return { refused: 'value', code: 'code' };
    const written = await updateHousehold(tx, communityId, householdId, { fields: { headId } }, origin);
    const moved: string[] = [];
    for (const { member, relation } of told) {
      const fields = { relation: isCode('relation', relation) ? relation : null };
      const after = await updateResident(tx, communityId, member.id, { fields }, origin);
      if (after.version !== member.version) moved.push(member.id);
    }
    if (written.version === household.version && moved.length === 0) return { refused: 'unchanged' };
    await audit(tx, office.world, account, 'register.correct', { type: 'household', id: householdId });
    const doors = await recomputeDoors(tx, communityId, [household.dwellingId]);
    await republishTouched(tx, communityId, { doors, buildings: [], residents: moved });
    return { done: true };
  });
}

function isRelated({ id, fields }: ResidentRecord, headId: string, relations: HeadCorrection['relations']): boolean {
  const relation = fields.relation ?? '';
  return relation === (id === headId ? '02' : (relations.get(id) ?? relation));
}

/** Everything that is not as it was shown is the account's own correction. */
function ownHeadBefore(members: readonly ResidentRecord[], seen: ReadonlyMap<string, string>, account: SignedIn) {
  const own = members
    .filter(({ id, fields }) => seen.get(id) !== (fields.relation ?? ''))
    .map((member) => ownBefore(member, 'relation', '', account));
  return own.every((one) => one !== null) ? (own[0] ?? null) : null;
}

/** The same people, each related to the head as they were shown. */
function isAsSeen(members: readonly ResidentRecord[], seen: ReadonlyMap<string, string>): boolean {
  return members.length === seen.size && members.every(({ id, fields }) => seen.get(id) === (fields.relation ?? ''));
}
