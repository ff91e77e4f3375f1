/** A proxy that ends TLS before several processes, as the one of compose.yaml does; and a way to ask it that knows its certificate. */
import { once } from 'node:events';
import { createServer, request as secureRequest, type Server } from 'node:https';
import { request, type IncomingMessage } from 'node:http';
import { generate } from 'selfsigned';

export class TlsProxy {
  readonly #server: Server;
  readonly #certificate: string;
  #backends: string[] = [];
  #next = 0;
  /** How many requests each process answered, in their order. */
  readonly answered: number[] = [];

  private constructor(server: Server, certificate: string) {
    this.#server = server;
    this.#certificate = certificate;
  }

  static async open(): Promise<TlsProxy> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = createServer({ key, cert });
    const proxy = new TlsProxy(server, cert);
    server.on('request', (asked, answer) => {
      const at = proxy.#next++ % proxy.#backends.length;
      const onward = request(
        `${proxy.#backends[at]}${asked.url ?? '/'}`,
        { method: asked.method, headers: { ...asked.headers, 'x-forwarded-proto': 'https' } },
        (from) => {
          proxy.answered[at] = (proxy.answered[at] ?? 0) + 1;
          answer.writeHead(from.statusCode ?? 502, from.headers);
          from.pipe(answer);
        },
      );
      // A process that is down: the proxy says so, and the phone comes again.
      onward.on('error', () => answer.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502</h1>'));
      asked.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `https://localhost:${address.port}`;
  }

  /** In turn to these from now on. */
  serve(backends: string[]): void {
    this.#backends = backends;
  }

  /** As the platform's `fetch`, trusting this proxy's certificate alone. */
  fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const asked = new Request(address, init);
    const body = Buffer.from(await asked.arrayBuffer());
    const headers = { ...Object.fromEntries(new Headers(init.headers)), 'content-length': String(body.length) };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = secureRequest(
        address,
        { method: asked.method, headers, ca: this.#certificate, servername: 'localhost' },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body);
    });
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    const told = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const one of [value ?? ''].flat()) told.append(name, one);
    return new Response(Buffer.concat(parts), { status: answer.statusCode ?? 502, headers: told });
  };

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
