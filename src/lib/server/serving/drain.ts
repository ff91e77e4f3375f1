/** A request that was answered before its body was read: the rest is read and thrown away, so that the connection is good for the next one. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whoever sends more after the answer loses the connection. */
const atMost = 64 * 1024 * 1024;

/**
 * To be called before the request is handled. SvelteKit pauses a body that nobody reads; left so, a refusal (401, 413) would be the
 * connection's last answer, and the next request on it breaks off.
 */
export function drainAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    let left = atMost;
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      left -= chunk.byteLength;
      if (left < 0) request.socket.destroy();
    });
    request.resume();
  });
}
