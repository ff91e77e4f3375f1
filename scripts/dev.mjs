/** `npm run dev`: the app with live reload, on the data of DATA_DIR (default ./data). */
import './node-version.mjs';
import './end-with-npm.mjs';
import { createServer } from 'vite';
import { root } from './sources.mjs';

process.chdir(root);
const server = await createServer({
  root,
  server: { host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 5173) },
});
await server.listen();
server.printUrls();
