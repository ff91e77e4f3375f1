/** A push in waves: what is judged side by side, and what only after that, because it rests on what came before it in the same push. */
import { asRecord, isFilled, recordsOf, textOf } from '../../domain/json';
import type { Examined } from './examine';

/**
 * In the order pushed. A later revision of a record waits for the earlier one (REC-6), and what names an id that an earlier record brings –
 * a new door, a person who moved in – waits for that one to be known (SCO-6).
 */
export function wavesOf(push: readonly Examined[]): Examined[][] {
  const waves: Examined[][] = [];
  let ids = new Set<string>();
  let brought: string[] = [];
  for (const examined of push) {
    const wave = waves.at(-1);
    const waits = ids.has(examined.entry.id) || brought.some((id) => examined.text.includes(id));
    if (wave && !waits) {
      wave.push(examined);
    } else {
      waves.push([examined]);
      ids = new Set();
      brought = [];
    }
    ids.add(examined.entry.id);
    brought.push(...idsBroughtBy(examined));
  }
  return waves;
}

/** Ids that may be new with this record; too many only make a wave shorter. */
function idsBroughtBy({ raw }: Examined): string[] {
  const body = asRecord(raw['body']);
  if (!body) return [];
  const people = recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .map(({ record }) => record)
    .filter(({ change, sameAs }) => ['moved-in', 'born'].includes(textOf(change)) || isFilled(sameAs));
  const isNewDoor = isFilled(asRecord(body['dwelling'])?.['gridId']);
  const ids = [...people.map(({ id }) => textOf(id)), isNewDoor ? textOf(asRecord(raw['target'])?.['id']) : ''];
  return ids.filter((id) => id !== '');
}
