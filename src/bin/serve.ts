/** Programs that are started by hand. This one serves the office: an HTTP server of our own around the built app, for files as for pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { databaseWords } from './database-words';
import { ConfigurationError, readConfiguration } from '../lib/server/configuration';
import { prepareDemo } from '../lib/server/demo/prepare';
import { demoWelcome } from '../lib/server/demo/welcome';
import { isOpenToOthers } from '../lib/server/database/folder';
import { leave } from '../lib/server/leave';
import { drainAfterAnswer } from '../lib/server/serving/drain';
import { hostGate } from '../lib/server/serving/host';
import { setSafeHeaders } from '../lib/server/serving/headers';

z.config({ jitless: true });
// What is written is read by this account alone.
process.umask(0o077);

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** A roster of 20,000 rows is a few megabytes; `/api/sync` has its own, smaller bound. */
const bodySizeLimit = '40M';
/** How long answers under way may take after a SIGTERM. */
const patience = 5000;

/** Serves until SIGTERM or SIGINT. Prints where, and `ready <address>` once it really answers. Ends the process with 1 where it cannot start. */
export async function serve({ demo }: { demo: boolean }): Promise<void> {
  try {
    await start(demo);
  } catch (error) {
    console.error(startWords(error) ?? error);
    process.exit(1);
  }
}

function startWords(error: unknown): string | null {
  if (error instanceof ConfigurationError) return error.message;
  if (isPortTrouble(error)) return portWords(error);
  const { database } = readConfiguration(process.env);
  const words = (['zh-CN', 'en'] as const).flatMap((locale) => databaseWords(error, database, locale) ?? []);
  return words.length > 0 ? words.join('\n') : null;
}

async function start(demo: boolean): Promise<void> {
  let leaving = false;
  let server: Server | null = null;
  const stop = () => {
    if (leaving) return;
    leaving = true;
    void (server ? closeServer(server) : Promise.resolve()).finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const community = demo ? await prepareDemo(process.env) : null;
  const configuration = readConfiguration(process.env);

  // The address is ours before anything is said of it: with PORT=0 the system chooses one.
  // A connection stays open past the time at which a phone that was sent away comes back: closed at that moment, its request would be lost.
  const listening = createServer({ requestTimeout: 300_000, headersTimeout: 30_000, keepAliveTimeout: 75_000 });
  const app = Promise.withResolvers<Handler>();
  const port = await listen(listening, configuration.host, configuration.port);
  if (port !== configuration.port) {
    process.env.PORT = String(port);
    configuration.port = port;
    if (!process.env.ORIGIN) configuration.origin = readConfiguration(process.env).origin;
  }

  const gate = hostGate(configuration, { loopback: demo });
  Object.assign(process.env, {
    ADAPTER_PROTOCOL_HEADER: gate.protocolHeader,
    ADAPTER_HOST_HEADER: gate.hostHeader,
    ADAPTER_BODY_SIZE_LIMIT: bodySizeLimit,
  });
  listening.on('request', (request, response) => {
    setSafeHeaders(response, configuration.origin.startsWith('https:'));
    gate.place(request);
    drainAfterAnswer(request, response);
    // Who knocks while the app is still being loaded waits those moments.
    void app.promise.then((handler) => handler(request, response, () => void response.writeHead(404).end()));
  });
  server = listening;
  const built = './handler.js';
  const { handler }: { handler: Handler } = await import(/* @vite-ignore */ built);
  app.resolve(handler);

  if (isOpenToOthers(configuration.dataDir)) console.error(folderWords(configuration.dataDir));
  const address = `http://${bracketed(configuration.host)}:${port}`;
  await answers(port, configuration.host);
  if (community) console.log(demoWelcome(community, gate.origins));
  else if (configuration.origin !== address) console.log(`for browsers at ${configuration.origin}`);
  else if (isEveryAddress(configuration.host)) console.error(originWords(configuration.origin));
  console.log(`ready ${address}`);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(portOf(server.address()));
    });
  });
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** No browser is at this address: whoever signs in elsewhere is refused as a foreign page. */
function originWords(origin: string): string {
  return `没有设 ORIGIN：浏览器打开的不会是 ${origin}，在别的地址登录会被拒绝。请把 ORIGIN 设为大家打开的地址，例如 https://qiaomen.example。
ORIGIN is not set: no browser opens ${origin}, and a sign-in at any other address is refused. Set ORIGIN to the address that people open, such as https://qiaomen.example.`;
}

/** Its files are closed to others by themselves; a folder may be anybody's, and is left to whoever made it. */
function folderWords(folder: string): string {
  return `别的账号可以进入数据文件夹 ${folder}。请运行 chmod 700 ${folder}。
Other accounts may enter the data folder ${folder}: run chmod 700 ${folder}.`;
}

/** Asks ourselves over the network, as anybody would. */
async function answers(port: number, host: string): Promise<void> {
  const reachable = isEveryAddress(host) ? (host === '::' ? '::1' : '127.0.0.1') : host;
  const answer = await fetch(`http://${bracketed(reachable)}:${port}/health`);
  if (!answer.ok) throw new Error(`The office does not answer: /health says ${answer.status}.`);
  await answer.body?.cancel();
}

/** No new connection, answers under way to their end, then the database. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(impatient);
  await leave();
}

type PortTrouble = Error & { code: string; port?: number };

function isPortTrouble(error: unknown): error is PortTrouble {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

function portWords({ code, port = 0 }: PortTrouble): string {
  return code === 'EADDRINUSE'
    ? `端口 ${port} 已被占用，请换一个。\nPort ${port} is taken by another program: choose another (PORT, or --port for the demo).`
    : `端口 ${port} 不能使用，请换一个。\nPort ${port} may not be used here: choose another (PORT, or --port for the demo).`;
}
