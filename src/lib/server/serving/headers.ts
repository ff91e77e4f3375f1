/** Headers of every answer: files and the phone's shell too, which the built app serves before its own hooks are asked. */
import type { ServerResponse } from 'node:http';

/** For what is no page: SvelteKit puts a stricter policy, with a nonce, on each page that it renders. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()',
};

/** Called before anything else is written; what the app sets itself takes the place of these. */
export function setSafeHeaders(response: ServerResponse, overTls: boolean): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (overTls) response.setHeader('strict-transport-security', 'max-age=31536000');
}
