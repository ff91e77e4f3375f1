/** This account's own work on this phone, in memory: saved revisions by submission, and which targets have a draft. */
import { textOf } from '../domain/json';
import { SubmissionItem } from '../sync/items';
import { isObject } from './door-head';
import type { ItemsMemory } from './items-memory';
import type { KnownNumbers } from './outbox';
import { revisionKey, type OwnRevision, type RevisionKey } from './own-revision';
import type { Draft, RecordView } from './phone';
import { standing, type Standing } from './record-standing';

const addressKeys = ['gridId', 'compound', 'building', 'unit', 'room'] as const;
type ProposedAt = Record<(typeof addressKeys)[number], string>;
type DraftMark = Pick<Draft, 'id' | 'submissionId' | 'kind' | 'form' | 'target' | 'changedAt' | 'body'>;

export class OwnWork {
  #items: ItemsMemory;
  #revisions = new Map<string, OwnRevision[]>();
  #drafts = new Map<string, DraftMark>();
  #inFlight = new Set<RevisionKey>();
  #standings = new Map<string, Standing | null>();
  /** Submission ids by target id; ids that no longer point there are left out when read. */
  #byTarget = new Map<string, Set<string>>();
  #ids = new Set<string>();

  constructor(items: ItemsMemory) {
    this.#items = items;
  }

  put(revision: OwnRevision): void {
    const others = (this.#revisions.get(revision.id) ?? []).filter((one) => one.revision !== revision.revision);
    this.#revisions.set(
      revision.id,
      [revision, ...others].sort((one, other) => other.revision - one.revision),
    );
    this.touch(revision.id);
  }

  remove(id: string, revision: number): void {
    const left = (this.#revisions.get(id) ?? []).filter((one) => one.revision !== revision);
    if (left.length > 0) this.#revisions.set(id, left);
    else this.#revisions.delete(id);
    this.touch(id);
  }

  /** Forgets one submission's revisions, before those that the store holds are put again. */
  clear(id: string): void {
    this.#revisions.delete(id);
    this.touch(id);
  }

  /** To be told when the feed's `submission` changed; answers with the target whose door looks different now. */
  touch(submissionId: string): string | null {
    this.#standings.delete(submissionId);
    const now = this.standing(submissionId);
    if (!now) {
      this.#ids.delete(submissionId);
      return null;
    }
    this.#ids.add(submissionId);
    const targetId = now.view.target.id;
    let submissions = this.#byTarget.get(targetId);
    if (!submissions) this.#byTarget.set(targetId, (submissions = new Set()));
    submissions.add(submissionId);
    return targetId;
  }

  /** Marks what a request carries right now, for the state `sending`. */
  setInFlight(keys: RevisionKey[]): string[] {
    const before = [...this.#inFlight];
    this.#inFlight = new Set(keys);
    const changed = new Set([...before, ...keys].map((key) => key.slice(0, key.indexOf('/'))));
    for (const id of changed) this.touch(id);
    return [...changed];
  }

  standing(submissionId: string): Standing | null {
    const known = this.#standings.get(submissionId);
    if (known !== undefined) return known;
    const now = standing(submissionId, this.revisionsOf(submissionId), this.item(submissionId), (revision) =>
      this.#inFlight.has(revisionKey(revision)),
    );
    this.#standings.set(submissionId, now);
    return now;
  }

  /** Newest first. */
  revisionsOf(submissionId: string): OwnRevision[] {
    return this.#revisions.get(submissionId) ?? [];
  }

  revision({ id, revision }: { id: string; revision: number }): OwnRevision | undefined {
    return this.revisionsOf(id).find((one) => one.revision === revision);
  }

  revisions(): OwnRevision[] {
    return [...this.#revisions.values()].flat();
  }

  /** By what the next revision is numbered (REC-9). */
  numbersOf(submissionId: string): KnownNumbers {
    const kept = this.revisionsOf(submissionId)[0]?.revision ?? 0;
    return { kept, item: this.#items.get('submission', submissionId) };
  }

  item(submissionId: string): SubmissionItem | null {
    const held = this.#items.get('submission', submissionId);
    if (!held) return null;
    const parsed = SubmissionItem.safeParse(held.body);
    return parsed.success ? parsed.data : null;
  }

  /** Own submissions on a target in the order in which they are laid over it: what this phone does not hold as its feed told it. */
  standingsOn(targetId: string): Standing[] {
    const standings: Standing[] = [];
    for (const id of this.#byTarget.get(targetId) ?? []) {
      const one = this.standing(id);
      if (one && one.view.target.id === targetId) standings.push(one);
    }
    const told = ({ view }: Standing) => this.#items.get('submission', view.id)?.version ?? 0;
    return standings.sort(
      (one, other) => (one.overlay?.order ?? 0) - (other.overlay?.order ?? 0) || told(one) - told(other),
    );
  }

  ids(): string[] {
    return [...this.#ids];
  }

  standings(): Standing[] {
    const standings: Standing[] = [];
    for (const id of this.#ids) {
      const one = this.standing(id);
      if (one) standings.push(one);
    }
    return standings;
  }

  putDraft(draft: DraftMark): void {
    this.#drafts.set(draft.id, draft);
  }

  removeDraft(id: string): DraftMark | null {
    const draft = this.#drafts.get(id) ?? null;
    this.#drafts.delete(id);
    return draft;
  }

  drafts(): DraftMark[] {
    return [...this.#drafts.values()];
  }

  hasDraftOn(targetId: string): boolean {
    for (const draft of this.#drafts.values()) if (draft.target.id === targetId) return true;
    return false;
  }

  /** The door that a form in progress proposes at this address: nothing of it is on a board before it is saved. */
  draftedDoorAt(place: ProposedAt): string | null {
    for (const { kind, target, body } of this.#drafts.values()) {
      const proposed = body['dwelling'];
      if (kind !== 'household-verification' || !isObject(proposed)) continue;
      if (addressKeys.every((key) => proposed[key] === place[key])) return target.id;
    }
    return null;
  }

  /** A form in progress of which no revision was ever saved, as a record. */
  draftViews(): RecordView[] {
    return this.drafts()
      .filter((draft) => !this.standing(draft.submissionId))
      .map((draft) => ({
        id: draft.submissionId,
        revision: 0,
        kind: draft.kind,
        form: draft.form,
        target: draft.target,
        recordedAt: draft.changedAt,
        outcome: textOf(draft.body['outcome']) || null,
        state: 'draft',
        comments: [],
        problems: [],
        corrections: [],
        by: null,
        decidedAt: null,
        putAway: null,
        savedHere: null,
        discardable: 'record',
        inFile: false,
        body: draft.body,
      }));
  }
}
