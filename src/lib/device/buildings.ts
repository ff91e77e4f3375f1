/** Buildings with their figures, counted anew only where a door of theirs changed. */
import { BuildingItem, GridItem } from '../sync/items';
import { compareUnits } from '../domain/door-order';
import { makeBoard } from './board';
import type { Doors } from './doors';
import type { ItemsMemory } from './items-memory';
import { doorClass } from './door-work';
import type { BoardView, BuildingView, DoorView } from './phone';

export class Buildings {
  #items: ItemsMemory;
  #doors: Doors;
  #summaries = new Map<string, BuildingView | null>();
  #boards = new Map<string, BoardView>();
  #ordered: BuildingView[] | null = null;

  constructor(items: ItemsMemory, doors: Doors) {
    this.#items = items;
    this.#doors = doors;
  }

  /** A building, its grid, or a door of it looks different now. */
  refresh(id: string): void {
    this.#summaries.delete(id);
    this.#boards.delete(id);
    this.#ordered = null;
  }

  refreshAll(): void {
    this.#summaries.clear();
    this.#boards.clear();
    this.#ordered = null;
  }

  all(): BuildingView[] {
    this.#ordered ??= this.#items
      .ids('building')
      .flatMap((id) => this.summary(id) ?? [])
      .sort(
        ({ building: one }, { building: other }) =>
          one.compound.localeCompare(other.compound, 'zh-CN') || compareUnits(one.building, other.building),
      );
    return this.#ordered;
  }

  summary(id: string): BuildingView | null {
    const known = this.#summaries.get(id);
    if (known !== undefined) return known;
    const summary = this.#count(id);
    this.#summaries.set(id, summary);
    return summary;
  }

  board(id: string): BoardView | null {
    const known = this.#boards.get(id);
    if (known) return known;
    const doors = this.doorsOf(id);
    const summary = this.summary(id);
    if (!summary) return null;
    const board = makeBoard(summary.building, summary, doors);
    this.#boards.set(id, board);
    return board;
  }

  doorsOf(id: string): DoorView[] {
    const ids = this.#doors.inBuilding(id);
    const views = ids.flatMap((door) => this.#doors.view(door) ?? []);
    // A door that turned out to be unreadable is in no figure either.
    if (views.length < ids.length) this.refresh(id);
    return views;
  }

  #count(id: string): BuildingView | null {
    const building = BuildingItem.safeParse(this.#items.get('building', id)?.body);
    if (!building.success) return null;
    const grid = GridItem.safeParse(this.#items.get('grid', building.data.gridId)?.body);
    const view: BuildingView = {
      building: building.data,
      grid: grid.success ? grid.data : null,
      inRound: !grid.success || grid.data.rounds.length > 0,
      doors: 0,
      verified: 0,
      toDo: 0,
      returned: 0,
      notSent: 0,
      changed: 0,
      tried: 0,
      lastVisitAt: null,
    };
    let last = -Infinity;
    for (const doorId of this.#doors.inBuilding(id)) {
      const door = this.#doors.count(doorId);
      if (!door) continue;
      view.doors += 1;
      if (door.onlyHere) view.notSent += 1;
      const settled = doorClass(door.outcome) === 'settled';
      if (door.returned) view.returned += 1;
      else if (settled) view.verified += 1;
      else if (view.inRound && !door.handedOver) view.toDo += 1;
      if (!door.returned && settled && door.changed) view.changed += 1;
      if (!door.returned && doorClass(door.outcome) === 'open') view.tried += 1;
      const visitedAt = door.lastVisitAt ? Date.parse(door.lastVisitAt) : NaN;
      if (visitedAt > last) {
        last = visitedAt;
        view.lastVisitAt = door.lastVisitAt;
      }
    }
    return view;
  }
}
