/** Passwords: how they are kept (argon2id), which are taken, and how one is made. */
import { hash, verify } from '@node-rs/argon2';
import type { World } from '../../domain/world';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const passwordLength = { min: 8, max: 128 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

export async function verifyPassword(kept: string, password: string): Promise<boolean> {
  // A damaged hash is a wrong password, not a broken office.
  return verify(kept, password).catch(() => false);
}

export function isPassword(text: string): boolean {
  const length = [...text].length;
  return length >= passwordLength.min && length <= passwordLength.max;
}

/** Letters and digits that nobody mistakes for another when they are read out or copied by hand: 32 signs, 5 bits each. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password for somebody who will be told it: four groups of four signs, 80 bits. */
export function makePassword(world: World): string {
  const signs = Array.from(world.randomBytes(16), (byte) => alphabet.charAt(byte % alphabet.length));
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join('')).join('-');
}
