/** Checking the office: that every feed, receipt, history and reference is whole, from one snapshot while it runs. */
import type { World } from '../../domain/world';
import type { Database, ReadSnapshot } from '../database/open';
import { toldOtherwise } from '../feeds/renew';
import { keptMs } from '../sync/retire';
import { isUnreadable } from '../readable';
import { checkBases } from './bases';
import { checkCarers } from './carers';
import { checkCopies } from './changes';
import { checkCommunity } from './community';
import { checkDecisions } from './decisions';
import { checkDoorStates } from './door-states';
import { checkDoors } from './doors';
import { checkEffects } from './effects';
import { checkErasures } from './erasures';
import { checkFeeds } from './feeds';
import type { Check, Checked, Finding } from './finding';
import { checkGhosts } from './ghosts';
import { checkHeads } from './heads';
import { checkHistory } from './history';
import { checkIntervals } from './intervals';
import { checkNumbers } from './numbers';
import { checkPast } from './past';
import { checkPlaces } from './places';
import { checkProposals } from './proposals';
import { checkPlans } from './plans';
import { checkReceipts } from './receipts';
import { checkReferences } from './references';
import { isRenewed } from './renewed';
import { revisionPages } from './revisions';
import { checkSignIn } from './sign-in';
import { checkStored } from './stored';
import { checkStrays } from './strays';
import { checkSubmissions } from './submissions';
import { checkTold } from './told';
import { checkWork } from './work';

type Place = { database: Pick<Database, 'read'>; world: Pick<World, 'now'> };

/** `counts`: how many rows each check looked at. Nothing is changed. */
export async function checkOffice({ database, world }: Place): Promise<Checked> {
  const now = world.now();
  const before = new Date(now - keptMs).toISOString();
  return database.read(async (db) => {
    const findings: Finding[] = [];
    const renewing = [...new Set([...(await toldOtherwise(db)), ...(await tellingRounds(db))])].sort();
    const found = (finding: Finding) => {
      if (!renewing.includes(finding.communityId) || !isRenewed(finding)) findings.push(finding);
    };
    const counts = noneYet();
    const run = async (check: Check, communityId: string, looked: Promise<number>) => {
      counts[check] += await toItsEnd(check, communityId, looked, found);
    };
    await run('references', '', checkReferences(db, found));
    await run('feeds', '', checkFeeds(db, found));
    await run('accounts', '', checkSignIn(db, found));
    for (const { community_id: id } of await db.selectFrom('community').select('community_id').execute()) {
      await run('references', id, checkGhosts(db, id, found));
      await run('stored', id, checkStored(db, id, found));
      await run('doors', id, checkDoors(db, id, found));
      await run(
        'doors',
        id,
        checkDoorStates(db, id, found).then(() => 0),
      );
      await run('told', id, checkTold(db, id, found, before));
      await run('told', id, checkStrays(db, id, found));
      await run('community', id, checkCommunity(db, id, found));
      await run('receipts', id, checkRevisions(db, id, found, counts));
      await run('past', id, checkPast(db, id, found));
      await run('receipts', id, checkErasures(db, id, found));
      await run('submissions', id, checkSubmissions(db, id, found));
      await run('submissions', id, checkPlaces(db, id, found));
      await run('references', id, checkWork(db, id, found));
      await run('decisions', id, checkDecisions(db, id, found));
      await run('effects', id, checkEffects(db, id, found));
      await run('history', id, checkHistory(db, id, found));
      await run(
        'history',
        id,
        checkCopies(db, id, found).then(() => 0),
      );
      await run('numbers', id, checkNumbers(db, id, found));
      await run('care', id, checkCarers(db, id, found));
      await run(
        'care',
        id,
        checkPlans(db, id, found).then(() => 0),
      );
      await run('accounts', id, checkIntervals(db, id, now, found));
    }
    return { counts, findings, renewing };
  });
}

/** Communities in which a round begins or ends: its doors are told of it piece by piece. */
async function tellingRounds(db: ReadSnapshot): Promise<string[]> {
  const rows = await db.selectFrom('afterwork').select('community_id').distinct().where('kind', '=', 'round').execute();
  return rows.map(({ community_id }) => community_id);
}

function noneYet(): Checked['counts'] {
  return {
    ...{ references: 0, feeds: 0, stored: 0, doors: 0, told: 0, receipts: 0, proposals: 0, past: 0 },
    ...{ submissions: 0, decisions: 0, effects: 0, history: 0, numbers: 0, community: 0, accounts: 0, care: 0 },
  };
}

/** What no check reckoned with is a finding, too, and the next one goes on; its words may quote what is stored, so they stay here. */
async function toItsEnd(
  check: Check,
  communityId: string,
  looked: Promise<number>,
  found: (finding: Finding) => void,
): Promise<number> {
  try {
    return await looked;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const what = `could not be looked at to its end (${error instanceof Error ? error.name : typeof error})`;
    found({ check, communityId, subject: check, what });
    return 0;
  }
}

/** All that is looked at of revisions, each of which is read once. */
async function checkRevisions(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
  counts: Checked['counts'],
): Promise<number> {
  let looked = 0;
  for await (const revisions of revisionPages(db, communityId)) {
    looked += checkReceipts(communityId, revisions, found);
    counts.proposals += await checkProposals(db, communityId, revisions, found);
    await checkHeads(db, communityId, revisions, found);
    await checkBases(db, communityId, revisions, found);
  }
  return looked;
}
