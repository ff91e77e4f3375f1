/** Rooms and units in the order in which one meets them on the stair. */

const STEMS = '甲乙丙丁戊己庚辛壬癸';
const collator = new Intl.Collator('zh-CN', { numeric: true });

/** `2` before `10`, numbers before 甲 乙 丙, those before letters and words; none comes first. */
export function compareUnits(left: string, right: string): number {
  return rank(left) - rank(right) || inRank(left, right);
}

/** Basements first, then by number (`302` before `1001`), `302A` after `302`; words by their sound. */
export function compareRooms(left: string, right: string): number {
  const [first, second] = [roomNumber(left), roomNumber(right)];
  if (first !== null && second !== null && first !== second) return first - second;
  if (first !== null && second === null) return -1;
  if (first === null && second !== null) return 1;
  return collator.compare(left, right);
}

function roomNumber(room: string): number | null {
  const below = /^(?:-|负|[BD])(\d+)/i.exec(room)?.[1];
  if (below) return -Number(below);
  const digits = /^[A-Za-z]?(\d+)/.exec(room)?.[1];
  return digits ? Number(digits) : null;
}

function rank(unit: string): number {
  if (unit === '') return 0;
  if (/^\d/.test(unit)) return 1;
  return STEMS.includes(unit) ? 2 : 3;
}

function inRank(left: string, right: string): number {
  const stems = rank(left) === 2 ? STEMS.indexOf(left) - STEMS.indexOf(right) : 0;
  return stems || collator.compare(left, right);
}
