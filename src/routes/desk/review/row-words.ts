/** One side of a row in words. */
import * as m from '$lib/paraglide/messages';
import { groupNumber, listComma, valueWord } from '../words';
import type { Row } from './view';

export type Side = 'basis' | 'before' | 'after';

/** '' where there is nothing; `number`: the whole one, where somebody looked at it. */
export function sideWord(row: Row, side: Side, number?: string): string {
  const value = valueOf(row, side);
  if (row.field === 'outcome' && row.ask) return row.after === 'vacant' ? livedInWord(side) : doorWord(side, value);
  if (row.field === 'sameAs' && Array.isArray(value)) return value.map(String).join(listComma());
  if (row.field === 'idNumber') return groupNumber(number ?? (typeof value === 'string' ? value : ''));
  if (row.field === 'householdId' && side === 'after' && value === '') return m.merge_new_household();
  // A person who left: where they were, beside how they went.
  const field = row.field === 'change' && side !== 'after' ? 'presence' : row.field;
  return valueWord(field, value, row.list);
}

function valueOf({ basis, before, after }: Row, side: Side): unknown {
  if (side === 'basis') return basis?.known ? basis.value : null;
  return side === 'before' ? before : after;
}

/** *Vacant* of a door where somebody is registered by now, and nobody was when the worker stood there. */
function livedInWord(side: Side): string {
  if (side === 'basis') return m.merge_lived_in_then();
  return side === 'before' ? m.merge_lived_in_now() : valueWord('outcome', 'vacant', 'visit-outcome');
}

/** Whether the door itself stays: that it is struck off, or there after all. */
function doorWord(side: Side, value: unknown): string {
  if (side === 'before') return value === null ? m.merge_door_kept() : m.merge_door_struck();
  if (side === 'after' && value === 'verified') return m.merge_door_back();
  return valueWord('outcome', value, 'visit-outcome');
}
