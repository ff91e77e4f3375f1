/** What stands in a feed beside what the office would say now. */
import { canonicalJson } from '../../sync/digest';
import { open } from '../codec';
import type { Sealed } from '../database/tables';

/** Whether the item's body says what `body` says, in whatever order its fields stand. */
export function isToldSo(told: Sealed, body: object): boolean {
  return canonicalJson(JSON.parse(open(told))) === canonicalJson(JSON.parse(JSON.stringify(body)));
}
