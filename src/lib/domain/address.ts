/**
 * Addresses of doors: a string as people write it taken apart, and a door said in words again.
 * Building, unit and room stay as people write them ("3", "甲", "302"); a house in a lane has the lane as
 * its compound, its number as building, neither unit nor room, and floor 1 (data dictionary, dwelling).
 */
import { withoutDivisions } from './address-divisions';
import { floorOfRoom, plainBuilding, plainRoom, plainUnit, readFloor, tidyAddress } from './address-parts';

export { floorOfRoom, plainBuilding, plainRoom, plainUnit, readFloor, tidyAddress } from './address-parts';
export { buildingLabel, doorLabel, LANE_END } from './door-label';
export { compareRooms, compareUnits } from './door-order';

export type Address = {
  compound: string;
  building: string;
  unit: string;
  /** −3…60; 1 where nothing tells it. */
  floor: number;
  room: string;
  /** What stands behind the room and is no part of it: `北侧`. */
  remainder: string;
};

// Marked pure: the phone takes only labels and order from here, and a Safari before 16.4 does not know what looks behind.
const NUMBER = '(?:\\d{1,4}|[A-Za-z]\\d{0,2}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸])';
const SIDE = '[东西南北中前后]';
const UNIT = `(?:${NUMBER}|${SIDE})(?:号?单元|单(?=\\d)|号?门洞?(?=\\d|$)|梯)`;
const FLOOR = '(?:负[一二三\\d]|-\\d|B\\d|地下[一二三\\d]?|\\d{1,2}|[一二三四五六七八九十]{1,3})(?:层|楼|F)';
const ROOM =
  '(?:(?:负|-)?[A-Za-z]?\\d{1,5}[A-Za-z]?(?:-\\d{1,2}(?!\\d))?|[A-Za-z](?=室|户|房|$)|[东西南北中]{1,2}[户室]|[甲乙丙丁](?=户|室))';
const ROOM_WORD = '(?:号?室|号?房|号|户)?';

/** A building by its word. `楼` and `号` alone are one only where a unit or room follows: `3楼2单元`, but `3号楼3楼301`. */
const BUILDING = [
  `${NUMBER}(?:号院?楼|#楼?|栋楼?|幢楼?|座)`,
  `(?:${NUMBER}|${SIDE})(?:楼|号)(?=-?${UNIT})`,
  `(?:[A-Za-z甲乙丙丁]|${SIDE})楼(?=-?\\d)`,
].join('|');

const IN_WORDS = /* @__PURE__ */ new RegExp(
  `^(?<compound>.*?)(?<![\\dA-Za-z])第?(?<building>${BUILDING})(?<dash>-(?!\\d{1,2}(?:层|楼)))?(?<tail>.*)$`,
);
const TAIL = /* @__PURE__ */ new RegExp(
  `^(?<unit>${UNIT})?(?<floor>${FLOOR})?(?:(?<room>${ROOM})${ROOM_WORD})?-?(?<rest>.*)$`,
);
const SHORT_TAIL = /* @__PURE__ */ new RegExp(
  `^(?<unit>${NUMBER})-(?:(?<floor>-?\\d{1,2})-)?(?<room>-?\\d{3,4}[A-Za-z]?)${ROOM_WORD}(?<rest>.*)$`,
);
const DASHED = /* @__PURE__ */ new RegExp(
  `^(?<compound>.*?)-?(?<![\\dA-Za-z])(?<building>${NUMBER})-(?:(?<unit>${NUMBER})-(?:(?<floor>-?\\d{1,2})-)?)?(?<room>-?\\d{1,5}[A-Za-z]?)${ROOM_WORD}(?<rest>\\D.*)?$`,
);
const LANE_WORDS = '路|街|道|巷|弄|胡同|里|村|组|社|队|屯|庄|湾|沟|坊|寨|营|堡|滩|坝|段|庙';
const LANE = /* @__PURE__ */ new RegExp(
  `^(?<compound>.+?(?:${LANE_WORDS}))第?(?<building>\\d{1,4}(?:-\\d{1,3})?|[一二三四五六七八九十]{1,3})(?![\\d一二三四五六七八九十]*(?:弄|组|社|队|村))(?:号院?|#|户)?(?<extra>附\\d{1,2})?号?(?<tail>.*)$`,
);
const HOUSE = /^(?<compound>.+?)(?<building>\d{1,4}(?:-\d{1,3})?)(?:号院?|#)(?<extra>附\d{1,2})?号?(?<tail>.*)$/;
const UNIT_ONLY = /* @__PURE__ */ new RegExp(`^(?<compound>.*?)(?<![\\dA-Za-z])(?<tail>(?:${UNIT}).*)$`);
const ROOM_ONLY = /* @__PURE__ */ new RegExp(
  `^(?<compound>.*?\\D)(?<room>\\d{3,4}[A-Za-z]?)(?:号?室|号?房|户)?(?<rest>\\D.*)?$`,
);

/** No address is longer; the patterns are not shown more. */
const MAX_LENGTH = 200;

type Parts = Record<string, string | undefined>;

/**
 * Takes an address string apart; `null` when no door can be found in it.
 * Names of divisions above the compound (省, 市, 县, 镇, 街道, 社区, 网格) are left out.
 */
export function parseAddress(text: string): Address | null {
  const tidy = tidyAddress(text.slice(0, MAX_LENGTH));
  return (
    inWords(tidy) ??
    house(LANE.exec(tidy)?.groups) ??
    dashed(tidy) ??
    house(HOUSE.exec(tidy)?.groups) ??
    withoutBuilding(UNIT_ONLY.exec(tidy)?.groups) ??
    roomOnly(tidy)
  );
}

function inWords(tidy: string): Address | null {
  const parts: Parts | undefined = IN_WORDS.exec(tidy)?.groups;
  if (!parts) return null;
  const tail = tailOf(withoutSeparators(parts.tail ?? '', parts.dash !== undefined));
  return compose(parts.compound, plainBuilding(parts.building ?? ''), tail);
}

function dashed(tidy: string): Address | null {
  const parts: Parts | undefined = DASHED.exec(tidy)?.groups;
  return parts ? compose(parts.compound, plainBuilding(parts.building ?? ''), parts) : null;
}

function house(parts: Parts | undefined): Address | null {
  if (!parts) return null;
  const tail = tailOf(withoutSeparators(parts.tail ?? '', false));
  return compose(parts.compound, plainBuilding(parts.building ?? '') + (parts.extra ?? ''), tail);
}

/** `粮站家属院2单元201`: the compound has one building, and nobody numbers it. */
function withoutBuilding(parts: Parts | undefined): Address | null {
  return parts ? compose(parts.compound, '', tailOf(withoutSeparators(parts.tail ?? '', false))) : null;
}

function roomOnly(tidy: string): Address | null {
  const parts: Parts | undefined = ROOM_ONLY.exec(tidy)?.groups;
  return parts ? compose(parts.compound, '', parts) : null;
}

/**
 * A dash before the room is a separator (`1号楼-1单元-302`) or a cellar's sign (`1单元-101`): a sign only where no other
 * dash separates and the number would be of the first floor below.
 */
function withoutSeparators(tail: string, separated: boolean): string {
  return tail.replace(/(?<=[元单门洞梯层楼F])-(?=\d)/g, (dash, at: number) =>
    !separated && /^-(?:\d(?:层|楼)|1\d\d(?!\d))/.test(tail.slice(at)) ? dash : '',
  );
}

/** What follows the building: `1单元3层302室北侧`, `1-302`, `302`. */
function tailOf(tail: string): Parts {
  return SHORT_TAIL.exec(tail)?.groups ?? TAIL.exec(tail)?.groups ?? { rest: tail };
}

function compose(compound: string | undefined, building: string, parts: Parts): Address {
  const room = plainRoom(parts.room ?? '');
  return {
    compound: withoutDivisions((compound ?? '').replace(/[-(#]+$/, '')),
    building,
    unit: plainUnit(parts.unit ?? ''),
    floor: readFloor(parts.floor ?? '') ?? floorOfRoom(room) ?? 1,
    room,
    remainder: (parts.rest ?? '').replace(/^[-()]+|[-()]+$/g, ''),
  };
}
