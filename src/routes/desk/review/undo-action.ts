/** Taking back a decision: the one that the banner tells of, or the one by which the open record stands. */
import * as m from '$lib/paraglide/messages';
import { press, type DeskAction } from '../keys';
import type { CaseView, DoneView } from './view';

export function canTakeBack(done: DoneView | null): boolean {
  return done !== null && done.canUndo;
}

export function undoJustDone(done: DoneView | null): DeskAction {
  return { id: 'undo', title: m.desk_do_undo(), key: 'u', available: canTakeBack(done), run: () => press('do-undo') };
}

/** What the undo of an open record takes back; of a door that was handed back, whatever was answered. */
export function undoWord(undoes: NonNullable<CaseView['undoes']>, kind: string): string {
  if (kind === 'hand-back' && (undoes === 'approve' || undoes === 'void')) return m.desk_do_undo_this();
  return {
    approve: m.desk_undo_approve,
    return: m.desk_undo_return,
    void: m.desk_undo_void,
    accept: m.desk_undo_accept,
    choose: m.desk_undo_choose,
  }[undoes]();
}
