/** A revision's text and the problems of its receipt, on their way through the vault. */
import * as z from 'zod/mini';
import { Problem } from '../sync/revision';
import type { Sealed, Vault } from './vault';

const RevisionBody = z.object({ text: z.string(), problems: z.catch(z.array(Problem), []) });
/** The text exactly as it is pushed (REC-8). */
export type RevisionBody = z.infer<typeof RevisionBody>;

export function sealRevision(vault: Vault, body: RevisionBody): Promise<Sealed> {
  return vault.seal(body);
}

/** Rejects when the body holds no revision. */
export async function openRevision(vault: Vault, sealed: Sealed): Promise<RevisionBody> {
  return RevisionBody.parse(await vault.open(sealed));
}
