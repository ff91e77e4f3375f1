/** A form of one screen: opened from the disk or begun, kept at each change, checked by its own rules, saved. */
import { tick } from 'svelte';
import { checkBody } from '$lib/forms/check';
import type { Draft } from '$lib/device/phone';
import type { SubmissionKind } from '$lib/sync/protocol';
import { definitionOf, formOf } from './draft-form';
import type { DraftKeeper } from './draft-keeper.svelte';
import type { FieldApp } from './field-app.svelte';
import { firstCommented } from './comments';
import { goTo } from './go-to-field';
import { problemWords } from './problem-words';
import { saveProblem } from './save-problem';

export class SimpleForm<Body extends Record<string, unknown>> {
  keeper = $state.raw<DraftKeeper | null>(null);
  /** Field name → words; set when saving was tried. */
  problems = $state<Record<string, string>>({});
  trouble = $state('');
  busy = $state(false);
  #app: FieldApp;

  /** Opens the same form again. */
  #again: (() => Promise<void>) | null = null;

  /** To be made while a component is. */
  constructor(app: FieldApp) {
    this.#app = app;
    $effect(() => {
      if (this.keeper?.replaced) void this.#again?.();
    });
  }

  /** `start`: what a new form begins with; a returned record begins with what was sent. */
  async open(target: Draft['target'], kind: SubmissionKind, start: Body, submissionId?: string): Promise<void> {
    const app = this.#app;
    this.#again = () => this.open(target, kind, start, submissionId);
    const record = submissionId ? app.phone.register.record(submissionId) : null;
    const keeper = await app.drafts.open(target, kind, () => {
      const id = app.world.uuid();
      const now = app.now();
      return {
        id,
        submissionId: record?.id ?? id,
        kind,
        form: formOf(app, kind),
        target,
        basis: {},
        prefilledFrom: null,
        body: { ...start, ...record?.body },
        place: { step: 'form', field: null },
        secondsOpen: 0,
        startedAt: now,
        changedAt: now,
      };
    });
    this.keeper = keeper;
    const places = keeper.kept === 'new' ? firstCommented(record) : [keeper.resumeField ?? ''];
    keeper.resumeField = null;
    await tick();
    places.some(goTo);
  }

  get body(): Body {
    if (!this.keeper) throw new Error('the form is not open');
    return this.keeper.draft.body as Body;
  }

  edit(change: (body: Body) => void): void {
    change(this.body);
    this.keeper?.touch();
  }

  /** Remembers the field in hand. */
  remember(event: FocusEvent): void {
    const field = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-field]') : null;
    if (field) this.keeper?.moveTo('form', field.dataset['field'] ?? null);
  }

  /** Saves `body`; true when it is durable on this phone. */
  async save(body: Body): Promise<boolean> {
    const { keeper } = this;
    if (!keeper || this.busy) return false;
    const plain = $state.snapshot(body) as Body;
    const { problems } = checkBody(definitionOf(this.#app, keeper.draft), plain, {
      recordedAt: this.#app.now(),
      door: null,
    });
    this.problems = {};
    this.trouble = '';
    for (const problem of problems) this.problems[problem.path.slice(0, 2).join('.')] ??= problemWords(problem);
    if (problems.length > 0) {
      await tick();
      document.querySelector('[aria-invalid="true"], [role="alert"]')?.scrollIntoView({ block: 'center' });
      return false;
    }
    this.busy = true;
    try {
      await this.#app.drafts.save(keeper, plain);
      this.#app.preferences.buzz();
      return true;
    } catch (error) {
      this.trouble = saveProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Words about a field or anything inside it. */
  problemOf(name: string): string | undefined {
    const key = Object.keys(this.problems).find((one) => one === name || one.startsWith(`${name}.`));
    return key === undefined ? undefined : this.problems[key];
  }
}
