/** Somebody goes from a household to another, or turns out to be one with another: what becomes of the head. */
import type { RegisterDraft } from './draft';
import { livesOn, type ResidentRecord } from './records';

/**
 * Was it the head, the household has none until somebody says who it is: how each of those who stay is related was told to the one who
 * went, and is asked again. A head whom the same decision named already stays.
 */
export function leaveWithoutHead(draft: RegisterDraft, householdId: string, personId: string): void {
  const household = draft.all('household').find(({ id }) => id === householdId);
  if (!household || household.fields.headId !== personId) return;
  draft.set({ ...household, fields: { ...household.fields, headId: null } });
  for (const other of draft.all('resident')) {
    if (other.householdId !== householdId || other.id === personId || !livesOn(other)) continue;
    if (other.fields.relation !== null) draft.set({ ...other, fields: { ...other.fields, relation: null } });
  }
}

/** Was `record` the head of the household where the two were found to be one, `into` is. */
export function headInPlaceOf(draft: RegisterDraft, record: ResidentRecord, into: ResidentRecord): void {
  const household = draft.all('household').find(({ id }) => id === into.householdId);
  if (household?.fields.headId !== record.id) return;
  draft.set({ ...household, fields: { ...household.fields, headId: into.id } });
}
