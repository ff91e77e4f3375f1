// What every peer's server process does alike: serves its page, and answers the bench over IPC (never over the counted wire).
import express from 'express';
import { fileURLToPath } from 'node:url';

const pages = fileURLToPath(new URL('../.cache/pages', import.meta.url));

/** make(app, { items, seed, dir }) mounts the peer's sync API and returns what the bench may call: change(n), sent(ids), version(). */
export async function serve(make) {
  const app = express();
  app.disable('x-powered-by');
  app.use('/app', express.static(pages, { maxAge: '365d', immutable: true })); // the shell comes from the browser's cache, as a precached PWA's would
  const calls = {
    ...(await make(app, JSON.parse(process.argv[2]))),
    cpu: () => {
      const c = process.cpuUsage();
      return (c.user + c.system) / 1e6;
    },
  };
  process.on('message', async ({ n, call, args }) => {
    try {
      process.send({ n, result: await calls[call](...args) });
    } catch (e) {
      process.send({ n, error: String(e?.stack ?? e) });
    }
  });
  process.on('disconnect', () => process.exit());
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  server.keepAliveTimeout = 120_000;
}
