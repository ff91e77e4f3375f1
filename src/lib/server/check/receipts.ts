/** Whether every receipt can be given again as it was: the text is there, and is what its digest was made of. */
import { open } from '../codec';
import { digestOf } from '../intake/examine';
import type { Finding } from './finding';
import type { HeldRevision } from './revisions';

/** Answers how many revisions were looked at. What was erased (REC-11) is not compared. */
export function checkReceipts(
  communityId: string,
  revisions: readonly HeldRevision[],
  found: (finding: Finding) => void,
): number {
  for (const { submission_id, revision, digest, status, problems, erased_at, whole } of revisions) {
    if (erased_at !== null) continue;
    const subject = `revision ${submission_id}/${revision}`;
    const say = (what: string) => found({ check: 'receipts', communityId, subject, what });
    if (!whole) say('its text cannot be read');
    else if (digestOf(whole) !== digest) say('its text is not what its digest was made of');
    if ((status === 'stored') !== (open(problems) === '[]')) say(`its receipt says ${status}, its problems otherwise`);
  }
  return revisions.length;
}
