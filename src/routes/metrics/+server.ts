import { createHash, timingSafeEqual } from 'node:crypto';
import { DatabaseUnavailableError } from '$lib/server/database/open';
import { metricsText } from '$lib/server/metrics/metrics';
import { refuseJson } from '$lib/server/gate';
import type { RequestHandler } from './$types';

/** For Prometheus, who knows `METRICS_TOKEN`; where none is set there is nothing here for anybody. */
export const GET: RequestHandler = async ({ locals, request }) => {
  const token = locals.office.configuration.metricsToken;
  if (token === null) return refuseJson(404, 'not served');
  if (!isSame(request.headers.get('authorization') ?? '', `Bearer ${token}`)) {
    return refuseJson(401, 'token needed', { 'www-authenticate': 'Bearer' });
  }
  try {
    const { text, type } = await metricsText(locals.office);
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return refuseJson(503, 'database unavailable', { 'retry-after': '2' });
  }
};

/** Of equal digests nobody learns how much of a guess was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
