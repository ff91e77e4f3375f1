import * as z from 'zod/mini';

// The policy forbids `eval`, so Zod must not compile its schemas.
z.config({ jitless: true });

export const ssr = false;
export const csr = true;
export const prerender = false;
