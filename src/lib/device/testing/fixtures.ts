/** A small grid with a building of two stairs, as feeds would bring it, and forms filled in at its doors. */
import { emptyDwelling } from '../../domain/register';
import {
  type BuildingItem,
  type DwellingItem,
  type GridItem,
  notVisited,
  type ResidentItem,
  type RoundItem,
} from '../../sync/items';
import type { Draft } from '../phone';

export function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export const GRID = id(1);
export const BUILDING = id(2);
export const GRID_FEED = `grid/${GRID}`;

export function round(more: Partial<RoundItem> = {}): RoundItem {
  return { id: id(5), name: '冬季核实', kind: 'full', startsOn: '2026-11-20', closesOn: '2026-12-20', ...more };
}

export function grid(rounds: RoundItem[]): GridItem {
  return { id: GRID, name: '第一网格', rounds };
}

export function building(more: Partial<BuildingItem> = {}): BuildingItem {
  return { id: BUILDING, gridId: GRID, compound: '金山花园', building: '3', ...more };
}

export function resident(number: number, more: Partial<ResidentItem> = {}): ResidentItem {
  return {
    id: id(number),
    name: '王秀兰',
    sex: '2',
    birthDate: '1951-03-08',
    idType: 'resident-id',
    idNumberMasked: '**************123X',
    phone: '13800008979',
    relation: '02',
    residence: 'both-here',
    registeredAddress: '',
    since: '',
    careGroups: [],
    presence: 'here',
    ...more,
  };
}

export function dwelling(number: number, more: Partial<DwellingItem> = {}): DwellingItem {
  return {
    ...emptyDwelling,
    id: id(number),
    gridId: GRID,
    buildingId: BUILDING,
    compound: '金山花园',
    building: '3',
    unit: '1',
    floor: 3,
    room: '302',
    use: 'owner-occupied',
    households: [],
    state: notVisited(),
    ...more,
  };
}

/** A household of one, with a head. */
export function household(number: number, ...residents: ResidentItem[]): DwellingItem['households'][number] {
  return { id: id(number), kind: 'family', tenure: 'owner', headId: residents[0]?.id ?? null, phone: '', residents };
}

/** A form filled in at a door. */
export function knock(
  draftId: string,
  dwellingId: string,
  body: Record<string, unknown>,
  more: Partial<Draft> = {},
): Draft {
  return {
    id: draftId,
    submissionId: draftId,
    kind: 'household-verification',
    form: { id: 'household-verification', version: 1 },
    target: { type: 'dwelling', id: dwellingId },
    basis: {},
    prefilledFrom: null,
    body,
    place: { step: 'knock', field: null },
    secondsOpen: 11,
    startedAt: '2026-11-23T10:00:00+08:00',
    changedAt: '2026-11-23T10:00:00+08:00',
    ...more,
  };
}

export const noOneHome = {
  outcome: 'no-one-home',
  nextVisit: null,
  informant: null,
  dwelling: {},
  households: [],
  note: '',
  noticeGiven: false,
};
