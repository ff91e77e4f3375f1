/** A coordinator's own correction of one value: written with its reason, told to the phones at once. */
import * as z from 'zod/mini';
import { addressFields } from '../../domain/door-key';
import { checkIdentityNumber, mendIdentityNumber } from '../../domain/identity-number';
import { mendName } from '../../domain/personal-name';
import { mendPhone, isPhone } from '../../domain/phone-number';
import { DwellingFields, HouseholdFields, ResidentFields } from '../../domain/register';
import { audit } from '../audit/audit';
import { recomputeDoors } from '../coverage/recompute';
import type { Transaction } from '../database/database';
import { lockCommunity } from '../database/locks';
import type { Office, SignedIn } from '../office';
import { otherDoorAt } from './find-door';
import { provenanceOf, type Origin } from './provenance';
import { loadRecords } from './read';
import type { RegisterRecord } from './records';
import { republishTouched } from './republish';
import { updateDwelling, updateHousehold, updateResident } from './rows';

export type ValueCorrection = {
  entity: 'dwelling' | 'household' | 'resident';
  id: string;
  field: string;
  /** As the register holds it; '' or null empties it where it may be empty. */
  value: unknown;
  /** Why; required. */
  reason: string;
  /** Since when the value holds that was on the screen (`Provenance.since`): one that came meanwhile is not written over. Left out where none was shown. */
  since?: string;
};
export type CorrectionAnswer =
  | { done: true }
  /** `changed`: somebody else changed it since it was shown. */
  | { refused: 'unknown' | 'reason' | 'field' | 'unchanged' | 'changed' }
  | { refused: 'value'; code: string }
  /** The same person corrected it so already, at that time: pressed again, since no answer came. */
  | { refused: 'before'; at: string };

/** What the desk may correct: the fields of the record, but not who is head of what, nor where a person or a door belongs. */
const schemas = {
  dwelling: z.omit(DwellingFields, { compound: true, building: true, partOf: true, missing: true }),
  household: z.omit(HouseholdFields, { headId: true, missing: true }),
  resident: z.omit(ResidentFields, { contacts: true, missing: true }),
};

/** One or some of the fields. */
const Given = {
  dwelling: z.partial(DwellingFields),
  household: z.partial(HouseholdFields),
  resident: z.partial(ResidentFields),
};

export async function correctValue(
  office: Office,
  account: SignedIn,
  { entity, id, field, value, reason, since }: ValueCorrection,
): Promise<CorrectionAnswer> {
  const words = reason.trim();
  if (words === '') return { refused: 'reason' };
  return office.database.write(async (tx): Promise<CorrectionAnswer> => {
    const { communityId } = account;
    await lockCommunity(tx, communityId);
    const record = (await loadRecords(tx, communityId, entity, [id])).get(id);
    if (!record || isGone(record) || (await isOfGoneDoor(tx, communityId, record))) return { refused: 'unknown' };
    const checked = checkedValue(record, field, value);
    if ('refused' in checked) return checked;
    if (isOver(record, field, checked.fields[field], since)) return { refused: 'changed' };
    const code =
      (await faultOfRelation(tx, communityId, record, checked.fields)) ??
      (await faultOfAddress(tx, communityId, record, checked.fields));
    if (code !== null) return { refused: 'value', code };
    const origin = originOfCorrection(office, account, words);
    const written = await write(tx, communityId, entity, id, checked.fields, origin);
    if (written.version === record.version) return ownBefore(record, field, since, account) ?? { refused: 'unchanged' };
    await audit(tx, office.world, account, 'register.correct', { type: entity, id });
    const door = 'dwellingId' in record ? record.dwellingId : record.id;
    const doors = await recomputeDoors(tx, communityId, [door]);
    await republishTouched(tx, communityId, { doors, buildings: [], residents: entity === 'resident' ? [id] : [] });
    return { done: true };
  });
}

/** Another value than the one that was shown stands there by now; the very same one is no conflict. */
function isOver(record: RegisterRecord, field: string, value: unknown, since: string | undefined): boolean {
  if (since === undefined || record.type === 'building') return false;
  const held: Record<string, unknown> = record.fields;
  const isSame = JSON.stringify(held[field] ?? null) === JSON.stringify(value ?? null);
  return !isSame && provenanceOf(record.provenance, field).since !== since;
}

/** What stands there is the account's own correction, of after the page was made. */
export function ownBefore(
  record: RegisterRecord,
  field: string,
  since: string | undefined,
  account: SignedIn,
): Extract<CorrectionAnswer, { refused: 'before' }> | null {
  if (record.type === 'building') return null;
  const held = provenanceOf(record.provenance, field);
  const isOwn = held.from === 'correction' && held.by === account.id;
  return since !== undefined && held.since !== since && isOwn ? { refused: 'before', at: held.since } : null;
}

function isGone(record: RegisterRecord): boolean {
  return ('retiredAt' in record && record.retiredAt !== null) || ('endedAt' in record && record.endedAt !== null);
}

/** A household goes with its door; who is registered there can still be corrected. */
async function isOfGoneDoor(tx: Transaction, communityId: string, record: RegisterRecord): Promise<boolean> {
  if (record.type !== 'household') return false;
  const door = (await loadRecords(tx, communityId, 'dwelling', [record.dwellingId])).get(record.dwellingId);
  return door?.retiredAt !== null;
}

/** Who is head is told of the household, with everybody's relation (`correct-head.ts`): here nobody becomes one, and none is left. */
async function faultOfRelation(
  tx: Transaction,
  communityId: string,
  record: RegisterRecord,
  { relation }: Record<string, unknown>,
): Promise<'two_heads' | 'head_mismatch' | null> {
  if (record.type !== 'resident' || relation === undefined || relation === record.fields.relation) return null;
  if (relation === '02') return 'two_heads';
  const household = (await loadRecords(tx, communityId, 'household', [record.householdId])).get(record.householdId);
  return household?.fields.headId === record.id ? 'head_mismatch' : null;
}

/** An address is one door. */
async function faultOfAddress(
  tx: Transaction,
  communityId: string,
  record: RegisterRecord,
  fields: Record<string, unknown>,
): Promise<'door_there' | null> {
  if (record.type !== 'dwelling' || !addressFields.some((field) => field in fields)) return null;
  const address = { ...record.fields, ...Given.dwelling.parse(fields) };
  const other = await otherDoorAt(tx, communityId, record.gridId, address, record.id);
  return other === null ? null : 'door_there';
}

/** A value that the office itself says; nobody at the door has confirmed it. */
export function originOfCorrection(office: Office, account: SignedIn, reason: string): Origin {
  const since = new Date(office.world.now()).toISOString();
  const unconfirmed = { confirmedAt: null, confirmedBy: null, how: null };
  return { since, from: 'correction', by: account.id, ...unconfirmed, reason };
}

type Checked = { fields: Record<string, unknown> } | Extract<CorrectionAnswer, { refused: string }>;

function checkedValue(record: RegisterRecord, field: string, value: unknown): Checked {
  if (record.type === 'building') return { refused: 'field' };
  const shape: Record<string, z.ZodMiniType> = schemas[record.type].shape;
  const schema = Object.hasOwn(shape, field) ? shape[field] : undefined;
  if (!schema) return { refused: 'field' };
  const mended = typeof value === 'string' ? mend(field, value) : value;
  const parsed = schema.safeParse(mended === '' && !schema.safeParse('').success ? null : mended);
  if (!parsed.success) return { refused: 'value', code: parsed.error.issues[0]?.message ?? 'code' };
  const code = faultOf(record, field, parsed.data);
  if (code !== null) return { refused: 'value', code };
  // A value that came makes the reason for its absence go.
  if (!record.fields.missing?.[field]) return { fields: { [field]: parsed.data } };
  const { [field]: _answered, ...missing } = record.fields.missing;
  return { fields: { [field]: parsed.data, missing } };
}

function mend(field: string, text: string): string {
  if (field === 'idNumber') return mendIdentityNumber(text);
  if (field === 'name') return mendName(text);
  return /phone$/i.test(field) ? mendPhone(text) : text.trim();
}

function faultOf(record: RegisterRecord, field: string, value: unknown): string | null {
  if (field === 'name' && value === '') return 'required';
  if (typeof value !== 'string' || value === '') return null;
  if (/phone$/i.test(field)) return isPhone(value) ? null : 'phone';
  if (field !== 'idNumber' || record.type !== 'resident' || record.fields.idType !== 'resident-id') return null;
  const check = checkIdentityNumber(value);
  return check.ok ? null : check.code;
}

/** One field, checked against the record's own schema before it comes here. */
async function write(
  tx: Transaction,
  communityId: string,
  entity: ValueCorrection['entity'],
  id: string,
  fields: Record<string, unknown>,
  origin: Origin,
): Promise<RegisterRecord> {
  switch (entity) {
    case 'dwelling':
      return updateDwelling(tx, communityId, id, { fields: Given.dwelling.parse(fields) }, origin);
    case 'household':
      return updateHousehold(tx, communityId, id, { fields: Given.household.parse(fields) }, origin);
    case 'resident':
      return updateResident(tx, communityId, id, { fields: Given.resident.parse(fields) }, origin);
  }
}
