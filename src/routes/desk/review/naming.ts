/** How the fields of an open record are named, and which of its states the page shows; the page's forms share it. */
import { createContext } from 'svelte';
import { keyOf } from '../answer-keys';
import type { Path } from './answers';
import type { Question, Row } from './view';

export type Naming = {
  /** See `answer-keys.ts`. */
  key: (path: Path) => string;
  /** The question's; one that is about a person of the register has its own. */
  question: (ask: Pick<Question, 'key' | 'path'>) => string;
  /** Another one where the record or the register of its door is another: what stands masked may have changed unseen. */
  version: () => string;
};
export const [namingOf, setNaming] = createContext<Naming>();

/** `body`, `version`: of the record that is open, whenever they are asked for. */
export function naming(body: () => unknown, version: () => string): Naming {
  const key = (path: Path) => keyOf(body(), path);
  return {
    key,
    question: (ask) => (ask.path && JSON.stringify(ask.path) === ask.key ? key(ask.path) : ask.key),
    version,
  };
}

/** What stands on both sides of a question: the choice between them is for these alone. */
export function sidesIn(row: Row, version: string): string {
  const { before, after, ask, maskedBefore, maskedAfter } = row;
  return JSON.stringify([before, after, ask?.candidates ?? [], maskedBefore || maskedAfter ? version : '']);
}
