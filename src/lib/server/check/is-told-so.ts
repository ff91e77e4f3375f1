/** What stands in a feed beside what the office would say now. */
import { open } from '../codec';
import type { Sealed } from '../database/tables';
import { toldText } from '../feeds/bodies/mask';
import { canonicalText } from '../intake/examine';
import { jsonOf } from '../readable';

/** Whether the item's body says what `body` says, in whatever order its fields stand. */
export function isToldSo(told: Sealed, body: object): boolean {
  const said = jsonOf(open(told));
  return said !== undefined && canonicalText(said) === canonicalText(JSON.parse(toldText(body)));
}
