/** What stands between the network and the built app: from which address a request came, and headers that every answer carries. */
import type { IncomingMessage } from 'node:http';
import type { Configuration } from '../configuration';

export type HostGate = {
  /** Names of the headers by which the built app learns its own address; what a client sends under them is thrown away. */
  protocolHeader: string;
  hostHeader: string;
  /** Every address that the office answers to as its own, the configured one first. */
  origins: string[];
  /** Writes our address into the request: the one it was sent to where that is one of ours, else the configured one. */
  place(request: IncomingMessage): void;
};

/**
 * SvelteKit compares form posts with one origin. The demo is reached as 127.0.0.1 and as localhost (`loopback`), so the origin follows the
 * `Host` header, but only among addresses that are ours: a foreign name that leads here never becomes an origin.
 */
export function hostGate({ origin, host, port }: Configuration, { loopback }: { loopback: boolean }): HostGate {
  const protocolHeader = 'x-qiaomen-protocol';
  const hostHeader = 'x-qiaomen-host';
  const names = loopback ? ['127.0.0.1', 'localhost', ...(host === '::1' ? ['[::1]'] : [])] : [];
  const origins = [...new Set([origin, ...names.map((name) => new URL(`http://${name}:${port}`).origin)])];
  const byHost = new Map(origins.map((known) => [new URL(known).host, new URL(known)]));
  const configured = new URL(origin);

  return {
    protocolHeader,
    hostHeader,
    origins,
    place(request) {
      const own = byHost.get(request.headers.host?.toLowerCase() ?? '') ?? configured;
      request.headers[protocolHeader] = own.protocol.slice(0, -1);
      request.headers[hostHeader] = own.host;
      // `Referrer-Policy: no-referrer` makes browsers send `Origin: null` with forms of our own pages; they say themselves, in a
      // header that no page can set, that the form is ours.
      if (request.headers.origin === 'null' && request.headers['sec-fetch-site'] === 'same-origin') {
        request.headers.origin = own.origin;
      }
    },
  };
}
