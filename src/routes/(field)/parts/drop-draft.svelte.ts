/** Throws a form away that was begun, and puts it back. */
import type { Draft, PutBack } from '$lib/device/phone';
import type { DraftKeeper } from './draft-keeper.svelte';
import type { Stay } from './stay.svelte';

/**
 * Answers what puts the form back as it stood on the screen, in hand: on the disk, or on the screen as long as the disk takes nothing. Rejects
 * where the store does; the form then goes on.
 */
export async function dropDraft(
  { phone, drafts }: Pick<Stay, 'phone' | 'drafts'>,
  keeper: DraftKeeper,
): Promise<PutBack> {
  await keeper.end();
  const draft = $state.snapshot(keeper.draft) as Draft;
  const putBack = await phone.dropDraft(draft).catch((error: unknown) => {
    keeper.goOn();
    throw error;
  });
  drafts.full = false; // what the disk did not take is nowhere any more
  drafts.forget(keeper);
  let isKept = false; // written back once: from then on it is a form like any other
  return async () => {
    isKept ||= await putBack().catch(() => false);
    await (isKept ? drafts.takeUp(draft) : drafts.hold(draft));
    return true;
  };
}
