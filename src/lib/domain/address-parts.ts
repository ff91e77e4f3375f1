/** The parts of an address as single cells hold them: `1号楼`, `1单元`, `101室`, `负一层`. */
import { plainNumber, readChineseNumber } from './chinese-number';

const MAX_FLOOR = 60;
const MIN_FLOOR = -3;

/**
 * One line of an address made comparable: full-width to ASCII, every dash to `-`, no spaces, quotes or commas.
 * Spaces, slashes and dots between two numbers become `-`: `1 1 101`, `1/1/101`.
 */
export function tidyAddress(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‐‑‒–—―−﹣─━~～]/g, '-')
    .replace(/(\d)\s*[\s/\\.·]\s*(?=-?\d)/g, '$1-')
    .replace(/[\s,;"'“”‘’。、，；]/g, '')
    .replace(/-{2,}(?!\d)/g, '-');
}

/** `1号楼`, `1#楼`, `1#`, `１栋`, `一幢`, `A座` → `1`, `1`, `1`, `1`, `1`, `A`; a name of its own (`综合楼`) stays. */
export function plainBuilding(text: string): string {
  const tidy = tidyAddress(text).replace(/^第/, '');
  const short = /^(.+?)(?:号院?楼|#楼?|号|栋楼?|幢楼?|座)$/.exec(tidy)?.[1] ?? tidy;
  const bare = /^([\dA-Za-z]+|[一二三四五六七八九十]+|[甲乙丙丁戊己庚辛壬癸])楼$/.exec(short)?.[1] ?? short;
  return plainNumber(bare);
}

/** `1单元`, `一单元`, `甲单元`, `2门` → `1`, `1`, `甲`, `2`; `无` and `0` mean that there is none. */
export function plainUnit(text: string): string {
  const tidy = tidyAddress(text).replace(/^第/, '');
  const short = /^(.+?)(?:号?单元|单|号?门洞?|梯)$/.exec(tidy)?.[1] ?? tidy;
  const unit = plainNumber(short);
  return /^(?:0|-|无|\/)$/.test(unit) ? '' : unit;
}

/** `101室`, `１０１`, `101号`, `负101` → `101`, `101`, `101`, `-101`. */
export function plainRoom(text: string): string {
  const tidy = tidyAddress(text).replace(/^负(?=\d)/, '-');
  const short = /^(.*\d[A-Za-z]?|[甲乙丙丁])(?:号?室|号?房|号|户)$/.exec(tidy)?.[1] ?? tidy;
  return /^(?:-|无|\/)$/.test(short) ? '' : short.toUpperCase();
}

/** A floor as a cell states it: `3`, `3层`, `三楼`, `负一层`, `B1`, `地下一层`; `null` when it states none. */
export function readFloor(text: string): number | null {
  const tidy = tidyAddress(text).replace(/(?:层|楼|F)$/i, '');
  const below = /^(?:-|负|B|地下)([\d一二三])$/i.exec(tidy)?.[1];
  if (below) return inRange(-(readChineseNumber(below) ?? Number(below)));
  if (/^地下(?:室)?$/.test(tidy)) return -1;
  if (/^\d{1,2}$/.test(tidy)) return inRange(Number(tidy));
  const chinese = readChineseNumber(tidy);
  return chinese === null ? null : inRange(chinese);
}

/**
 * The floor that a room number tells: `302` → 3, `1201` → 12, `-101` and `B101` → −1.
 * `null` where it tells none (`东户`, `5`).
 */
export function floorOfRoom(room: string): number | null {
  const below = /^(?:-|负|B|D)([1-3])?\d{0,2}/i.exec(room);
  if (below && room.length > 1) return -Number(room.length > 3 ? (below[1] ?? 1) : 1);
  const digits = /^[A-Za-z]?(\d{3,4})(?!\d)/.exec(room)?.[1];
  if (!digits) return null;
  const floor = Number(digits.slice(0, -2));
  return floor === 0 ? null : inRange(floor);
}

function inRange(floor: number): number | null {
  return floor >= MIN_FLOOR && floor <= MAX_FLOOR && floor !== 0 ? floor : null;
}
