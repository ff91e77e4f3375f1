/** Cells whose formula failed (`#N/A`, `#REF!` …): they hold no value, and each is asked about once. */
import type { Place } from './place';
import { question, type RosterQuestion } from './questions';
import { addressFields, type RosterField } from './fields';
import type { ResidentRow, Value } from './resident-rows';

/** Excel's and WPS's words (ECMA-376 part 1, 18.17.3, and the newer ones), and LibreOffice's `Err:502`. */
const ERROR =
  /^(?:#(?:DIV\/0!|N\/A|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|PYTHON!|GETTING_DATA)|Err:\d{3})$/i;

export function isCellError(text: string): boolean {
  const first = text.charCodeAt(0);
  // a cheap look: `#`, its full-width form, `E`
  return (first === 0x23 || first === 0xff03 || first === 0x45) && ERROR.test(text.normalize('NFKC'));
}

/** `first`: the row is the first that the cell speaks for; the rows below it that leave the cell out are others. */
export type CellError = { field: RosterField; value: Value; first: boolean };

/** Parts a row's values from its errors. `known` holds the errors met so far in the sheet. */
export function withoutErrors(
  values: ResidentRow['values'],
  known: Set<Value>,
): { values: ResidentRow['values']; errors: CellError[] } {
  const errors: CellError[] = [];
  const kept = { ...values };
  for (const field of fieldsOf(values)) {
    const value = values[field];
    if (!value || !isCellError(value.text)) continue;
    delete kept[field];
    errors.push({ field, value, first: !known.has(value) });
    known.add(value);
  }
  return errors.length === 0 ? { values, errors } : { values: kept, errors };
}

function fieldsOf(values: ResidentRow['values']): RosterField[] {
  return Object.keys(values).filter((field): field is RosterField => field in values);
}

export function hasError({ errors }: ResidentRow, field: RosterField): boolean {
  return errors.some((error) => error.field === field);
}

/** Whether errors leave it open which door the row speaks of; `place`: what its other cells say, if that is one. */
export function hidesDoor({ errors }: ResidentRow, place: Place | null): boolean {
  return errors.some(({ field }) => {
    if (!addressFields.includes(field) || field === 'floor') return false;
    if (place === null) return true;
    if (field === 'compound' || field === 'building' || field === 'unit' || field === 'room')
      return place[field] === '';
    return place.building === '' || place.room === '';
  });
}

/** One question a cell. `leftOut`: the row has no door; where a cell further up is why, it says so of itself. */
export function errorQuestions(row: ResidentRow, leftOut: boolean): RosterQuestion[] {
  const own = row.errors.filter(({ first }) => first);
  const asked = own.map(({ field, value }) => {
    if (leftOut && addressFields.includes(field)) return question(row, 'cell_error_place', value);
    return question(row, field === 'name' ? 'cell_error_name' : 'cell_error', value);
  });
  const says = asked.some(({ code }) => code === 'cell_error_place');
  return leftOut && !says ? [...asked, question(row, 'address_missing', row.values.name)] : asked;
}
