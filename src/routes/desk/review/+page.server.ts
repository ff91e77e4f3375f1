import { fail, redirect } from '@sveltejs/kit';
import { findForm } from '$lib/forms/definitions';
import * as desk from '$lib/server/desk/review-page';
import { approveBulk, startBulk } from '$lib/server/review/bulk';
import { decide } from '$lib/server/review/decide';
import type { Decision, DecisionAnswer } from '$lib/server/review/decision';
import { review, type ReviewQuery } from '../addresses';
import { signedIn } from '../signed-in';
import type { Refusal } from './answer-words';
import { textIn } from '../form-text';
import { commentsIn, correctionsIn } from './decision-form';
import { isShow } from './shows';
import type { Actions, PageServerLoad } from './$types';

/** The queue as the address asks for it, and the submission that is open. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { office, account } = signedIn(locals);
  const query = queryOf(url);
  const page = await desk.reviewPage(office, account, query);
  const { form } = page.shown ?? {};
  return { ...page, query, picked: query.id !== undefined, definition: form ? findForm(form.id, form.version) : null };
};

export const actions = {
  approve: ({ request, locals, url }) => take('approve', request, locals, url),
  return: ({ request, locals, url }) => take('return', request, locals, url),
  void: ({ request, locals, url }) => take('void', request, locals, url),
  /** Correct and approve: the values that were changed in place become the coordinator's corrections. */
  correct: ({ request, locals, url }) => take('correct', request, locals, url),

  undo: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const answer = await decide(office, account, { ...head(form), kind: 'undo' });
    if ('refused' in answer) return fail(409, { undoRefusal: answer });
    redirect(303, review({ ...queryOf(url), id: textIn(form, 'id'), done: answer.done, edit: undefined }));
  },

  /** Shows one masked number; the log keeps who looked at whose. */
  look: async ({ request, locals }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const key = textIn(form, 'look');
    const number = await desk.lookAtNumber(office, account, textIn(form, 'id'), key);
    return { about: textIn(form, 'id'), typed: typedIn(form), revealed: number === null ? {} : { [key]: number } };
  },

  startBulk: async ({ locals, url }) => {
    const { office, account } = signedIn(locals);
    const query = queryOf(url);
    const bulk = await startBulk(office, account, desk.bulkFilter(query));
    redirect(303, review({ grid: query.grid, worker: query.worker, show: 'same', bulk: bulk.id, id: bulk.sample[0] }));
  },

  approveBulk: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const answer = await approveBulk(office, account, textIn(form, 'bulk'));
    if ('refused' in answer) return fail(409, { bulkProblem: { refused: 'bulk-unopened' } satisfies Refusal });
    redirect(303, review({ ...queryOf(url), bulk: undefined, id: undefined, show: undefined }));
  },
} satisfies Actions;

async function take(what: 'approve' | 'return' | 'void' | 'correct', request: Request, locals: App.Locals, url: URL) {
  const { office, account } = signedIn(locals);
  const form = await request.formData();
  const about = textIn(form, 'id');
  const refuse = (refusal: Refusal, status = 409) => fail(status, { about, refusal, typed: typedIn(form) });
  const decision = await decisionOf(what, form, (id, revision) => desk.revisionForCorrection(office, account, id, revision));
  if ('refused' in decision) return refuse(decision, 400);
  const answer: DecisionAnswer = await decide(office, account, decision);
  if ('refused' in answer) return refuse(answer);
  const query: ReviewQuery = { ...queryOf(url), edit: undefined, whole: undefined, page: undefined };
  redirect(303, review({ ...query, id: textIn(form, 'next') || undefined, done: answer.done }));
}

type Held = { body: unknown; form: { id: string; version: number } };

async function decisionOf(
  what: 'approve' | 'return' | 'void' | 'correct',
  form: FormData,
  heldRevision: (id: string, revision: number) => Promise<Held | null>,
): Promise<Decision | Refusal> {
  const comments = commentsIn(form);
  const words = textIn(form, 'words').trim();
  const seen = { ...head(form), registerVersion: textIn(form, 'registerVersion') || null };
  switch (what) {
    case 'return':
      return comments.length > 0 ? { ...seen, kind: 'return', comments } : { refused: 'words' };
    case 'void':
      return words ? { ...seen, kind: 'void', reason: words, comments } : { refused: 'reason' };
    case 'approve':
      return { ...seen, kind: 'approve', comments, keepDoor: form.has('keepDoor') };
    case 'correct': {
      const held = await heldRevision(seen.submissionId, seen.revision);
      const corrections = held ? correctionsIn(form, held.body, findForm(held.form.id, held.form.version)) : [];
      return corrections.length > 0
        ? { ...seen, kind: 'approve', comments, corrections }
        : { refused: 'no-correction' };
    }
  }
}

function head(form: FormData): Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous'> {
  return {
    submissionId: textIn(form, 'id'),
    revision: Number(textIn(form, 'revision')),
    digest: textIn(form, 'digest'),
    previous: textIn(form, 'previous') || null,
  };
}

/** What was written, so that a refusal without scripts gives it back. */
function typedIn(form: FormData): Record<string, string> {
  const typed: Record<string, string> = {};
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string' && /^(comment:|value:|words$)/.test(name)) typed[name] = value;
  }
  return typed;
}

function queryOf({ searchParams }: URL): ReviewQuery {
  const text = (name: string) => searchParams.get(name) || undefined;
  const show = text('show') ?? null;
  return {
    show: isShow(show) ? show : undefined,
    grid: text('grid'),
    worker: text('worker'),
    kind: text('kind'),
    page: Math.max(1, Math.trunc(Number(text('page') ?? 1)) || 1),
    id: text('id'),
    whole: searchParams.has('whole'),
    edit: searchParams.has('edit'),
    done: text('done'),
    bulk: text('bulk'),
  };
}
