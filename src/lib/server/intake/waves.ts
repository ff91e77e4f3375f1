/** A push in waves: what is judged side by side, and what only after that, because it may rest on what came before it in the same push. */
import { asRecord, isFilled, recordsOf, textOf } from '../../domain/json';
import type { Examined } from './examine';

/**
 * In the order pushed, so that a record is found as it would be if it came alone. One waits for what came before about the same record (REC-6) or the
 * same door, whose people it may name; and what brings an id – a new door, somebody who moved in (SCO-6) – or corrects an earlier revision, which may
 * have brought one, is the last of its wave.
 */
export function wavesOf(push: readonly Examined[]): Examined[][] {
  const waves: Examined[][] = [];
  let taken = new Set<string>();
  let isClosed = true;
  for (const examined of push) {
    const names = [examined.entry.id, targetOf(examined)];
    const wave = waves.at(-1);
    if (wave && !isClosed && !names.some((name) => taken.has(name))) {
      wave.push(examined);
    } else {
      waves.push([examined]);
      taken = new Set();
    }
    for (const name of names) taken.add(name);
    isClosed = examined.entry.revision > 1 || bringsIds(examined);
  }
  return waves;
}

function targetOf({ raw }: Examined): string {
  return textOf(asRecord(raw['target'])?.['id']);
}

/** Whether ids may come into being with this record; a guess too many only makes a wave shorter. */
function bringsIds({ raw }: Examined): boolean {
  const body = asRecord(raw['body']);
  if (!body) return false;
  if (isFilled(asRecord(body['dwelling'])?.['gridId'])) return true;
  return recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .some(({ record: { change, sameAs } }) => ['moved-in', 'born'].includes(textOf(change)) || isFilled(sameAs));
}
