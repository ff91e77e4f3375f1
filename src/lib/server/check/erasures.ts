/** Whether texts that are said to have been erased were (REC-11): digests of such are not compared, and somebody noted each erasure. */
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';

/** A large erasure takes its time, and a clock may be set right meanwhile. */
const apartMs = 3600 * 1000;

/** Answers how many times were looked at. */
export async function checkErasures(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const said = await db
    .selectFrom('revision')
    .select((eb) => ['erased_at', eb.fn.countAll<number>().as('count')])
    .where('community_id', '=', communityId)
    .where('erased_at', 'is not', null)
    .groupBy('erased_at')
    .execute();
  if (said.length === 0) return 0;
  const noted = await db
    .selectFrom('audit')
    .select('at')
    .where('community_id', '=', communityId)
    .where('action', '=', 'register.erase')
    .execute();
  const times = noted.map(({ at }) => Date.parse(at));
  for (const { erased_at, count } of said) {
    const then = Date.parse(erased_at ?? '');
    if (times.some((at) => Math.abs(at - then) < apartMs)) continue;
    const what = `${Number(count)} revisions are said to have been erased then, and nobody was`;
    found({ check: 'receipts', communityId, subject: `erasure of ${erased_at}`, what });
  }
  return said.length;
}
