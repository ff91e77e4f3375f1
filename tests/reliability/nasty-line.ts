/** A line between phone and office that answers for the office: portals, cut answers, storms of 5xx, answers that never end. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export const nastiness = [
  'portal',
  'portal-json',
  'empty',
  'truncated',
  'wrong-type',
  'storm-500',
  'storm-503',
  'proxy-403',
  'proxy-409',
  'proxy-413',
  'reset-before',
  'reset-after',
  'slow',
] as const;
export type Nastiness = (typeof nastiness)[number];

export class NastyLine {
  readonly #server: Server;
  readonly #office: string;
  /** What happens to the next requests; null: they pass. */
  now: Nastiness | null = null;
  /** How often each struck. */
  readonly struck = new Map<Nastiness, number>();

  private constructor(server: Server, office: string) {
    this.#server = server;
    this.#office = office;
  }

  static async before(office: string): Promise<NastyLine> {
    const server = createServer();
    const line = new NastyLine(server, office);
    server.on('request', (asked, answer) => line.#handle(asked, answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #handle(asked: IncomingMessage, answer: ServerResponse): void {
    const how = this.now;
    if (how) this.struck.set(how, (this.struck.get(how) ?? 0) + 1);
    switch (how) {
      case null:
        return this.#pass(asked, (from) => {
          answer.writeHead(from.statusCode ?? 502, from.headers);
          from.pipe(answer);
        });
      case 'portal':
        return say(asked, answer, 200, 'text/html', '<!doctype html><title>WiFi 登录</title><form>手机号</form>');
      case 'portal-json':
        return say(asked, answer, 200, 'application/json', '{"code":302,"msg":"请先登录无线网络"}');
      case 'empty':
        return say(asked, answer, 200, 'application/json', '');
      case 'wrong-type':
        return this.#pass(asked, (from) => {
          answer.writeHead(200, { 'content-type': 'text/plain' });
          from.pipe(answer);
        });
      case 'truncated':
        return this.#pass(asked, (from) => {
          answer.writeHead(200, from.headers);
          from.once('data', (part: Buffer) => {
            answer.write(part.subarray(0, Math.floor(part.length / 2)), () => answer.destroy());
          });
        });
      case 'storm-500':
        return say(asked, answer, 500, 'application/json', '{"protocol":1,"error":"internal error"}');
      case 'storm-503':
        return say(asked, answer, 503, 'application/json', '{"protocol":1,"error":"busy"}');
      case 'proxy-403':
        return say(asked, answer, 403, 'text/html', '<h1>403 Forbidden</h1>');
      case 'proxy-409':
        return say(asked, answer, 409, 'application/json', '{"message":"conflict"}');
      case 'proxy-413':
        return say(asked, answer, 413, 'text/html', '<h1>413 Request Entity Too Large</h1>');
      case 'slow':
        // One byte, and then nothing for ever.
        asked.resume();
        answer.writeHead(200, { 'content-type': 'application/json' }).write('{');
        return;
      case 'reset-before':
        asked.socket.destroy();
        return;
      case 'reset-after':
        return this.#pass(asked, () => asked.socket.destroy());
    }
  }

  #pass(asked: IncomingMessage, answered: (from: IncomingMessage) => void): void {
    const onward = request(
      this.#office + (asked.url ?? '/'),
      { method: asked.method, headers: asked.headers },
      answered,
    );
    onward.on('error', () => asked.socket.destroy());
    asked.pipe(onward);
  }
}

function say(asked: IncomingMessage, answer: ServerResponse, status: number, type: string, body: string): void {
  asked.resume();
  asked.on('end', () => answer.writeHead(status, { 'content-type': type }).end(body));
}
