/** Compiles the message catalogue into `src/lib/paraglide`, with the very options of the build. */
import './node-version.mjs';
import { compile } from '@inlang/paraglide-js';
import { paraglideOptions } from '../paraglide.config.js';
import { root } from './sources.mjs';

process.chdir(root);
await compile(paraglideOptions);
