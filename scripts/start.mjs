/** `npm start`: the office as it is run for real, on the build that `npm run build` made. */
import './node-version.mjs';
import './end-with-npm.mjs';
import { isBuilt } from './sources.mjs';

if (!isBuilt()) {
  console.error('还没有构建，请先运行 npm run build。\nThere is no build yet: run npm run build first.');
  process.exit(1);
}
const { serve } = await import('../build/serve.js');
await serve({ demo: false });
