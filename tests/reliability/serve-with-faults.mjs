/** The office of the build that has fault points, with the demo community. */
import { serve } from '../../build-faults/serve.js';

await serve({ demo: true });
