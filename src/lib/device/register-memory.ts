/**
 * What is known here: feed state with own undecided work laid over it, in memory, read at once and kept up to date change by change.
 * The only thing that screens read of the register.
 */
import type * as z from 'zod/mini';
import { CommunityItem, GridItem, type ItemType, ProfileItem, RecipientItem, TaskItem } from '../sync/items';
import { compareDoors } from './board';
import { Buildings } from './buildings';
import { isDue, isToDo } from './door-work';
import { Doors } from './doors';
import { ItemsMemory, type HeldItem, type ItemRef } from './items-memory';
import { madeAt } from './office-clock';
import { OwnWork } from './own-work';
import type { OwnRevision, RevisionKey } from './own-revision';
import type { Draft, PhoneRegister, RecordView } from './phone';
import { layVisitOver } from './recipient-overlay';
import type { Search } from './search';
import { nextOnStair } from './stairs';
import type { OfficeTime } from './sync-loop';

/** What one transaction changed in the items; feeds are emptied before anything is put. */
export type ItemChanges = { emptied: string[]; put: HeldItem[]; gone: ItemRef[] };

const MINUTE_MS = 60_000;

export class RegisterMemory implements PhoneRegister {
  readonly work: OwnWork;
  #items = new ItemsMemory();
  #doors: Doors;
  #buildings: Buildings;
  #search: Search | null = null;
  #now: () => number;
  /** Of the last sync; `ahead` in whole minutes: answers take their time, and a day begins for all at once. */
  #officeTime: OfficeTime | null = null;

  /** `now`: by this phone's clock. */
  constructor(now: () => number) {
    this.#now = now;
    this.work = new OwnWork(this.#items);
    this.#doors = new Doors(this.#items, this.work, (said) => madeAt(said, this.#officeTime));
    this.#buildings = new Buildings(this.#items, this.#doors);
  }

  applyItems({ emptied, put, gone }: ItemChanges): void {
    const changed: ItemRef[] = emptied.flatMap((feed) => this.#items.removeFeed(feed));
    for (const item of put) this.#items.put(item);
    for (const ref of gone) this.#items.remove(ref);
    const refs = [...changed, ...put, ...gone];
    for (const ref of refs) this.#refresh(ref);
    if (refs.some(({ type }) => type === 'building')) this.#refreshProposed();
  }

  /** What the store now holds of some submissions. */
  replaceOwn(submissions: string[], revisions: OwnRevision[]): void {
    const targets = submissions.map((id) => this.work.standing(id)?.view.target.id);
    for (const id of submissions) this.work.clear(id);
    for (const revision of revisions) this.work.put(revision);
    for (const id of new Set([...targets, ...submissions.map((id) => this.work.standing(id)?.view.target.id)])) {
      if (id !== undefined) this.refreshTarget(id);
    }
  }

  replaceDrafts(drafts: Draft[]): void {
    const targets = [...this.work.drafts(), ...drafts].map(({ target }) => target.id);
    for (const { id } of this.work.drafts()) this.work.removeDraft(id);
    for (const draft of drafts) this.work.putDraft(draft);
    for (const id of new Set(targets)) this.refreshTarget(id);
  }

  /** The whole store read anew. */
  replaceAll(items: HeldItem[], revisions: OwnRevision[]): void {
    const gone = this.#items.all();
    for (const ref of gone) this.#items.remove(ref);
    this.applyItems({ emptied: [], put: items, gone: [] });
    for (const ref of gone) this.#refresh(ref);
    this.replaceOwn([...this.work.ids(), ...revisions.map(({ id }) => id)], revisions);
  }

  /** As the office's last answer showed it: own work of another day may count in another round. */
  setOfficeTime({ clock, ahead }: OfficeTime): void {
    const before = this.#officeTime?.ahead ?? 0;
    this.#officeTime = { clock, ahead: Math.round(ahead / MINUTE_MS) * MINUTE_MS };
    if (this.#officeTime.ahead !== 0 || before !== 0) this.refreshOwn();
  }

  /** Every target of own work, once after loading: doors that only a record knows included. */
  refreshOwn(): void {
    for (const { view } of this.work.standings()) this.refreshTarget(view.target.id);
  }

  /** Which revisions a request carries right now. */
  markInFlight(keys: RevisionKey[]): void {
    for (const id of this.work.setInFlight(keys)) {
      const target = this.work.standing(id)?.view.target.id;
      if (target !== undefined) this.refreshTarget(target);
    }
  }

  /** A target looks different now: a record or a draft of it changed. */
  refreshTarget(id: string): void {
    for (const building of this.#doors.refresh(id)) this.#buildings.refresh(building);
    this.#search?.refresh(id);
  }

  /** Finds nothing before; its code comes after the first frame. */
  addSearch(make: (doors: Doors) => Search): void {
    this.#search ??= make(this.#doors);
  }

  /** Reads some doors ahead for search; false when there is nothing left to read. */
  warmSearch(doors: number): boolean {
    return this.#search?.warm(doors) ?? false;
  }

  toldForms() {
    return new Map(this.#items.ids('form').map((id) => [id, this.#items.get('form', id)?.body]));
  }

  community() {
    return this.#all('community', CommunityItem)[0] ?? null;
  }

  profile() {
    return this.#all('profile', ProfileItem)[0] ?? null;
  }

  grids() {
    return this.#all('grid', GridItem).sort((one, other) =>
      one.name.localeCompare(other.name, 'zh-CN', { numeric: true }),
    );
  }

  buildings() {
    return this.#buildings.all();
  }

  board(buildingId: string) {
    return this.#buildings.board(buildingId);
  }

  door(dwellingId: string) {
    return this.#doors.view(dwellingId);
  }

  doorAt(buildingId: string, { unit, room }: { unit: string; room: string }): string | null {
    const building = this.#buildings.summary(buildingId)?.building;
    if (!building) return null;
    const known = this.#buildings.doorsOf(buildingId).find(({ door }) => door.unit === unit && door.room === room);
    return known?.door.id ?? this.work.draftedDoorAt({ ...building, unit, room });
  }

  nextDoor(dwellingId: string) {
    const from = this.#doors.view(dwellingId);
    if (!from || !this.#buildings.summary(from.door.buildingId)?.inRound) return null;
    return nextOnStair(from, this.#buildings.doorsOf(from.door.buildingId), (view) => isDue(view, this.#now()));
  }

  stairToDo(buildingId: string, unit: string) {
    if (!this.#buildings.summary(buildingId)?.inRound) return [];
    return this.#buildings
      .doorsOf(buildingId)
      .filter((view) => view.door.unit === unit && isToDo(view))
      .sort(compareDoors);
  }

  search(text: string, limit: number) {
    return this.#search?.find(text, limit) ?? [];
  }

  possibleDuplicates(query: { birthDate: string; idNumber: string; exceptId: string }) {
    return this.#search?.duplicates(query) ?? [];
  }

  recipients() {
    return this.#items
      .ids('recipient')
      .flatMap((id) => this.recipient(id) ?? [])
      .sort(
        (one, other) =>
          (one.plan.nextOn ?? '9999').localeCompare(other.plan.nextOn ?? '9999') ||
          one.name.localeCompare(other.name, 'zh-CN') ||
          one.id.localeCompare(other.id),
      );
  }

  recipient(residentId: string) {
    const recipient = this.#read('recipient', RecipientItem, residentId);
    if (!recipient) return null;
    const by = this.profile()?.name ?? '';
    return this.work
      .standingsOn(residentId)
      .flatMap(({ overlay }) => (overlay?.kind === 'care-visit' ? [overlay] : []))
      .reduce((seen, overlay) => layVisitOver(seen, overlay, by), recipient);
  }

  tasks() {
    return this.#all('task', TaskItem).sort(
      (one, other) => (one.dueOn ?? '9999').localeCompare(other.dueOn ?? '9999') || one.id.localeCompare(other.id),
    );
  }

  records(): RecordView[] {
    return [...this.work.standings().map(({ view }) => view), ...this.work.draftViews()].sort(newestFirst);
  }

  record(submissionId: string): RecordView | null {
    return (
      this.work.standing(submissionId)?.view ??
      this.work.draftViews().find((draft) => draft.id === submissionId) ??
      null
    );
  }

  recordsOf(targetId: string): RecordView[] {
    return this.work
      .standingsOn(targetId)
      .map(({ view }) => view)
      .sort(newestFirst);
  }

  draftsOn(targetId: string): Pick<Draft, 'id' | 'kind'>[] {
    return this.work.drafts().filter(({ target }) => target.id === targetId);
  }

  /** Doors that only a record knows: they stand in a building by its words, and buildings came or went. */
  #refreshProposed(): void {
    for (const { view } of this.work.standings())
      if (view.target.type === 'dwelling' && !this.#items.get('dwelling', view.target.id))
        this.refreshTarget(view.target.id);
  }

  #refresh({ type, id }: ItemRef): void {
    switch (type) {
      case 'dwelling':
        this.refreshTarget(id);
        break;
      case 'building':
        this.#buildings.refresh(id);
        break;
      case 'grid':
        // A round began or ended: own work counts in it, or does not any more.
        this.refreshOwn();
        this.#buildings.refreshAll();
        break;
      case 'submission': {
        const before = this.work.standing(id)?.view.target.id;
        const now = this.work.touch(id);
        if (before !== undefined) this.refreshTarget(before);
        if (now !== null && now !== before) this.refreshTarget(now);
        break;
      }
    }
  }

  #all<Body>(type: ItemType, schema: z.ZodMiniType<Body>): Body[] {
    return this.#items.ids(type).flatMap((id) => this.#read(type, schema, id) ?? []);
  }

  /** Null for what does not parse: kept whole, shown nowhere (FEED-7). */
  #read<Body>(type: ItemType, schema: z.ZodMiniType<Body>, id: string): Body | null {
    const held = this.#items.get(type, id);
    const parsed = schema.safeParse(held?.body);
    return parsed.success ? parsed.data : null;
  }
}

/** What waits here first, in the order in which this phone saved it: no wrong clock hides it among older ones. */
function newestFirst(one: RecordView, other: RecordView): number {
  const [first, second] = [one.savedHere ?? -1, other.savedHere ?? -1];
  return second - first || Date.parse(other.recordedAt) - Date.parse(one.recordedAt) || other.id.localeCompare(one.id);
}
