/** Masked numbers that a form of the desk asks to see. */
import { textIn } from './form-text';
import type { Looked } from './looked';

/** Those that a form asks for (`look`), the ones that its page shows already among them, to be seen side by side. `lookAt`: null where there is none. */
export async function numbersIn(form: FormData, lookAt: (key: string) => Promise<string | null>): Promise<Looked> {
  const numbers: Record<string, string> = {};
  for (const key of new Set(form.getAll('look').filter((entry) => typeof entry === 'string'))) {
    const number = await lookAt(key);
    if (number !== null) numbers[key] = number;
  }
  return { version: textIn(form, 'version'), numbers };
}
