/** `npm run simulate -- --seed S --minutes N --database sqlite|postgres|both`: the simulation by itself (tests/simulation/README.md). */
import './node-version.mjs';
import { createServer } from 'vite';
import { root } from './sources.mjs';

process.chdir(root);
process.env.TZ = 'Asia/Shanghai';
const server = await createServer({
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
});
try {
  const { main } = await server.ssrLoadModule('/tests/simulation/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await server.close();
}
