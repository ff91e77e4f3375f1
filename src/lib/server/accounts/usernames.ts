/** What people sign in with: short, typed on phones, in Latin or Chinese. */

export const usernameLength = { min: 2, max: 30 } as const;

/** Letters and digits of any script, with `.`, `_` and `-` between. */
export function isUsername(text: string): boolean {
  const length = [...text].length;
  return (
    length >= usernameLength.min &&
    length <= usernameLength.max &&
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u.test(text)
  );
}

/** One spelling of a username, as the sign-in library keeps it: a phone's keyboard begins with a capital. */
export function plainUsername(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
