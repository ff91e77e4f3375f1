/**
 * Generated bodies to every endpoint and form action that takes one: never 5xx, nothing lost of what was sent before, memory flat.
 * The short form sends dozens to each, a longer one a hundred, one of half an hour or more 10,000; `--bodies N` as many as it says.
 */
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { rights } from '../../src/lib/server/rights';
import { Ledger, score } from './ledger';
import { oddForm, oddJson, type Named, type OddBody } from './odd-bodies';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { bodies as asked, engines, minutes, seed } from './settings';
import { signIn } from './sign-in';

const each = asked ?? (minutes >= 30 ? 10_000 : minutes > 0 ? 100 : 40);
/** From so many on, memory has come to rest by the first reading. */
const manyEach = 5000;
/** Of the odd records that were stored, so many are opened at the desk. */
const mostOpened = 60;
/** Records that generated forms are about. */
const mostNamed = 20;
/** Requests at once. Wrong passwords of one name are answered later and later, up to 30 s each: those wait side by side. */
const widthOf = (route: string) => (route === '/api/auth/sign-in/username' ? 400 : 8);

/** Every way in that takes a body, from the table of rights. */
const ways = rights
  .filter(({ method }) => method === 'POST')
  .flatMap(({ route, actions }) => (actions ?? [null]).map((action) => ({ route, action })));

/** After so many to each endpoint memory is read for the first time: a thousand in the long form. */
const warm = each / 10;

const Failure = z.object({ type: z.literal('failure'), status: z.int().min(400).max(499) });

const question = {
  protocol: 1,
  device: { id: '019acf00-0000-7000-8000-000000000001', app: 'odd', clock: 1 },
  epoch: null,
  push: [],
  offer: [],
  have: {},
  limit: 100,
};
const fields = [
  'about',
  'all',
  'bulk',
  'closesOn',
  'comments',
  'device',
  'digest',
  'door',
  'erasedAt',
  'file',
  'grid',
  'grids',
  'held',
  'id',
  'kind',
  'locale',
  'look',
  'mapping',
  'name',
  'next',
  'page',
  'part',
  'password',
  'path',
  'press',
  'previous',
  'q',
  'reading',
  'reason',
  'revision',
  'role',
  'round',
  'seen',
  'since',
  'sure',
  'text',
  'username',
  'value',
  'version',
  'words',
  'value:head',
  'value:["note"]',
  'own:["note"]',
  'choice:["note"]',
  'comment:["note"]',
  'kept:words',
];

function bodiesFor(route: string, account: string, known: Named[]): fc.Arbitrary<OddBody> {
  if (route === '/api/sync') return oddJson(question);
  // Names that nobody has.
  if (route.startsWith('/api/')) return fc.uuid().chain((username) => oddJson({ username, password: 'x' }));
  return oddForm(fields, account, known);
}

/** Records and doors that stand there, as the forms about them name them. */
async function knownAt(office: OfficeProcess, doors: readonly string[], grids: readonly string[]): Promise<Named[]> {
  const rows = (await office.rows()).slice(0, mostNamed);
  return [
    ...rows.map(({ id, revision, digest }) => ({ id, revision: String(revision), digest, previous: '', words: '话' })),
    ...rows.map(({ id, digest }) => ({ id, digest, 'value:["note"]': null })),
    ...doors.map((id) => ({ about: `dwelling/${id}/note`, reason: '本人来电', 'value:["note"]': null })),
    ...grids.map((grid) => ({ grid, grids: grid, name: null })),
  ];
}

for (const engine of engines) {
  test(`generated bodies to every endpoint, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    const agent = new Agent({ keepAlive: true });
    try {
      await office.start();
      const ledger = new Ledger();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      for (const door of phone.doors().slice(0, 5)) await phone.knocks(door);
      await phone.sync();
      const statuses = new Map<string, number>();
      /** By way in: how many were refused as of a page that was made for another account, before anything else in them was looked at. */
      const unheard = new Map<string, number>();
      const failures: string[] = [];
      const memory: number[] = [];
      let sent = 0;
      // What signs out has a session of its own.
      const sessions: { accountId: string; cookie: string }[] = [];
      for (const { route } of ways)
        sessions.push(await signIn(office.address, route === '/api/sync' ? 'grid2' : 'admin1'));
      for (const [round, numRuns] of [warm, each - warm].entries()) {
        const known = await knownAt(office, phone.doors().slice(0, 5), phone.grids());
        for (const [index, { route, action }] of ways.entries()) {
          const path = route.replace('[id]', '019acf00-0000-7000-8000-00000000abcd') + (action ? `?/${action}` : '');
          const { accountId = '', cookie = '' } = sessions[index] ?? {};
          const bodies = fc
            .sample(bodiesFor(route, accountId, known), { numRuns, seed: seed + index + round * ways.length })
            .values();
          await Promise.all(
            Array.from({ length: widthOf(route) }, async () => {
              for (const body of bodies) {
                const { status, forAnother } = await post(agent, office.address, path, cookie, body);
                sent += 1;
                statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
                if (forAnother) unheard.set(path, (unheard.get(path) ?? 0) + 1);
                if (status >= 500) failures.push(`${path} ${status} ${body.bytes.subarray(0, 200).toString()}`);
              }
            }),
          );
        }
        memory.push(office.residentBytes());
      }
      const odd = (await office.rows()).filter(({ id }) => !ledger.has(id)).slice(-mostOpened);
      const desk = await signIn(office.address, 'coordinator1');
      for (const { id } of odd) {
        for (const page of ['quarantine', 'review']) {
          const address = `${office.address}/desk/${page}?id=${encodeURIComponent(id)}`;
          const { status } = await fetch(address, { headers: { cookie: desk.cookie } });
          if (status >= 500) failures.push(`${address} ${status}`);
        }
      }
      expect(failures).toEqual([]);
      expect([...unheard].filter(([, count]) => count > each / 2)).toEqual([]);
      expect(odd).not.toEqual([]);
      const [first = 0, last = 0] = memory;
      // What grows with every body would have grown many times over by now; after a hundred, memory is still on its way up.
      if (each >= manyEach) expect(last).toBeLessThan(first * 1.2);
      await phone.sync();
      const told = [...statuses]
        .sort()
        .map(([status, count]) => `${status}: ${count}`)
        .join(', ');
      const { lost, doubled } = ledger.compare((await office.rows()).filter(({ id }) => ledger.has(id)));
      score({
        case: 'generated bodies to each endpoint',
        engine,
        tried: sent,
        lost,
        doubled,
        message: `${told}; of ${ledger.size} records among them none lost; ${odd.length} odd ones opened at the desk; memory ×${(last / first).toFixed(2)}`,
      });
      await phone.close();
    } finally {
      agent.destroy();
      await office.remove();
    }
  });
}

function post(
  agent: Agent,
  address: string,
  path: string,
  cookie: string,
  { bytes, headers }: OddBody,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      address + path,
      { method: 'POST', agent, headers: { ...headers, origin: address, cookie, 'content-length': bytes.length } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve(told(answer.statusCode ?? 0, Buffer.concat(parts).toString())));
      },
    );
    // A body that is refused unread may end the connection: that is an answer, too.
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE'
        ? resolve({ status: 413, forAnother: false })
        : reject(error),
    );
    sent.end(bytes);
  });
}

/** `forAnother`: refused because the page was made for another account. */
type Answer = { status: number; forAnother: boolean };

/** A form action that is asked for JSON answers 200, and says in it that and with which status it refused. */
function told(status: number, text: string): Answer {
  if (status !== 200 || !text.startsWith('{"type":"failure"')) return { status, forAnother: false };
  return { status: Failure.parse(JSON.parse(text)).status, forAnother: /other-account|\\"other\\"/.test(text) };
}
