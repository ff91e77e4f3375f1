/** Where a row's door is: from one address string, from columns of its parts, or from both. */
import {
  floorOfRoom,
  LANE_END,
  parseAddress,
  plainBuilding,
  plainUnit,
  readFloor,
  tidyAddress,
  type Address,
} from '../../domain/address';
import { withoutDivisions } from '../../domain/address-divisions';
import { addressFields, type RosterField } from './fields';
import type { ResidentRow } from './resident-rows';
import { firstOfSeveral, readRoomCell } from './room-cell';
import { isNothing } from './words';

export type Place = Address;
/** `several`: the cell that names more than one door; the place is the first of them. */
export type ReadPlace =
  | { place: Place; several: RosterField | null }
  | { missing: true }
  | { unclear: RosterField }
  | { contradicts: RosterField };

/** Reads places of one roster; its columns hold the same few compounds, buildings and rooms again and again. */
export function placeReader(): (row: ResidentRow) => ReadPlace {
  const parts = {
    whole: remembered(parseAddress),
    building: remembered(partsOfBuilding),
    compound: remembered(compoundOf),
    first: remembered(firstOfSeveral),
  };
  return (row) => readPlace(row, parts);
}

type Readers = {
  whole: (text: string) => Address | null;
  building: (text: string) => Parts;
  compound: (text: string) => string;
  first: (text: string) => string | null;
};

function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    known.set(text, made);
    return made;
  };
}

const compoundOf = (text: string) => withoutDivisions(tidyAddress(text));

function readPlace({ values, section }: ResidentRow, readers: Readers): ReadPlace {
  const cell = (field: RosterField) => {
    const text = values[field]?.text ?? '';
    return isNothing(text) ? '' : text;
  };
  const given = addressFields.find((field) => cell(field) !== '');
  if (!given) return { missing: true };

  const [firstAddress, firstRoom] = [readers.first(cell('address')), readers.first(cell('room'))];
  const whole = cell('address') === '' ? null : readers.whole(firstAddress ?? cell('address'));
  const building = readers.building(cell('building'));
  const room = readRoomCell(firstRoom ?? cell('room'), {
    compound: whole?.compound || building.compound || readers.compound(cell('compound')),
    building: whole?.building || building.building,
    unit: whole?.unit || plainUnit(cell('unit')) || building.unit,
    titled: section.building ?? '',
  });
  if (room.contradicts) return { contradicts: 'room' };
  const place: Place = {
    compound:
      whole?.compound ||
      building.compound ||
      readers.compound(cell('compound')) ||
      room.compound ||
      section.compound ||
      '',
    building: whole?.building || building.building || room.building || section.building || '',
    unit: whole?.unit || plainUnit(cell('unit')) || building.unit || room.unit,
    room: whole?.room || room.room,
    floor: whole?.floor ?? 1,
    remainder: whole?.remainder || room.remainder,
  };
  place.floor = readFloor(cell('floor')) ?? floorOfRoom(place.room) ?? whole?.floor ?? room.floor;
  if (place.building === '' && place.unit === '' && LANE_END.test(place.compound) && /^\d/.test(place.room)) {
    // 门牌号 of a house in a lane
    Object.assign(place, { building: place.room, room: '', floor: 1 });
  }
  if (place.building === '' && place.room === '') return { unclear: cell('address') !== '' ? 'address' : given };
  return { place, several: firstRoom !== null ? 'room' : firstAddress !== null ? 'address' : null };
}

type Parts = Address;
const nowhere: Parts = { compound: '', building: '', unit: '', floor: 1, room: '', remainder: '' };

/** `3`, `3号楼`, `金山花园3号楼`, `3号楼2单元`. */
function partsOfBuilding(text: string): Parts {
  if (text === '') return nowhere;
  const tidy = tidyAddress(text);
  const whole = /\D{2,}\d|[楼栋幢座]\d/.test(tidy) ? parseAddress(tidy) : null;
  return whole?.building ? whole : { ...nowhere, building: plainBuilding(tidy) };
}
