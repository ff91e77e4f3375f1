import { fail, redirect } from '@sveltejs/kit';
import { getLocale } from '$lib/paraglide/runtime';
import { deskAsOf } from '$lib/server/desk/as-of';
import * as desk from '$lib/server/desk/review-page';
import { approveBulk, startBulk } from '$lib/server/review/bulk';
import { lookAtNumber } from '$lib/server/review/open';
import { decide } from '$lib/server/review/decide';
import type { Decision } from '$lib/server/review/decision';
import { address, quarantine, review, type ReviewQuery } from '../addresses';
import { erasedAtIn, textIn } from '../form-text';
import { numbersIn } from '../look-at-numbers';
import type { Looked } from '../looked';
import { pageNumber } from '../page-number';
import { madeForAnother, ownDecision, signedIn } from '../signed-in';
import { typedIn, type Typed } from '../typed';
import type { Refusal } from './answer-words';
import { choicesIn, commentsIn, correctionsIn, keepsDoor, retiresUnseen } from './decision-form';
import { isShow } from './shows';
import type { CaseView } from './view';
import type { Actions, PageServerLoad } from './$types';

/** The queue as the address asks for it, and the submission that is open. */
export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('desk:live');
  const { office, account } = signedIn(locals);
  const query = queryOf(url);
  const asOf = await deskAsOf(office, account.communityId, query.id);
  const page = await desk.reviewPage(office, account, query, getLocale());
  return {
    asOf,
    ...page,
    query,
    picked: query.id !== undefined,
    bulked: url.searchParams.has('bulked') ? { approved: numberIn(url, 'bulked'), left: numberIn(url, 'left') } : null,
  };
};

type Told = {
  /** The submission that the answer is about. */
  about?: string;
  refusal?: Refusal;
  typed?: Typed;
  looked?: Looked;
  /** The case weighed anew, with what was chosen so far. */
  shown?: CaseView;
  undoRefusal?: Refusal;
  bulkRefusal?: Refusal;
};
const refuse = (status: number, told: Told) => fail(status, told);

export const actions = {
  approve: ({ request, locals, url }) => take('approve', request, locals, url),
  return: ({ request, locals, url }) => take('return', request, locals, url),
  void: ({ request, locals, url }) => take('void', request, locals, url),
  /** Correct and approve: the values that were changed in place become the coordinator's corrections. */
  correct: ({ request, locals, url }) => take('correct', request, locals, url),

  undo: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const other = madeForAnother(form, account);
    if (other) return refuse(409, { undoRefusal: other });
    const answer = await decide(office, account, { ...head(form), kind: 'undo' });
    if ('refused' in answer) return refuse(409, { undoRefusal: answer });
    const id = textIn(form, 'id');
    // Back where it waited before it was accepted.
    if (await desk.isQuarantined(office, account, id)) redirect(303, quarantine({ id, done: answer.done }));
    redirect(303, review({ ...queryOf(url), show: undefined, id, done: answer.done, edit: false }));
  },

  /** Shows a masked number, and again those that were looked at before; the log keeps who looked at whose. */
  look: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const about = textIn(form, 'id');
    const other = madeForAnother(form, account);
    if (other) return refuse(409, { about, refusal: other, typed: typedIn(form) });
    const looked = await numbersIn(form, (key) => {
      const [side, residentId = ''] = key.split(':');
      return lookAtNumber(office, account, about, residentId, side === 'before' ? 'register' : 'record');
    });
    const shown = await weighed(form, locals, url);
    return { about, typed: typedIn(form), looked, ...(shown && { shown }) } satisfies Told;
  },

  /** Who is who was answered: shows what there is to choose then, and decides nothing. */
  weigh: async ({ request, locals, url }): Promise<Told> => {
    const form = await request.formData();
    const shown = await weighed(form, locals, url);
    return { about: textIn(form, 'id'), typed: typedIn(form), ...(shown && { shown }) };
  },

  startBulk: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const other = madeForAnother(await request.formData(), account);
    if (other) return refuse(409, { bulkRefusal: other });
    const { grid, worker } = queryOf(url);
    const bulk = await startBulk(office, account, desk.filterOf({ grid, worker }));
    if (bulk.members.length === 0) return refuse(409, { bulkRefusal: { refused: 'bulk-changed' } });
    redirect(303, review({ grid, worker, show: 'same', bulk: bulk.id, id: bulk.sample[0] }));
  },

  approveBulk: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const other = madeForAnother(form, account);
    if (other) return refuse(409, { bulkRefusal: other });
    const answer = await approveBulk(office, account, textIn(form, 'bulk'));
    if ('refused' in answer) {
      return refuse(409, { bulkRefusal: { refused: answer.refused === 'unknown' ? 'bulk-changed' : 'bulk-unopened' } });
    }
    const { grid, worker } = queryOf(url);
    redirect(
      303,
      address('/desk/review', { grid, worker, bulked: String(answer.approved.length), left: answer.waiting }),
    );
  },
} satisfies Actions;

async function take(what: 'approve' | 'return' | 'void' | 'correct', request: Request, locals: App.Locals, url: URL) {
  const { office, account } = signedIn(locals);
  const form = await request.formData();
  const about = textIn(form, 'id');
  const typed = typedIn(form);
  const other = madeForAnother(form, account);
  if (other) return refuse(409, { about, refusal: other, typed });
  const decision = decisionOf(what, form, await desk.bodyToCorrect(office, account, about));
  if ('refused' in decision) return refuse(400, { about, refusal: decision, typed });
  const answer = await decide(office, account, decision);
  if ('refused' in answer && answer.refused === 'asks') {
    const shown = await weighed(form, locals, url);
    return refuse(400, { about, refusal: answer, typed, ...(shown && { shown }) });
  }
  if ('refused' in answer) return refuse(409, { about, refusal: ownDecision(answer, account) ?? answer, typed });
  const query: ReviewQuery = { ...queryOf(url), edit: false, whole: false };
  redirect(303, review({ ...query, id: textIn(form, 'next') || undefined, done: answer.done }));
}

/** Null where nothing was chosen: then the page has it already. */
async function weighed(form: FormData, locals: App.Locals, url: URL): Promise<CaseView | null> {
  const { office, account } = signedIn(locals);
  const about = textIn(form, 'id');
  const held = await desk.bodyToCorrect(office, account, about);
  const { who } = choicesIn(form, null, held?.body);
  if (who.length === 0) return null;
  return desk.weighedCase(office, account, about, who, queryOf(url), getLocale());
}

function decisionOf(
  what: 'approve' | 'return' | 'void' | 'correct',
  form: FormData,
  held: Awaited<ReturnType<typeof desk.bodyToCorrect>>,
): Decision | Refusal {
  const comments = commentsIn(form, held?.body);
  const words = textIn(form, 'words').trim();
  const seen = { ...head(form), comments, registerVersion: textIn(form, 'registerVersion') || null };
  switch (what) {
    case 'return':
      return comments.length > 0 ? { ...seen, kind: 'return' } : { refused: 'words' };
    case 'void':
      if (!words) return { refused: 'reason' };
      // The words about all of it are the reason: told once.
      return { ...seen, comments: comments.filter(({ path }) => path.length > 0), kind: 'void', reason: words };
    case 'approve':
    case 'correct': {
      const definition = held?.definition ?? null;
      const choices = choicesIn(form, definition, held?.body).all;
      const approved = { ...seen, kind: 'approve', choices, keepDoor: keepsDoor(form) } as const;
      // What was corrected may not be in a revision that came since, nor whom it was about: that is what is said then.
      const isSeen = held?.digest === seen.digest && held.erasedAt === seen.erasedAt;
      if (what === 'approve' || !isSeen) return approved;
      const corrections = correctionsIn(form, held.body, definition);
      if (retiresUnseen(form, held.body, corrections)) return { refused: 'door' };
      return corrections.length + choices.length > 0 ? { ...approved, corrections } : { refused: 'no-correction' };
    }
  }
}

function head(form: FormData): Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous' | 'erasedAt'> {
  return {
    submissionId: textIn(form, 'id'),
    revision: Number(textIn(form, 'revision')),
    digest: textIn(form, 'digest'),
    previous: textIn(form, 'previous') || null,
    erasedAt: erasedAtIn(form),
  };
}

function numberIn({ searchParams }: URL, name: string): number {
  return Math.max(0, Math.trunc(Number(searchParams.get(name))) || 0);
}

function queryOf(url: URL) {
  const text = (name: string) => url.searchParams.get(name) || undefined;
  const show = text('show') ?? null;
  return {
    show: isShow(show) ? show : undefined,
    grid: text('grid'),
    worker: text('worker'),
    kind: text('kind'),
    page: url.searchParams.has('page') ? pageNumber(url.searchParams.get('page')) : undefined,
    id: text('id'),
    whole: url.searchParams.has('whole'),
    edit: url.searchParams.has('edit'),
    done: text('done'),
    bulk: text('bulk'),
    beside: text('beside'),
  } satisfies ReviewQuery;
}
