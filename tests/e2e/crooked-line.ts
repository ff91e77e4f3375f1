/**
 * What may stand between a phone and its office: a proxy that behaves as a test says. It also serves the app as its next version would be –
 * the same code under other file names and another version, the old names gone – so that an update is tried without a second build.
 */
import { readdirSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const immutable = fileURLToPath(new URL('../../build/client/_app/immutable', import.meta.url));

/** Answers a request itself, or lets it through by `pass`; `body`: what was read of it already. */
export type Meddler = (
  asked: IncomingMessage,
  answer: ServerResponse,
  pass: (body?: Buffer) => Promise<void>,
) => void | Promise<void>;

export type CrookedLine = {
  /** Where the browser finds the office, without a slash at the end. */
  address: string;
  /** What happens to `POST /api/sync`; null: nothing. */
  meddle: Meddler | null;
  /** Which version of the app is served; older files are gone. */
  version: 1 | 2;
  /** How many syncs were asked for. */
  asked: number;
  /** How often a browser looked for a new version. */
  looked: number;
  stop(): Promise<void>;
};

export async function startLine(office: string): Promise<CrookedLine> {
  const target = new URL(office);
  const line: CrookedLine = { address: '', meddle: null, version: 1, asked: 0, looked: 0, stop };
  const server = createServer((asked, answer) => {
    const pass = (body?: Buffer) => forward(asked, answer, body).catch(() => void answer.destroy());
    if (asked.url === '/service-worker.js') line.looked += 1;
    if (asked.url !== '/api/sync') return void pass();
    line.asked += 1;
    void (line.meddle ? line.meddle(asked, answer, pass) : pass());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  line.address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  return line;

  async function forward(asked: IncomingMessage, answer: ServerResponse, body?: Buffer): Promise<void> {
    const wanted = line.version === 2 ? olderPath(asked.url ?? '/') : (asked.url ?? '/');
    if (wanted === null) return void answer.writeHead(404).end();
    const headers = { ...asked.headers, host: target.host };
    if (headers.origin === line.address) headers.origin = target.origin;
    if (line.version === 2) for (const name of ['accept-encoding', 'if-none-match'] as const) delete headers[name];
    const onward = request({ host: target.hostname, port: target.port, path: wanted, method: asked.method, headers });
    if (body) onward.end(body);
    else asked.pipe(onward);
    const [came] = (await once(onward, 'response')) as [IncomingMessage];
    const isText = /html|javascript|json|css/.test(came.headers['content-type'] ?? '');
    if (line.version === 1 || !isText || asked.url === '/api/sync') {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
      return;
    }
    const { 'content-length': _length, etag: _etag, ...kept } = came.headers;
    answer.writeHead(came.statusCode ?? 502, kept).end(newerText((await bytesOf(came)).toString()));
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** A page of the café, whatever was asked for. */
export const portal: Meddler = (_, answer) => {
  answer.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome to the free Wi-Fi</title>');
};

/** The office's own answer under a type that it never has. */
export const wrongType: Meddler = (_, answer) => {
  answer.writeHead(200, { 'content-type': 'text/plain' }).end('{"protocol":1}');
};

/** The office hears it and answers; half of the answer arrives. */
export const truncated: Meddler = async (asked, answer, pass) => {
  const write = answer.write.bind(answer);
  answer.write = (chunk: Buffer) => {
    write(chunk.subarray(0, Math.floor(chunk.length / 2)));
    answer.destroy();
    return false;
  };
  await pass();
};

export const refusing =
  (status: number, protocol = true): Meddler =>
  (_, answer) => {
    answer
      .writeHead(status, { 'content-type': protocol ? 'application/json' : 'text/html' })
      .end(protocol ? JSON.stringify({ protocol: 1, error: 'busy' }) : '<h1>Bad gateway</h1>');
  };

/** An office that serves a later protocol: what an app of version 1 asks is refused with 409. */
export const tooNew: Meddler = async (asked, answer, pass) => {
  const { body, text } = await questionOf(asked);
  if (/"app":"[^"]*-v2"/.test(text)) return pass(body);
  answer
    .writeHead(409, { 'content-type': 'application/json' })
    .end(JSON.stringify({ protocol: 1, error: 'protocol 2 is served', upgrade: true }));
};

/** One byte, and then nothing for ever. */
export const slow: Meddler = (_, answer) => {
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.write('{');
};

/** What a phone asks: as it was sent, and as text. */
export async function questionOf(asked: IncomingMessage): Promise<{ body: Buffer; text: string }> {
  const body = await bytesOf(asked);
  return { body, text: String(asked.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body) };
}

/** The records that it carries, as `id/revision`. */
export function pushedIn(text: string): string[] {
  const { push }: { push: { id: string; revision: number }[] } = JSON.parse(text);
  return push.map(({ id, revision }) => `${id}/${revision}`);
}

const names = () =>
  ['chunks', 'entry', 'nodes', 'assets'].flatMap((folder) =>
    readdirSync(path.join(immutable, folder)).filter((name) => /\.(js|css)$/.test(name)),
  );

let known: { older: Map<string, string>; pattern: RegExp } | null = null;

function renaming(): { older: Map<string, string>; pattern: RegExp } {
  const all = names();
  known ??= {
    older: new Map(all.map((name) => [newerName(name), name])),
    pattern: new RegExp(`/(${all.map((name) => name.replace(/[.+-]/g, '\\$&')).join('|')})(?![\\w.])`, 'g'),
  };
  return known;
}

const newerName = (name: string) => name.replace(/\.(js|css)$/, '_v2.$1');

function newerText(text: string): string {
  return text
    .replace(renaming().pattern, (_, name: string) => `/${newerName(name)}`)
    .replace(/\b0\.1\.0\+[0-9a-f]{10}\b/g, (version) => `${version}-v2`);
}

/** Null for a file of the version before. */
function olderPath(wanted: string): string | null {
  if (!wanted.startsWith('/_app/immutable/')) return wanted;
  const name = path.posix.basename(wanted);
  const older = renaming().older.get(name);
  return older ? wanted.replace(name, older) : null;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
