// What every peer's page does alike: window.bench for the bench to call, and ?building=… for the cold start.
import { submissions } from '../data.mjs';

export const option = new URLSearchParams(location.search);

function show(items) {
  const table = document.createElement('table');
  for (const { type, body } of items) {
    const row = table.insertRow();
    for (const text of [
      type,
      body.room ?? body.name ?? body.kind,
      body.phone ?? body.contactPhone,
      body.note ?? '',
      body.registeredAddress ?? body.use ?? body.tenure,
    ])
      row.insertCell().textContent = text;
  }
  document.querySelector('main').replaceChildren(table);
  return new Promise((painted) =>
    requestAnimationFrame(() => {
      const c = new MessageChannel();
      c.port1.onmessage = painted;
      c.port2.postMessage(0);
    }),
  );
}

const plain = (e) => {
  throw new Error(e instanceof Error && e.stack ? `${e.message} ${JSON.stringify(e)}` : JSON.stringify(e));
}; // PouchDB throws objects that say nothing as text
async function timed(work) {
  const from = performance.now();
  const result = await work().catch(plain),
    seconds = (performance.now() - from) / 1000;
  await result?.settled;
  return { seconds };
}

/** peer: { open, pull, push, count, read(items), queue(records), building(key) } – all return promises. What pull or push resolves to may
 *  hold `settled`, a promise of clearing up that is waited for (and whose requests count) but not timed. */
export function run(peer) {
  const opened = peer.open();
  window.bench = {
    ready: () => opened.then(() => true),
    pull: () => timed(peer.pull),
    push: () => timed(peer.push),
    count: peer.count,
    read: peer.read,
    queue: (n, of, seed) => {
      const records = submissions(n, of, seed);
      return timed(() => peer.queue(records));
    },
    spin: () => {
      const from = performance.now();
      let x = 0;
      for (let i = 0; i < 3e7; i++) x = (x * 31 + i) | 0;
      return { ms: performance.now() - from, x };
    },
  };
  const key = option.get('building');
  if (key)
    opened
      .then(() => peer.building(key))
      .then(
        async (items) => {
          await show(items);
          window.shown = {
            ms: performance.now(),
            rows: document.querySelectorAll('tr').length,
            ids: items.map((i) => i.id).sort(),
          };
        },
        (e) => {
          window.shown = { error: String(e?.stack ?? e) };
        },
      );
}
