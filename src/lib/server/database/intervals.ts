/** Intervals that are kept and never overwritten (SCO-4): from `from_at` until `until_at`, RFC 3339, UTC. */
import { type RawBuilder, sql } from 'kysely';

/** `until_at` of an interval that is to end at `at`: a clock that was put back ends none before it began. */
export function endOfInterval(at: string): RawBuilder<string> {
  return sql<string>`CASE WHEN from_at > ${at} THEN from_at ELSE ${at} END`;
}
