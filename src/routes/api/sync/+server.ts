import { serveSync } from '$lib/server/sync/serve';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ request, locals }) =>
  serveSync(locals.office, locals.account ?? locals.closed, request);
