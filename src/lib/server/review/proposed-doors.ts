/** Doors that more than one record proposes: the same address under different ids, until the office makes them one (TWO-5). */
import { givenOfDwelling } from '../../domain/given-fields';
import { asRecord, textOf } from '../../domain/json';
import type { Reader } from '../register/read';
import { storedHead } from './revision';

/**
 * Ids under which other open records propose the door that this submission proposes; none where it proposes none. Few: what is open in
 * one grid and speaks of a door that the register lacked.
 */
export async function alsoProposedAs(db: Reader, communityId: string, submissionId: string): Promise<string[]> {
  const own = await proposals(db, communityId).where('proposal.submission_id', '=', submissionId).executeTakeFirst();
  if (!own) return [];
  const address = await addressIn(db, communityId, own);
  if (address === null) return [];
  const others = await proposals(db, communityId)
    .where('proposal.grid_id', '=', own.grid_id)
    .where('proposal.id', '!=', own.proposed)
    .where('submission.review', 'in', ['pending', 'quarantined', 'returned'])
    .limit(200)
    .execute();
  const ids: string[] = [];
  for (const other of others) if ((await addressIn(db, communityId, other)) === address) ids.push(other.proposed);
  return [...new Set(ids)];
}

function proposals(db: Reader, communityId: string) {
  return db
    .selectFrom('proposal')
    .innerJoin('submission', (join) =>
      join
        .onRef('submission.community_id', '=', 'proposal.community_id')
        .onRef('submission.id', '=', 'proposal.submission_id'),
    )
    .select([
      'proposal.id as proposed',
      'proposal.grid_id',
      'submission.id',
      'submission.revision',
      'submission.digest',
    ])
    .where('proposal.community_id', '=', communityId)
    .where('proposal.type', '=', 'dwelling');
}

async function addressIn(
  db: Reader,
  communityId: string,
  submission: { id: string; revision: number; digest: string },
): Promise<string | null> {
  const given = asRecord((await storedHead(db, communityId, submission))?.body['dwelling']) ?? {};
  const { compound, building, unit = '', floor, room = '' } = givenOfDwelling(given);
  if (compound === undefined || building === undefined || floor === undefined) return null;
  return JSON.stringify([textOf(given['gridId']), compound.trim(), building.trim(), unit, floor, room]);
}
