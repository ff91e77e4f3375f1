/**
 * Who the account itself brought to a door in records that nobody took into its basis: the phone lays them over the door (DEV-8), so the
 * next form lists them, and the office knows them too.
 */
import { applyStep } from '../../domain/apply-verification';
import { type DoorLike, findResident } from '../../domain/door-like';
import { recordsOf, textOf } from '../../domain/json';
import { planVerification, type RegisterStep } from '../../domain/verification';
import type { ReadSnapshot } from '../database/open';
import { idsOf } from '../register/read';
import { storedHead } from '../review/revision';

/** The door with those people and households; nothing is read where the body names nobody that the door lacks. */
export async function withOwnProposals(
  db: ReadSnapshot,
  account: { communityId: string; id: string },
  door: DoorLike,
  submissionId: string,
  body: Record<string, unknown>,
): Promise<DoorLike> {
  if (!namesUnknown(door, body)) return door;
  const rows = await db
    .selectFrom('submission')
    .select(['id', 'revision', 'digest'])
    .where('community_id', '=', account.communityId)
    .where('account_id', '=', account.id)
    .where('dwelling_id', 'in', await idsOf(db, account.communityId, 'dwelling', door.id))
    .where('kind', '=', 'household-verification')
    .where('review', 'in', ['pending', 'approved'])
    .where('id', '!=', submissionId)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  let known = door;
  for (const row of rows) {
    const earlier = await storedHead(db, account.communityId, row);
    const steps = earlier ? planVerification(known, earlier.body) : [];
    known = steps.filter((step) => isNew(known, step)).reduce(applyStep, known);
  }
  return known;
}

/** Newcomers are the body's own; of the others the door has to know. */
function namesUnknown(door: DoorLike, body: Record<string, unknown>): boolean {
  return recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .some(({ record }) => {
      const isNewcomer = ['moved-in', 'born'].includes(textOf(record['change']));
      return !isNewcomer && !findResident(door, textOf(record['id']));
    });
}

function isNew(door: DoorLike, step: RegisterStep): boolean {
  switch (step.type) {
    case 'create-household':
      return !door.households.some(({ id }) => id === step.household.id);
    case 'create-resident':
    case 'join-resident':
      return !findResident(door, step.id);
    default:
      return false;
  }
}
