import { answerSync } from '$lib/server/sync/answer';
import { readBody } from '$lib/server/sync/read-body';
import { Refusal, refusalResponse } from '$lib/server/sync/refusal';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, locals }) => {
  try {
    return await answerSync(locals.office, locals.account ?? locals.closed, await readBody(request), request.headers);
  } catch (error) {
    if (error instanceof Refusal) return refusalResponse(error);
    throw error;
  }
};
