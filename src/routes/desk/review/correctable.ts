/** Whether correct-and-approve has anything to type over. */
import { asRecord } from '$lib/domain/json';
import type { CaseView, Row } from './view';

/** A row that stands as an input while somebody corrects; what names another record, or who left, is not typed over. */
export function isCorrectable({ path, fixed, kind }: Pick<Row, 'path' | 'fixed' | 'kind'>): boolean {
  return path !== null && !fixed && kind !== 'left';
}

/** Of the reasons that will stand, those that the record gives: the others are the register's own and stay as they are. */
export function reasonsGiven({ before, after }: Pick<Row, 'before' | 'after'>): Record<string, unknown> {
  const held = asRecord(before) ?? {};
  return Object.fromEntries(Object.entries(asRecord(after) ?? {}).filter(([name, reason]) => held[name] !== reason));
}

/** Something asks that no choice answers: the record can only go back or be put aside. */
export function isUnapprovable({ groups }: Pick<CaseView, 'groups'>): boolean {
  return groups.some(({ rows }) => rows.some(({ ask }) => ask?.takes.length === 0 && ask.candidates.length === 0));
}

/** A record of a door that is all as registered has no value of its own in the table; its whole form has, while that is open. */
export function hasCorrectable({
  groups,
  whole,
  sameNumbers,
}: Pick<CaseView, 'groups' | 'whole' | 'sameNumbers'>): boolean {
  return (
    whole ||
    groups.length === 0 ||
    sameNumbers.some(({ sameAs }) => sameAs !== null) ||
    groups.some(({ rows }) => rows.some((row) => row.ask !== undefined || isCorrectable(row)))
  );
}
