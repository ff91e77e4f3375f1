/** A sync that is not answered with 200: its status, and what the protocol says beside it. */
import { PROTOCOL, type SyncRefusal } from '../../sync/protocol';

export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly status: 400 | 401 | 403 | 409 | 413 | 500 | 503,
    /** For whoever reads the wire: no personal value, nothing of what was sent. */
    readonly error: string,
    readonly says: Pick<SyncRefusal, 'revoked' | 'epoch' | 'upgrade'> & { retryAfter?: number } = {},
  ) {
    super(error);
  }
}

export function refusalResponse({ status, error, says }: Refusal): Response {
  const { retryAfter, ...flags } = says;
  const body: SyncRefusal = { protocol: PROTOCOL, error, ...flags };
  return Response.json(body, {
    status,
    headers: { 'cache-control': 'no-store', ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) },
  });
}
