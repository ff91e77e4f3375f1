import { Agent, createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drainAfterAnswer } from './drain';

let server: Server;
let agent: Agent;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  server = createServer((request, response) => {
    drainAfterAnswer(request, response);
    // As the adapter does with a body that nobody asks for.
    request.on('data', () => request.pause());
    setImmediate(() => response.writeHead(413).end('too large'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function post(bytes: number): Promise<{ status: number | undefined; reused: boolean }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = ask({ port, host: '127.0.0.1', method: 'POST', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, reused: sent.reusedSocket }));
    });
    sent.on('error', reject);
    sent.end(Buffer.alloc(bytes));
  });
}

test('a connection whose body was refused unread is good for the next request', async () => {
  const answers = [];
  for (const size of [100, 3_000_000, 3_000_000, 100]) answers.push(await post(size));
  expect(answers.map(({ status }) => status)).toEqual([413, 413, 413, 413]);
  expect(answers.at(-1)?.reused).toBe(true);
});
