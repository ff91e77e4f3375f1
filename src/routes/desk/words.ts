/** The desk's words for what the register and submissions hold: fields, codes, days, people. Both languages, server and browser alike. */
import { codeLabel } from '$lib/domain/codes/code-label';
import { codeLists, type CodeListId } from '$lib/domain/codes/codes';
import { toTimestamp } from '$lib/domain/calendar';
import { groupPhone } from '$lib/domain/phone-number';
import type { Field } from '$lib/forms/definition';
import { careVisit } from '$lib/forms/definitions/care-visit';
import { householdVerification } from '$lib/forms/definitions/household-verification';
import { dwellingFields, householdFields } from '$lib/forms/definitions/register-fields';
import { fieldAt } from '$lib/forms/paths';
import * as m from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';
import type { Role } from '$lib/sync/items';

/** Which list gives the words for a field's codes, by the field's name: as the register's fields and their form declare it. */
const declared: readonly (Field | null)[] = [
  ...(fieldAt(householdVerification, ['households', 'residents'])?.fields ?? []),
  ...householdFields,
  ...dwellingFields,
  fieldAt(householdVerification, ['how']),
];
const listOf = new Map(declared.map((field) => [field?.name, field?.codeList]));
listOf.set('suggestedCareGroups', 'care-group');

/** Fields that a care visit answers on the scale of five. */
const onScale = new Set(
  (fieldAt(careVisit, ['condition'])?.fields ?? []).flatMap(({ name, type }) => (type === 'scale' ? [name] : [])),
);

/** A message by a key that is known only at run time; null where the catalogue has none. */
export function wordOf(key: string, inputs: Record<string, string | number> = {}): string | null {
  const entry: unknown = Reflect.get(m, key);
  return typeof entry === 'function' ? String(Reflect.apply(entry, undefined, [inputs])) : null;
}

/** The label of a field; the last name of its path counts. */
export function fieldWord(field: string): string {
  return wordOf(`label_${field}`) ?? wordOf(`desk_field_${snake(field)}`) ?? field;
}

/** The label that a form gives to a field; its name's own where the form is not known. */
export function labelWord(field: Field | null, name: string): string {
  return (field && (field.words?.[getLocale()] ?? wordOf(field.label))) ?? fieldWord(name);
}

export function codeWord(list: CodeListId, code: string): string {
  return codeLabel(list, code, getLocale());
}

export function roleWord(role: Role): string {
  return {
    administrator: m.desk_role_administrator,
    coordinator: m.desk_role_coordinator,
    'grid-worker': m.desk_role_grid_worker,
    volunteer: m.desk_role_volunteer,
  }[role]();
}

/** A value as people read it; '' where there is none. `list` overrules what the field's name says. */
export function valueWord(field: string, value: unknown, list?: CodeListId): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? m.desk_yes() : m.desk_no();
  if (Array.isArray(value))
    return value
      .map((entry) => valueWord(field, entry, list))
      .filter(Boolean)
      .join(listComma());
  if (typeof value === 'object') return objectWord(value, field === 'missing' ? 'missing-reason' : undefined);
  if (typeof value === 'number' && onScale.has(field)) return scaleWord(value);
  const text = String(value);
  if (field === 'raisedBy')
    return { worker: m.desk_raised_worker(), anonymous: m.field_raised_anonymous() }[text] ?? text;
  const codes = list ?? listOf.get(field);
  if (codes && codes in codeLists) return codeWord(codes, text);
  if (/phone$/i.test(field)) return groupPhone(text);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return timeWord(text);
  if (/^\d{4}(-\d{2}){0,2}$/.test(text)) return dayWord(text);
  return text;
}

/** A step of the scale in the words that the phone asks with; the number where the scale has no such step. */
export function scaleWord(step: number): string {
  return wordOf(`field_scale_${step}`) ?? String(step);
}

function objectWord(value: object, list?: CodeListId): string {
  const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== '');
  return entries.map(([name, entry]) => `${fieldWord(name)} ${valueWord(name, entry, list)}`).join(listComma());
}

export function listComma(): string {
  return getLocale() === 'en' ? ', ' : '、';
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day or part date: 2026年10月16日, 2026年10月, 2026年; without the year where it is `year`. */
export function dayWord(day: string, year = ''): string {
  const [y, month, date] = day.split('-');
  const english = getLocale() === 'en';
  if (!month) return english ? `${y}` : `${y}年`;
  const named = english ? (MONTHS[Number(month) - 1] ?? month) : `${Number(month)}月`;
  const days = date ? (english ? `${Number(date)} ${named}` : `${named}${Number(date)}日`) : named;
  if (y === year) return days;
  return english ? `${days} ${y}` : `${y}年${days}`;
}

/** A moment by the community's clock: the hour alone for today, the day beside it otherwise. `now`: RFC 3339 with offset +08:00. */
export function timeWord(at: string, now = ''): string {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return at;
  const local = toTimestamp(moment);
  const hour = local.slice(11, 16);
  if (now && local.slice(0, 10) === now.slice(0, 10)) return hour;
  return `${dayWord(local.slice(0, 10), now.slice(0, 4))} ${hour}`;
}

/** How long ago, in the coarsest unit that says it. */
export function agoWord(at: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / 60_000));
  if (minutes < 2) return m.desk_ago_now();
  if (minutes < 60) return m.desk_ago_minutes({ n: minutes });
  if (minutes < 48 * 60) return m.desk_ago_hours({ n: Math.floor(minutes / 60) });
  return m.desk_ago_days({ n: Math.floor(minutes / 1440) });
}

/** Seconds a form was open: 1 分 12 秒. */
export function spanWord(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60
    ? m.desk_seconds({ seconds: whole })
    : m.desk_minutes_seconds({ minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/** A resident identity number or its mask in groups of 6, 4, 4, 4. */
export function groupNumber(text: string): string {
  return /^[\d*]{17}[\dX*]$/.test(text)
    ? `${text.slice(0, 6)} ${text.slice(6, 10)} ${text.slice(10, 14)} ${text.slice(14)}`
    : text;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
