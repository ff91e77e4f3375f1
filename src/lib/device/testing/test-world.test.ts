import { expect, it } from 'vitest';

it('digests one after the other, so that what waits for the last has waited for all', async () => {
  const ended: string[] = [];
  const digest = (name: string, bytes: number) =>
    crypto.subtle.digest('SHA-256', new Uint8Array(bytes)).then(() => ended.push(name));
  await Promise.all([digest('large', 20_000_000), digest('small', 1)]);
  expect(ended).toEqual(['large', 'small']);
});
