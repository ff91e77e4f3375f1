/** `npm run demo [-- --port N]`: a demo community in a new temporary folder, or in DATA_DIR, served by this very process. */
import './node-version.mjs';
import './end-with-npm.mjs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';

const fail = (words) => {
  console.error(words);
  process.exit(1);
};

let port;
try {
  ({ port } = parseArgs({ options: { port: { type: 'string' } } }).values);
} catch {
  fail('用法 / Usage: npm run demo [-- --port N]');
}
if (port !== undefined) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) fail(`端口不对 / Not a port: ${port}`);
  process.env.PORT = port;
}
await ensureBuilt().catch((error) => fail(error.message));
const { serve } = await import('../build/serve.js');
await serve({ demo: true });
