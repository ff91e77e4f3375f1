import { textIn } from './form-text';

/** Masked numbers that somebody looked at. They stand for what was beneath then: over another revision, or another register, they are gone. */
export type Looked = {
  /** What the page showed: `Naming.version`. */
  version: string;
  /** By what the button said whose it is. */
  numbers: Record<string, string>;
};

/** The numbers that still stand, in a page that shows `version`. */
export function lookedAt(looked: Looked | undefined, version: string): Record<string, string> {
  return looked?.version === version ? looked.numbers : {};
}

/** Those that a form asks for (`look`), the ones that its page shows already among them, to be seen side by side. `lookAt`: null where there is none. */
export async function numbersIn(form: FormData, lookAt: (key: string) => Promise<string | null>): Promise<Looked> {
  const numbers: Record<string, string> = {};
  for (const key of new Set(form.getAll('look').filter((entry) => typeof entry === 'string'))) {
    const number = await lookAt(key);
    if (number !== null) numbers[key] = number;
  }
  return { version: textIn(form, 'version'), numbers };
}
