/** Checking the office: that every feed, receipt, history and reference is whole, from one snapshot while it runs. */
import type { Database } from '../database/open';
import { checkBases } from './bases';
import { checkDecisions, checkEffects } from './decisions';
import { checkDoors } from './doors';
import { checkFeeds } from './feeds';
import type { Checked, Finding } from './finding';
import { checkHistory } from './history';
import { checkNumbers } from './numbers';
import { checkPast } from './past';
import { checkProposals } from './proposals';
import { checkReceipts } from './receipts';
import { checkReferences } from './references';
import { revisionPages } from './revisions';
import { checkSubmissions } from './submissions';
import { checkTold } from './told';

/** `counts`: how many rows each check looked at. Nothing is changed. */
export async function checkOffice(database: Pick<Database, 'read'>): Promise<Checked> {
  return database.read(async (db) => {
    const findings: Finding[] = [];
    const found = (finding: Finding) => void findings.push(finding);
    const counts: Checked['counts'] = {
      references: 0,
      feeds: 0,
      doors: 0,
      told: 0,
      receipts: 0,
      proposals: 0,
      past: 0,
      submissions: 0,
      decisions: 0,
      effects: 0,
      history: 0,
      numbers: 0,
    };
    counts.references = await checkReferences(db, found);
    counts.feeds = await checkFeeds(db, found);
    for (const { community_id: id } of await db.selectFrom('community').select('community_id').execute()) {
      counts.doors += await checkDoors(db, id, found);
      counts.told += await checkTold(db, id, found);
      for await (const revisions of revisionPages(db, id)) {
        counts.receipts += checkReceipts(id, revisions, found);
        counts.proposals += await checkProposals(db, id, revisions, found);
        await checkBases(db, id, revisions, found);
      }
      counts.past += await checkPast(db, id, found);
      counts.submissions += await checkSubmissions(db, id, found);
      counts.decisions += await checkDecisions(db, id, found);
      counts.effects += await checkEffects(db, id, found);
      counts.history += await checkHistory(db, id, found);
      counts.numbers += await checkNumbers(db, id, found);
    }
    return { counts, findings };
  });
}
