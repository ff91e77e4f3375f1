/** A door and a building said in words, in both languages; the one place that knows how. */
import type { Locale } from './codes/codes';

type BuildingName = { compound: string; building: string };
type DoorName = { building: string; unit: string; floor: number; room: string };

/** Ends of names of lanes and villages, whose buildings are houses with a number. */
export const LANE_END = /(?:路|街|道|巷|弄|胡同|里|村|组|社|队|屯|庄|湾|沟|坊|寨|营|堡|滩|段)$/;
const NUMBERED = /^\d+(?:-\d+)?(?:附\d+)?$/;

/** `金山花园 3号楼`, `幸福巷 12号`; English `金山花园 Building 3`, `幸福巷 No. 12`. */
export function buildingLabel(place: BuildingName, locale: Locale = 'zh-CN'): string {
  const number = LANE_END.test(place.compound)
    ? houseNumber(place.building, locale)
    : buildingNumber(place.building, locale);
  return [place.compound, number].filter(Boolean).join(' ');
}

/** Within its building: `3单元 302`, `302`, `3单元 3层 东户`; a house in a lane is its number. English `Unit 3, 302`. */
export function doorLabel(door: DoorName, locale: Locale = 'zh-CN'): string {
  if (door.unit === '' && door.room === '') return houseNumber(door.building, locale);
  const english = locale === 'en';
  const unit = door.unit && (english ? `Unit ${door.unit}` : `${door.unit}单元`);
  const floor = /\d{3}/.test(door.room) ? '' : english ? `floor ${door.floor}` : `${door.floor}层`;
  return [unit, floor, door.room].filter(Boolean).join(english ? ', ' : ' ');
}

/** Both, as one line; a house in a lane is its number, said once: `西巷 12号`. */
export function placeLabel(place: BuildingName & DoorName, locale: Locale = 'zh-CN'): string {
  const door = doorLabel(place, locale);
  const building = buildingLabel(place, locale);
  return building.endsWith(door) ? building : `${building} ${door}`;
}

function houseNumber(building: string, locale: Locale): string {
  if (!NUMBERED.test(building)) return building;
  return locale === 'en' ? `No. ${building}` : `${building}号`;
}

function buildingNumber(building: string, locale: Locale): string {
  if (building === '') return '';
  if (locale === 'en') return /^[\dA-Za-z甲-癸-]+$/.test(building) ? `Building ${building}` : building;
  if (NUMBERED.test(building)) return `${building}号楼`;
  if (/^[A-Za-z]\d*$/.test(building)) return `${building}座`;
  return /^[甲乙丙丁戊己庚辛壬癸东西南北中前后]$/.test(building) ? `${building}楼` : building;
}
