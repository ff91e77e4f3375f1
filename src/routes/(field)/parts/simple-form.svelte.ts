/** A form of one screen, as its definition has it: opened from the disk or begun, kept at each change, checked, saved. */
import { onDestroy, tick } from 'svelte';
import { askedOnly, begin, isAsked } from '$lib/forms/answers';
import { checkBody } from '$lib/forms/check';
import type { Scope } from '$lib/forms/conditions';
import type { AnswersOf, Field, FormDefinition } from '$lib/forms/definition';
import { fieldsOf, type Path } from '$lib/forms/paths';
import { fieldNamed, isHidden } from '$lib/forms/screen';
import type { Draft, RecordView } from '$lib/device/phone';
import type { ReviewComment } from '$lib/sync/items';
import type { Problem } from '$lib/sync/protocol';
import { definitionOf, formOfRecord, readRecord } from './draft-form';
import type { DraftKeeper } from './draft-keeper.svelte';
import type { FieldApp } from './field-app.svelte';
import { commentsUnder, firstCommented } from './comments';
import { labelWord } from './field-words';
import { goTo } from './go-to-field';
import { newDraft } from './new-draft';
import { problemWords } from './problem-words';
import { saveProblem } from './save-problem';

/** What is drawn of an open form, whichever it is. */
export type OpenForm = Pick<
  SimpleForm<FormDefinition>,
  'field' | 'value' | 'set' | 'shows' | 'scope' | 'commentsOn' | 'problemAt'
>;

export class SimpleForm<D extends FormDefinition> {
  keeper = $state.raw<DraftKeeper | null>(null);
  /** Rarely needed fields are shown, too. */
  more = $state(false);
  trouble = $state('');
  busy = $state(false);
  /** Path of an answer → words; set when saving was tried. */
  #problems = $state<Record<string, string>>({});
  #app: FieldApp;
  #definition: D;
  #fields: readonly Field[];

  /** Another window has the form. */
  elsewhere = $state(false);
  #isLeft = false;
  #again: ((over: boolean) => Promise<void>) | null = null;

  /** To be made while a component is. */
  constructor(app: FieldApp, definition: D) {
    this.#app = app;
    this.#definition = definition;
    this.#fields = fieldsOf(definition);
    $effect(() => {
      if (this.keeper?.replaced) void this.#again?.(false);
      if (!this.keeper?.elsewhere) return;
      this.keeper = null;
      this.elsewhere = true;
    });
    onDestroy(() => {
      this.#isLeft = true;
      if (this.keeper) app.drafts.close(this.keeper);
    });
  }

  /** `start`: what is known beforehand; a returned record begins with what was sent. */
  async open(target: Draft['target'], start: Partial<AnswersOf<D>>, submissionId?: string): Promise<void> {
    this.#again = (over) => this.#open(target, start, submissionId, over);
    await this.#again(false);
  }

  /** Goes on here with what another window has. */
  async takeOver(): Promise<void> {
    await this.#again?.(true);
  }

  async #open(
    target: Draft['target'],
    start: Partial<AnswersOf<D>>,
    submissionId: string | undefined,
    over: boolean,
  ): Promise<void> {
    const app = this.#app;
    const { kind } = this.#definition;
    const record = submissionId ? app.phone.register.record(submissionId) : null;
    const before = this.keeper;
    const fresh = () =>
      newDraft(app, kind, {
        target,
        body: { ...begin(this.#definition), ...start, ...(record && readRecord(app, record).body) },
        place: { step: 'form', field: null },
        ...(record ? { submissionId: record.id, form: formOfRecord(app, record) } : {}),
      });
    const keeper = await app.drafts.open(target, kind, fresh, { over, record: record?.id ?? null });
    if (this.#isLeft) {
      if (keeper) app.drafts.close(keeper);
      return;
    }
    if (before && before !== keeper) app.drafts.close(before);
    if (keeper) this.#fields = fieldsOf(definitionOf(app, keeper.draft));
    this.keeper = keeper;
    this.elsewhere = keeper === null;
    if (!keeper) return;
    const places = keeper.kept === 'new' ? firstCommented(record) : [keeper.resumeField ?? ''];
    keeper.resumeField = null;
    await tick();
    places.some(goTo);
  }

  get #draft(): Draft {
    if (!this.keeper) throw new Error('the form is not open');
    return this.keeper.draft;
  }

  get body(): AnswersOf<D> {
    return this.#draft.body as AnswersOf<D>;
  }

  /** The record that this is a revision of; null for a new one. */
  get record(): RecordView | null {
    return this.keeper ? this.#app.register.record(this.#draft.submissionId) : null;
  }

  /** As the version of the form has it that the draft was begun with; a field that this version lacks is the screen's own. */
  field(name: string): Field {
    return this.#fields.find((field) => field.name === name) ?? fieldNamed(fieldsOf(this.#definition), name);
  }

  value(name: string): unknown {
    return this.#draft.body[name];
  }

  get scope(): Scope {
    return [this.#draft.body];
  }

  set(name: string, value: unknown): void {
    this.#draft.body[name] = value;
    // What was said of the old answer is not said of the new one; the next save looks again.
    this.#problems = Object.fromEntries(
      Object.entries(this.#problems).filter(([place]) => place !== name && !place.startsWith(`${name}.`)),
    );
    this.keeper?.touch();
  }

  /** Whether the field is on the screen: asked for as the form stands, and not behind *more*. */
  shows(name: string): boolean {
    const field = this.field(name);
    if (!isAsked(field, this.scope, this.#app.officeDay())) return false;
    return this.more || !isHidden(field, this.#draft.body) || this.commentsOn(name).length > 0;
  }

  /** Whether the screen has a place for what is said of this answer. A newer version of the form may ask more than the screen does. */
  #isShown(name: unknown): boolean {
    return fieldsOf(this.#definition).some((field) => field.name === name && this.shows(field.name));
  }

  #unseenWords(problem: Problem): string {
    const field = this.#fields.find(({ name }) => name === problem.path[0]);
    return [field && labelWord(field), problemWords(problem)].filter(Boolean).join(': ');
  }

  commentsOn(name: string): ReviewComment[] {
    return commentsUnder(this.record, [name]);
  }

  /** Words about the record as a whole, or about an answer that is not on the screen. */
  get generalComments(): ReviewComment[] {
    const isPlaced = (name: unknown) => this.#fields.some((field) => field.name === name && this.shows(field.name));
    return commentsUnder(this.record, []).filter(({ path }) => !isPlaced(path[0]));
  }

  /** Words about an answer, or about anything inside it. */
  problemAt(path: Path): string | undefined {
    const place = path.join('.');
    const key = Object.keys(this.#problems).find((one) => one === place || one.startsWith(`${place}.`));
    return key === undefined ? undefined : this.#problems[key];
  }

  /** Remembers the field in hand. */
  remember(event: FocusEvent): void {
    const field = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-field]') : null;
    if (field) this.keeper?.moveTo('form', field.dataset['field'] ?? null);
  }

  /** Saves what is asked for; true when it is durable on this phone. */
  async save(): Promise<boolean> {
    const { keeper } = this;
    if (!keeper || this.busy) return false;
    const draft = $state.snapshot(keeper.draft) as Draft;
    const definition = definitionOf(this.#app, draft);
    const asked = askedOnly(definition, draft.body);
    const { problems } = checkBody(definition, asked, { recordedAt: this.#app.now(), door: null });
    this.#problems = {};
    this.trouble = '';
    for (const problem of problems) this.#problems[problem.path.join('.')] ??= problemWords(problem);
    if (problems.length > 0) {
      this.more = this.more || problems.some(({ path }) => !this.#isShown(path[0]));
      const unseen = problems.filter(({ path }) => !this.#isShown(path[0]));
      this.trouble = [...new Set(unseen.map((problem) => this.#unseenWords(problem)))].join(' ');
      await tick();
      document.querySelector('[aria-invalid="true"], [role="alert"]')?.scrollIntoView({ block: 'center' });
      return false;
    }
    this.busy = true;
    try {
      await this.#app.drafts.save(keeper, asked);
      this.#app.preferences.buzz();
      return true;
    } catch (error) {
      this.trouble = saveProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
