/** `npm run admin -- …`: what the office's caretaker does from a terminal; see `npm run admin -- --help`. */
import './node-version.mjs';
import { ensureBuilt } from './ensure-built.mjs';

try {
  await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../build/admin.js');
