/** Dates as rosters write them, as part dates (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`). */
import { readChineseNumber } from '../../domain/chinese-number';
import { cellText, type Cell } from './cell';

const DAY = 86_400_000;
/** Day 0 of the spreadsheet's calendar, so that day 26951 is 1973-10-14 (ECMA-376 part 1, 18.17.4.1; days after 1900-02-28). */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);

/** `date` is null where the cell holds something that is no date. `lunar`: the cell says so; then only the year is taken. */
export type ReadDate = { date: string | null; lunar: boolean };

/**
 * 19651120 · 1965.11.20 · 1965-11-20 · 1965/3/2 · 1965年3月 · 1965年11月20日 · 196503 · 1965 · a spreadsheet's own date · its day number.
 */
export function readDate(cell: Cell): ReadDate {
  if (cell instanceof Date)
    return { date: Number.isNaN(cell.getTime()) ? null : inCentury(cell.toISOString().slice(0, 10)), lunar: false };
  const text = inDigits(
    cellText(cell)
      .normalize('NFKC')
      .replace(/\s+(?=\d{1,2}:)/, 'T')
      .replace(/\s/g, ''),
  );
  const lunar = /[农阴旧]历|^[农阴]|[腊正冬]月|初[一二三四五六七八九十\d]/.test(text);
  if (lunar) return { date: inCentury(/(?:19|20)\d{2}/.exec(text)?.[0] ?? ''), lunar };
  return { date: partDate(text, typeof cell === 'number'), lunar };
}

/** 二〇〇一年三月 → 2001年3月. */
function inDigits(text: string): string {
  return text
    .replace(/[〇零○一二三四五六七八九]{4}(?=年)/, (year) =>
      String(readChineseNumber(year.replaceAll('○', '〇')) ?? year),
    )
    .replace(/[一二三四五六七八九十]{1,3}(?=[月日号])/g, (number) => String(readChineseNumber(number) ?? number));
}

function partDate(text: string, isNumber: boolean): string | null {
  const plain = text
    .replace(/^[^\d]+/, '')
    .replace(/T?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?$/, '')
    .replace(/[生号日。.]+$/, '');
  const whole = /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? /^(\d{4})[-./年\\]+(\d{1,2})[-./月\\]+(\d{1,2})$/.exec(plain);
  if (whole) return day(whole[1], whole[2], whole[3]);
  // 1965.1 as a number may have been 1965.10: the spreadsheet drops the nought
  if (isNumber && /^\d{4}\.1$/.test(plain)) return inCentury(plain.slice(0, 4));
  const month = /^(\d{4})(\d{2})$/.exec(plain) ?? /^(\d{4})[-./年\\]+(\d{1,2})月?$/.exec(plain);
  if (month) return day(month[1], month[2]);
  const year = /^(\d{4})年?$/.exec(plain)?.[1];
  if (year && inCentury(year)) return year;
  if (/^\d{4,5}$/.test(plain) && isSerial(Number(plain))) {
    return inCentury(new Date(SERIAL_ZERO + Number(plain) * DAY).toISOString().slice(0, 10));
  }
  if (/^\d{5}\.\d+$/.test(text)) return partDate(text.slice(0, 5), true);
  return null;
}

function isSerial(number: number): boolean {
  return number > 60 && number < 73_050;
}

function day(year = '', month = '', dayOfMonth = ''): string | null {
  if (Number(month) < 1 || Number(month) > 12) return null;
  const yearAndMonth = `${year}-${month.padStart(2, '0')}`;
  if (dayOfMonth === '') return inCentury(yearAndMonth);
  const full = `${yearAndMonth}-${dayOfMonth.padStart(2, '0')}`;
  const real = new Date(`${full}T00:00:00Z`);
  const exists = !Number.isNaN(real.getTime()) && real.toISOString().slice(0, 10) === full;
  return exists ? inCentury(full) : null;
}

function inCentury(date: string): string | null {
  return date >= '1900' && date < '2100' ? date : null;
}
