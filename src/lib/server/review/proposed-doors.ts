/** Doors that more than one record proposes: the same address under different ids, until the office makes them one (TWO-5). */
import { buildingKey, doorKey, type Address } from '../../domain/door-key';
import { loadRecords, type Reader } from '../register/read';
import { proposedAddress } from './door';
import { type Standing, standsFor } from './stands-for';

type Place = { gridId: string } & Address;
export type Proposed = { dwellingId: string; submissionId: string };

/** Under which ids, other than `except`, open records propose a door of that address. Few: what is open there and speaks of a door that the register lacked. */
export async function proposedAt(
  db: Reader,
  communityId: string,
  place: Place,
  except: readonly string[],
): Promise<Proposed[]> {
  const found = await proposals(db, communityId)
    .where('proposal.grid_id', '=', place.gridId)
    .where('proposal.id', 'not in', except)
    .where('submission.review', 'in', ['pending', 'quarantined', 'returned'])
    .orderBy('submission.id')
    .limit(200)
    .execute();
  const proposed: Proposed[] = [];
  for (const { dwellingId, ...submission } of found) {
    const other = await placeIn(db, communityId, submission);
    if (other && keyOf(other) === keyOf(place)) proposed.push({ dwellingId, submissionId: submission.id });
  }
  return proposed;
}

/** Doors that open records propose in these buildings: their ids, by the building's. */
export async function proposedInBuildings(
  db: Reader,
  communityId: string,
  buildingIds: readonly string[],
): Promise<Map<string, string[]>> {
  const buildings = [...(await loadRecords(db, communityId, 'building', buildingIds)).values()];
  const proposed = new Map<string, string[]>();
  if (buildings.length === 0) return proposed;
  const named = Map.groupBy(buildings, ({ gridId, fields }) => buildingKeyOf({ gridId, ...fields }));
  const found = await proposals(db, communityId)
    .where('proposal.grid_id', 'in', [...new Set(buildings.map(({ gridId }) => gridId))])
    .where('submission.review', 'in', ['pending', 'quarantined', 'returned'])
    .orderBy('submission.id')
    .execute();
  for (const { dwellingId, ...submission } of found) {
    const place = await placeIn(db, communityId, submission);
    for (const { id } of (place && named.get(buildingKeyOf(place))) ?? [])
      proposed.set(id, [...new Set([...(proposed.get(id) ?? []), dwellingId])]);
  }
  return proposed;
}

/** Ids under which other open records propose the door that this submission proposes; none where it proposes none. */
export async function alsoProposedAs(db: Reader, communityId: string, submissionId: string): Promise<string[]> {
  const own = await proposals(db, communityId).where('proposal.submission_id', '=', submissionId).executeTakeFirst();
  if (!own) return [];
  const place = await placeIn(db, communityId, own);
  if (!place) return [];
  const others = await proposedAt(db, communityId, place, [own.dwellingId]);
  return [...new Set(others.map(({ dwellingId }) => dwellingId))];
}

function proposals(db: Reader, communityId: string) {
  return db
    .selectFrom('proposal')
    .innerJoin('submission', (join) =>
      join
        .onRef('submission.community_id', '=', 'proposal.community_id')
        .onRef('submission.id', '=', 'proposal.submission_id'),
    )
    .select(['proposal.id as dwellingId', 'submission.id', 'submission.revision', 'submission.digest'])
    .select(['submission.review', 'submission.decision_id'])
    .where('proposal.community_id', '=', communityId)
    .where('proposal.type', '=', 'dwelling');
}

async function placeIn(db: Reader, communityId: string, submission: Standing): Promise<Place | null> {
  const stands = await standsFor(db, communityId, submission);
  return stands && proposedAddress(stands.body);
}

function buildingKeyOf({ gridId, compound, building }: Pick<Place, 'gridId' | 'compound' | 'building'>): string {
  return `${gridId} ${buildingKey({ compound, building })}`;
}

function keyOf({ gridId, ...address }: Place): string {
  return `${gridId} ${doorKey(address)}`;
}
