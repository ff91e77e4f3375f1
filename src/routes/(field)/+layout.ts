import * as z from 'zod/mini';
import { FieldApp } from './parts/field-app.svelte';

// The policy forbids `eval`, so Zod must not compile its schemas.
z.config({ jitless: true });

export const ssr = false;
export const csr = true;
export const prerender = false;

let app: FieldApp | null = null;

/** The app opens the phone's store while the code of the page is still on its way. */
export function load() {
  app ??= new FieldApp();
  return { app };
}
