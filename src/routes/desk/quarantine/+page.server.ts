import { fail, redirect } from '@sveltejs/kit';
import { getLocale } from '$lib/paraglide/runtime';
import { deskAsOf } from '$lib/server/desk/as-of';
import { quarantinePage } from '$lib/server/desk/quarantine-page';
import { acceptAndApprove, undoAtQuarantine } from '$lib/server/quarantine/accept-and-approve';
import { decideAside } from '$lib/server/quarantine/aside';
import { recheck } from '$lib/server/quarantine/recheck';
import { decide } from '$lib/server/review/decide';
import { lookAtNumber } from '$lib/server/review/open';
import { quarantine, type QuarantineQuery } from '../addresses';
import { erasedAtIn, textIn } from '../form-text';
import { numbersIn } from '../look-at-numbers';
import type { Looked } from '../looked';
import { pageNumber } from '../page-number';
import type { Refusal } from '../review/answer-words';
import { commentsIn, correctionsIn, keepsDoor, retiresUnseen } from '../review/decision-form';
import { madeForAnother, ownDecision, signedIn } from '../signed-in';
import { typedIn, type Typed } from '../typed';
import { bodyOf } from './body-of';
import type { Actions, PageServerLoad } from './$types';

/** What waits in quarantine, and the one that is open. */
export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('desk:live');
  const { office, account } = signedIn(locals);
  const query = queryOf(url);
  const asOf = await deskAsOf(office, account.communityId, query.id);
  return {
    asOf,
    ...(await quarantinePage(office, account, query, getLocale())),
    query,
    picked: query.id !== undefined,
    released: url.searchParams.has('released'),
  };
};

type Told = {
  /** The case that the answer is about: its submission and its part. */
  about?: string;
  refusal?: Refusal;
  /** Checked again, and still not in order. */
  unchanged?: boolean;
  typed?: Typed;
  looked?: Looked;
  undoRefusal?: Refusal;
};

export const actions = {
  /** Takes it, with what was mended in place, to wait for review. */
  accept: ({ request, locals, url }) => take('accept', request, locals, url),
  approve: ({ request, locals, url }) => take('approve', request, locals, url),
  return: ({ request, locals, url }) => take('return', request, locals, url),
  keep: ({ request, locals, url }) => take('keep', request, locals, url),
  /** Of two revisions of one number, this one counts. */
  choose: ({ request, locals, url }) => take('choose', request, locals, url),

  again: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const other = madeForAnother(form, account);
    if (other) return told(409, { about: aboutOf(form), refusal: other, typed: typedIn(form) });
    const state = await recheck(office, account.communityId, textIn(form, 'id'));
    if (state === 'quarantined') return told(200, { about: aboutOf(form), unchanged: true, typed: typedIn(form) });
    redirect(303, quarantine({ page: queryOf(url).page, released: state === 'pending' }));
  },

  undo: async ({ request, locals, url }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const part = textIn(form, 'part');
    const other = madeForAnother(form, account);
    if (other) return told(409, { undoRefusal: other });
    const answer = part
      ? await decideAside(office, account, { ...asideOf(form), kind: 'undo' })
      : await undoAtQuarantine(office, account, seenIn(form));
    if ('refused' in answer) return told(409, { undoRefusal: answer });
    const query = queryOf(url);
    redirect(303, quarantine({ page: query.page, id: textIn(form, 'id'), part: part || undefined, done: answer.done }));
  },

  /** Shows a masked number, and again those that were looked at before; the log keeps who looked at whose. */
  look: async ({ request, locals }) => {
    const { office, account } = signedIn(locals);
    const form = await request.formData();
    const other = madeForAnother(form, account);
    if (other) return told(409, { about: aboutOf(form), refusal: other, typed: typedIn(form) });
    const id = textIn(form, 'id');
    const looked = await numbersIn(form, (residentId) => lookAtNumber(office, account, id, residentId, 'record'));
    return told(200, { about: aboutOf(form), typed: typedIn(form), looked });
  },
} satisfies Actions;

const told = (status: number, answer: Told) => (status === 200 ? answer : fail(status, answer));
type What = 'accept' | 'approve' | 'return' | 'keep' | 'choose';

async function take(what: What, request: Request, locals: App.Locals, url: URL) {
  const form = await request.formData();
  const answer = await answerTo(what, form, locals);
  if ('refused' in answer) {
    const status = ['words', 'reason', 'door', 'keep-door', 'words-early'].includes(answer.refused) ? 400 : 409;
    const refusal = ownDecision(answer, signedIn(locals).account) ?? answer;
    return told(status, { about: aboutOf(form), refusal, typed: typedIn(form) });
  }
  const next = { id: textIn(form, 'next') || undefined, part: textIn(form, 'nextPart') || undefined };
  redirect(303, quarantine({ page: queryOf(url).page, ...next, done: answer.done }));
}

async function answerTo(what: What, form: FormData, locals: App.Locals): Promise<Refusal | { done: string }> {
  const { office, account } = signedIn(locals);
  const other = madeForAnother(form, account);
  if (other) return other;
  const seen = seenIn(form);
  const words = textIn(form, 'words').trim();
  const part = textIn(form, 'part');
  const { shown } = await quarantinePage(
    office,
    account,
    { id: textIn(form, 'id'), part: part || undefined },
    getLocale(),
  );
  const comments = commentsIn(form, shown && bodyOf(shown));
  /** Values that were changed in place become the coordinator's corrections. */
  const correctionsOf = () => (shown?.record ? correctionsIn(form, shown.record.body, shown.definition) : []);
  switch (what) {
    case 'accept':
      // What becomes of the door is said with the approval: a choice that would be forgotten is none.
      if (keepsDoor(form)) return { refused: 'keep-door' };
      // So are words for whoever sent it: an acceptance is not told.
      if (comments.length > 0) return { refused: 'words-early' };
      return decide(office, account, { ...seen, kind: 'accept', corrections: correctionsOf() });
    case 'approve': {
      const corrections = correctionsOf();
      if (retiresUnseen(form, shown?.record?.body, corrections)) return { refused: 'door' };
      return acceptAndApprove(office, account, { ...seen, corrections, comments, keepDoor: keepsDoor(form) });
    }
    case 'return':
      return comments.length > 0
        ? decide(office, account, { ...seen, kind: 'return', comments })
        : { refused: 'words' };
    case 'keep':
      if (!words) return { refused: 'reason' };
      return part
        ? decideAside(office, account, { ...asideOf(form), kind: 'void', reason: words })
        : decide(office, account, { ...seen, kind: 'void', reason: words });
    case 'choose':
      return decide(office, account, { ...headIn(form), kind: 'accept', choose: part });
  }
}

function seenIn(form: FormData) {
  return {
    submissionId: textIn(form, 'id'),
    revision: Number(textIn(form, 'revision')),
    digest: textIn(form, 'digest'),
    previous: textIn(form, 'previous') || null,
    erasedAt: erasedAtIn(form),
  };
}

function headIn(form: FormData) {
  return {
    submissionId: textIn(form, 'id'),
    revision: Number(textIn(form, 'headRevision')),
    digest: textIn(form, 'headDigest'),
    previous: textIn(form, 'headPrevious') || null,
  };
}

function asideOf(form: FormData) {
  return { submissionId: textIn(form, 'id'), part: textIn(form, 'part'), previous: textIn(form, 'previous') || null };
}

function aboutOf(form: FormData): string {
  return `${textIn(form, 'id')} ${textIn(form, 'part')}`;
}

function queryOf(url: URL) {
  const text = (name: string) => url.searchParams.get(name) || undefined;
  return {
    page: url.searchParams.has('page') ? pageNumber(url.searchParams.get('page')) : undefined,
    id: text('id'),
    part: text('part'),
    edit: url.searchParams.has('edit'),
    done: text('done'),
  } satisfies QuarantineQuery;
}
