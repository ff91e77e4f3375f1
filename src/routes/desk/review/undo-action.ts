/** Taking back the decision that the banner tells of. */
import * as m from '$lib/paraglide/messages';
import { press, type DeskAction } from '../keys';
import type { DoneView } from './view';

export function canTakeBack(done: DoneView | null): boolean {
  return done !== null && done.stands && done.kind !== 'undo';
}

export function undoJustDone(done: DoneView | null): DeskAction {
  return { id: 'undo', title: m.desk_do_undo(), key: 'u', available: canTakeBack(done), run: () => press('do-undo') };
}
