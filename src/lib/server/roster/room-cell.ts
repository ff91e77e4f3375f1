/** What a room's cell says: a room, a unit and a room, or a whole address; and where it says more than one door. */
import {
  floorOfRoom,
  parseAddress,
  plainBuilding,
  plainRoom,
  plainUnit,
  tidyAddress,
  type Address,
} from '../../domain/address';

/** What other cells of the row say; empty where they say nothing. `titled`: the building of a title above the row, which the row may overrule. */
export type Beside = { compound: string; building: string; unit: string; titled: string };
export type RoomCell = Address & {
  /** The cell names another compound, building or unit than the columns of these. */
  contradicts: boolean;
};

const nowhere: Address = { compound: '', building: '', unit: '', floor: 1, room: '', remainder: '' };

/** Words that only an address has, or a compound's name before dashed numbers. */
const ADDRESS = /单元|号楼|#|栋|幢|座|(?<!^)[路街巷弄]\d|\p{Script=Han}{2}\d{1,2}-\d/u;
const UNIT_AND_ROOM = /^(\d{1,2}|[甲乙丙丁A-D])(?:单元-?|-)(\d{3,4}[A-Za-z]?(?:-\d{1,2})?)(?:号?室|号|户)?$/;
const THREE_PARTS = /^(\d{1,4}|[A-Za-z])-(\d{1,2})-(\d{3,4}[A-Za-z]?(?:-\d{1,2})?)(?:号?室|号|户)?$/;
const FOUR_PARTS = /^(?:\d{1,4}|[A-Za-z])-\d{1,2}-\d{1,2}-\d{3,4}[A-Za-z]?(?:号?室|号|户)?$/;

/**
 * `1-101` beside a building is unit and room; `1-1-101`, `3号楼1单元101` are an address; every other number with a dash is a room by itself:
 * `101-1` and `101-2` are the two halves of a flat.
 */
export function readRoomCell(text: string, beside: Beside): RoomCell {
  if (text === '') return { ...nowhere, contradicts: false };
  const said = partsOf(tidyAddress(text), beside);
  const contradicts =
    !belongsTo(said.compound, beside.compound) ||
    differ(said.building, beside.building) ||
    differ(said.unit, beside.unit);
  return { ...said, contradicts };
}

function partsOf(tidy: string, beside: Beside): Address {
  const building = beside.building || beside.titled;
  const [unit, room] = UNIT_AND_ROOM.exec(tidy)?.slice(1) ?? [];
  if (unit && room && (building !== '' || beside.unit !== '')) return { ...roomAlone(room), unit: plainUnit(unit) };
  const [first, second, third] = THREE_PARTS.exec(tidy)?.slice(1) ?? [];
  if (first && second && third) {
    // unit, floor and room beside another building; else building, unit and room
    const isFloor = building !== '' && first !== building && floorOfRoom(third) === Number(second);
    const place = isFloor ? { unit: plainUnit(first) } : { building: plainBuilding(first), unit: plainUnit(second) };
    return { ...roomAlone(third), ...place };
  }
  const isAddress = ADDRESS.test(tidy) || unit !== undefined || FOUR_PARTS.test(tidy);
  return (isAddress ? parseAddress(tidy) : null) ?? roomAlone(tidy);
}

function roomAlone(text: string): Address {
  const room = plainRoom(text);
  return { ...nowhere, room, floor: floorOfRoom(room) ?? 1 };
}

/** A compound's name is said shorter and longer: 金山, 金山花园, 金山花园小区. */
function belongsTo(said: string, column: string): boolean {
  return said.includes(column) || column.includes(said);
}

function differ(said: string, column: string): boolean {
  return said !== '' && column !== '' && said.toUpperCase() !== column.toUpperCase();
}

const ROOM_NUMBER = '\\d{1,5}[A-Za-z]?(?:-\\d{1,2})?(?:号?室|号?房|号|户)?';
const LISTED = new RegExp(`^(.*?${ROOM_NUMBER})\\s*[、,;&+和及与\\n]\\s*(?:\\d{1,2}-){0,3}${ROOM_NUMBER}(?=\\D|$)`);
/** A slash, a space or a dash stands between a building, a unit and a room, too: between two long numbers it does not. */
const LONG_PAIR =
  /^(.*?(?<!\d)\d{3,4}[A-Za-z]?)(?:号?室|号?房|号|户)?\s*[/\s~～至到—–-]+\s*\d{3,4}[A-Za-z]?(?:号?室|号?房|号|户)?$/;

/** The first of several rooms in one cell (`601、602`, `601-602`, `601/602室`) with what stands before it; null where the cell names one. */
export function firstOfSeveral(text: string): string | null {
  const plain = text.normalize('NFKC').trim();
  return (LISTED.exec(plain) ?? LONG_PAIR.exec(plain))?.[1] ?? null;
}
