/** A request's body, read no further than an answer could need it. */
import { limits } from '../../sync/protocol';
import { Refusal } from './refusal';

/** Throws a Refusal: 413 above the limit, however the body is sent; 400 where it breaks off. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > limits.requestBytes) throw new Refusal(413, 'request too large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limits.requestBytes) throw new Refusal(413, 'request too large');
      chunks.push(value);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The adapter has a bound of its own and says so by status.
    const tooLarge = typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
    throw tooLarge ? new Refusal(413, 'request too large') : new Refusal(400, 'broken off');
  } finally {
    // Not cancelled: that would end the connection before the answer is sent.
    reader?.releaseLock();
  }
  return Buffer.concat(chunks);
}
