/** `POST /api/sync` as it comes over HTTP: its place in the line, its body, its answer. */
import { limits } from '../../sync/protocol';
import type { Asker, Office } from '../office';
import { answerSync } from './answer';
import { lineOf } from './line';
import { readBody } from './read-body';
import { Refusal, refusalResponse } from './refusal';

/** Never throws for what was asked: what cannot be answered, or only too late, is a refusal of the protocol. */
export async function serveSync(office: Office, account: Asker | null, request: Request): Promise<Response> {
  try {
    return await lineOf(office).pass(
      account?.id ?? '',
      announced(request),
      () => readBody(request),
      (bytes) => answerSync(office, account, bytes, request.headers),
    );
  } catch (error) {
    if (error instanceof Refusal) return refusalResponse(error);
    throw error;
  }
}

/** A body that does not say how long it is may be as long as it may. */
function announced({ headers }: Request): number {
  const length = Number(headers.get('content-length') ?? limits.requestBytes);
  return Number.isFinite(length) && length >= 0 ? Math.min(length, limits.requestBytes) : limits.requestBytes;
}
